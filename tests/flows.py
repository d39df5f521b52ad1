"""What people and crons do with mail in core, one after the other, so that each override of ours has its turn."""

from contextlib import suppress
from email.message import EmailMessage

from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from ..dev.mailbox_server import Mailbox, MailboxServer
from .common import CUSTOMER, StrictMailCase

QUIET = mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models.mail_mail", "odoo.tests")


class FlowsCase(StrictMailCase):
    """Each method that begins with ``flow_`` does one thing as core's screens, crons and gateway do it."""

    FLOWS = "flow_"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fetchmail.server"].search([]).unlink()
        cls.partner_model = cls.env["ir.model"]._get("res.partner")
        cls.company.mail_restrict_username = True

    def flow_post(self):
        self.customer.message_post(body="Hi", partner_ids=self.customer.ids)
        self.customer._message_get_suggested_recipients()

    def flow_discuss(self):
        channel = self.env["mail.channel"].create({"name": "Flow"})
        channel.message_post(body="Hi", message_type="comment", partner_ids=self.customer.ids)

    def flow_queue(self):
        """The cron, which finds a new mail and one that failed."""
        self.create_mail()
        self.create_mail(state="exception").action_retry()
        self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()

    def flow_send_at_once(self):
        self.create_mail(False).send()
        self.create_mail(False).with_context(active_test=False).send(raise_exception=True)

    def flow_without_a_mail(self):
        """Some addons send with no ``mail.mail``."""
        servers = self.env["ir.mail_server"]
        servers.send_email(servers.build_email("Zhi <zhi@corp.example>", [CUSTOMER], "Direct", "Body"))

    def template(self):
        values = {"name": "T", "model_id": self.partner_model.id, "subject": "Hi", "email_to": CUSTOMER}
        return self.env["mail.template"].create(values)

    def flow_template(self):
        template = self.template()
        template.write({"email_from": "a@b.example"})
        template.update_field_translations("subject", {"en_US": "Hello"})
        template.send_mail(self.customer.id, force_send=True)

    def composer(self, mode, template):
        context = {"active_ids": self.customer.ids, "active_model": "res.partner", "default_composition_mode": mode}
        values = {"model": "res.partner", "res_id": self.customer.id, "body": "Hi"}
        composer = self.env["mail.compose.message"].with_context(**context).create(values)
        composer.template_id = template
        composer._onchange_template_id_wrapper()
        return composer

    def flow_composer(self):
        self.composer("comment", self.template()).action_send_mail()

    def flow_mass_mail(self):
        self.composer("mass_mail", self.template()).action_send_mail()

    def flow_resend(self):
        message = self.customer.message_post(body="Hi", partner_ids=self.customer.ids)
        message.notification_ids.write({"failure_type": "unknown", "notification_status": "exception"})
        self.env["mail.resend.message"].with_context(mail_message_to_resend=message.id).create({})

    def flow_edit_a_message(self):
        message = self.customer.message_post(body="Hi", message_type="comment")
        self.customer._message_update_content(message, "Hello")

    def flow_mailing(self):
        """A newsletter, where that module is installed."""
        if "mailing.mailing" in self.env:
            values = {"subject": "News", "mailing_model_id": self.partner_model.id, "body_html": "<p>News</p>"}
            mailing = self.env["mailing.mailing"].create({**values, "mailing_domain": [("id", "=", self.customer.id)]})
            mailing.action_send_mail()

    def take_in(self, to="desk@b.example", **headers):
        """Take a mail in as the fetching of mailboxes does, for contacts."""
        message = EmailMessage()
        for name, value in {"From": CUSTOMER, "To": to, "Subject": "New", **headers}.items():
            message[name.replace("_", "-")] = value
        message.set_content("Hi")
        return self.env["mail.thread"].message_process("res.partner", message.as_bytes())

    def alias(self, name="desk", **values):
        """Create an alias of b.example that makes contacts."""
        domains = self.env["mail.routing.domain"]
        domain = domains.search([("name", "=", "b.example")])
        domain = domain or domains.create({"name": "b.example", "company_id": self.company.id})
        values = {"alias_name": name, "alias_model_id": self.partner_model.id, "mail_domain_id": domain.id, **values}
        return self.env["mail.alias"].create(values)

    @QUIET
    def flow_incoming(self):
        """By its alias, as a reply, as a bounce, and where it is answered that nobody writes to this address."""
        self.alias()
        self.take_in(Message_Id="<1@elsewhere.example>")
        message = self.customer.message_post(body="Hi")
        self.take_in(In_Reply_To=message.message_id, Message_Id="<2@elsewhere.example>")
        self.take_in(From="mailer-daemon@elsewhere.example", Message_Id="<3@elsewhere.example>")
        self.take_in(to="catchall@b.example", Message_Id="<4@elsewhere.example>")
        self.alias("partners", alias_contact="partners")
        unknown = "unknown@elsewhere.example"
        self.take_in(to="partners@b.example", From=unknown, Message_Id="<5@elsewhere.example>")

    def flow_fetch(self):
        """The cron with no mailbox, as it commits; then one whose connection is tested."""
        self.env["fetchmail.server"]._fetch_mails()
        with MailboxServer(Mailbox()) as served:
            values = {"server": served.host, "port": served.imap_port, "password": "secret"}
            mailbox = self.fetched_mailbox(served.mailbox.login, **values)
            mailbox.button_confirm_login()
        mailbox.write({"active": False})
        mailbox.unlink()

    def flow_fetch_form(self):
        with Form(self.env["fetchmail.server"]) as form:
            form.server_type = "pop"
            form.name = form.server = form.user = form.password = "box@b.example"

    def flow_alias(self):
        alias = self.alias("flow")
        alias.write({"alias_name": "flows"})
        alias.invalidate_recordset()
        alias.name_get()
        alias.unlink()

    def flow_settings(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("mail.catchall.alias", "flow")
        parameters.set_param("mail.catchall.alias", "flows")
        parameters.set_param("mail.catchall.alias", False)
        self.company.invalidate_recordset()
        self.company.catchall_email  # noqa: B018
        self.env["res.config.settings"].create({"external_email_server_default": True}).execute()

    def flow_server_form(self):
        with Form(self.env["ir.mail_server"]) as form:
            form.name = form.smtp_host = "localhost"
            form.smtp_encryption = "ssl"
        server = form.save()
        with suppress(Exception):  # nobody answers there
            server.test_smtp_connection()
        server.write({"active": False})
        server.unlink()

    def flow_server_test(self):
        self.server.test_smtp_connection()

    def flow_user(self):
        user = new_test_user(self.env, "flow", email="flow@corp.example")
        user.with_user(user).read(["signature"])
        self.env["res.partner"].with_user(user).search([])

    def flow_install(self):
        """An update of the addon begins so."""
        models = ["ir.mail_server"]
        self.registry.init_models(self.cr, models, {"module": "mail_company_routing"}, install=False)

    def run_flows(self):
        """Do it all; the loopback server takes what leaves."""
        for name in sorted(dir(self)):
            if name.startswith(self.FLOWS):
                with self.subTest(name), self.strict_server("open"):
                    getattr(self, name)()
