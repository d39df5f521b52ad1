from email.message import EmailMessage
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_autovacuum import is_autovacuum
from odoo.addons.mail.models.fetchmail import MAIL_TIMEOUT

from ..models.delivery import connection
from ..models.delivery.ir_mail_server_connect import IrMailServer as IrMailServerConnect
from ..models.delivery.ir_mail_server_learn import IrMailServer as IrMailServerLearn
from ..models.delivery.mail_mail import MailMail as MailMailDelivery
from ..models.delivery.mail_mail_outcome import MailMail as MailMailOutcome
from ..models.delivery.session import Session
from ..models.incoming.ir_config_parameter_incoming import IrConfigParameter as IrConfigParameterIncoming
from ..models.incoming.ir_mail_server_answer import IrMailServer as IrMailServerAnswer
from ..models.incoming.mail_notification import MailNotification
from ..models.incoming.mail_thread import MailThread
from ..models.incoming.mail_thread_automatic import MailThread as MailThreadAutomatic
from ..models.incoming.mail_thread_bounce import MailThread as MailThreadBounce
from ..models.incoming.mail_thread_copy import MailThread as MailThreadCopy
from ..models.incoming.mail_thread_forced import MailThread as MailThreadForced
from ..models.incoming.mail_thread_own import MailThread as MailThreadOwn
from ..models.incoming.mail_thread_recorded import MailThread as MailThreadRecorded
from ..models.incoming.mail_thread_reply import MailThread as MailThreadReply
from ..models.incoming.mail_thread_sender_check import MailThread as MailThreadSenderCheck
from ..models.incoming.mail_unrouted_message import MailUnroutedMessage
from ..models.mailbox.fetchmail_server_fetch import FetchmailServer as FetchmailServerFetch
from ..models.mailbox.fetchmail_server_login import FetchmailServer as FetchmailServerLogin
from ..models.outgoing.base import Base
from ..models.outgoing.base_alias import Base as BaseAlias
from ..models.outgoing.ir_mail_server import IrMailServer
from ..models.outgoing.ir_mail_server_session import IrMailServer as IrMailServerSession
from ..models.outgoing.mail_mail import MailMail
from ..models.outgoing.mail_message import MailMessage
from ..models.outgoing.mail_render_mixin import MailRenderMixin
from ..models.outgoing.mail_template import MailTemplate
from ..models.outgoing.mail_template_recipients import MailTemplate as MailTemplateRecipients
from ..models.outgoing.mail_thread_answer import MailThread as MailThreadAnswer
from ..models.outgoing.mail_thread_recipients import MailThread as MailThreadRecipients
from ..models.setup.ir_config_parameter import IrConfigParameter
from ..models.setup.ir_mail_server_check import IrMailServer as IrMailServerCheck
from ..models.setup.mail_alias import MailAlias
from ..models.setup.mail_alias_domain import MailAlias as MailAliasDomain
from ..models.setup.mail_routing_hook import WRAPPED
from ..models.setup.mail_routing_source import MailRoutingSource
from ..models.setup.res_company import ResCompany
from ..wizard.mail_compose_message import MailComposeMessage
from .common import CUSTOMER, StrictMailCase


@tagged("post_install", "-at_install")
class TestCanaries(StrictMailCase):
    """One canary for each core method we override: it dies when core stops calling that method."""

    def assert_called(self, cls, name, flow):
        """Check that a flow that is core's own comes through our override."""
        with patch.object(cls, name, autospec=True, side_effect=getattr(cls, name)) as override:
            flow()
        self.assertTrue(override.called, f"Core no longer calls {name}.")

    def test_message_create(self):
        self.assert_called(MailMessage, "create", lambda: self.customer.message_post(body="Hi"))

    def test_split_by_mail_configuration(self):
        with self.strict_server("open"):
            self.assert_called(MailMail, "_split_by_mail_configuration", self.create_mail().send)

    def test_send(self):
        with self.strict_server("open"):
            self.assert_called(MailMail, "_send", self.create_mail().send)

    def test_connect(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServerSession, "connect", self.create_mail().send)

    def test_connect_in_a_run(self):
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            self.assert_called(IrMailServerConnect, "_session", self.create_mail().send)

    def test_connections_are_ours(self):
        with self.strict_server("open"):
            session = self.env["ir.mail_server"].connect(mail_server_id=self.server.id)
            session.close()
        self.assertIsInstance(session, connection.PatientConnection)

    def test_a_session_sends_by_sendmail(self):
        """Core calls ``send_message``, which is smtplib's, and that calls ``sendmail``."""
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            self.assert_called(Session, "sendmail", self.create_mail().send)

    def test_postprocess_sent_message(self):
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            self.assert_called(MailMailOutcome, "_postprocess_sent_message", self.create_mail().send)

    def test_process_email_queue(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self.assert_called(MailMailDelivery, "process_email_queue", cron.method_direct_trigger)

    def test_mark_outgoing(self):
        mail = self.create_mail(state="exception")
        self.assert_called(MailMailDelivery, "mark_outgoing", mail.action_retry)

    def test_prepare_email_message(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServer, "_prepare_email_message", self.create_mail().send)

    def test_send_email(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServerLearn, "send_email", self.create_mail().send)

    def test_get_default_from_address(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServer, "_get_default_from_address", self.create_mail(False).send)

    def test_get_test_email_addresses(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServerCheck, "_get_test_email_addresses", self.server.test_smtp_connection)

    def test_connect_still_looks_for_the_server_itself(self):
        """We look first to know the server; core must still use the one we found."""
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            session = self.env["ir.mail_server"].connect(smtp_from="zhi@corp.example")
            session.close()
            self.assertEqual(session.mail_company_routing_server.id, self.server.id)

    def test_find_mail_server(self):
        with self.strict_server("open"):
            self.assert_called(IrMailServer, "_find_mail_server", self.create_mail().send)

    def test_mail_send(self):
        """The chatter sends its notifications at once."""
        with self.strict_server("open"):
            self.customer.message_post(body="Hi", partner_ids=self.customer.ids)
            self.assert_called(MailMail, "send", self.env["mail.mail"].process_email_queue)

    def test_notify_get_reply_to(self):
        self.assert_called(Base, "_notify_get_reply_to", lambda: self.customer.message_post(body="Hi"))

    def test_get_param(self):
        """Core asks for the parameters where it makes up a reply address."""
        self.assert_called(IrConfigParameter, "get_param", lambda: self.customer._notify_get_reply_to())

    def test_compute_catchall(self):
        self.assert_called(ResCompany, "_compute_catchall", lambda: self.company.catchall_email)

    def test_what_shows_an_alias_domain(self):
        values = {"alias_name": "mcr", "alias_model_id": self.env["ir.model"]._get("res.partner").id}
        alias = self.env["mail.alias"].create(values)
        self.assert_called(MailAlias, "_compute_alias_domain", lambda: alias.alias_domain)

    def test_wrapped_methods(self):
        """Their modules are not among ours; each wrapper has tests of its own."""
        for model, name, _wrap in WRAPPED:
            if model in self.env:
                with self.subTest(model):
                    self.assertIn(name, vars(self.registry[model]))

    def test_views(self):
        self.assert_called(MailRoutingSource, "_get_view", self.env["ir.mail_server"].get_view)

    def take_in(self, **headers):
        """Process a mail as the fetching of mailboxes does."""
        message = EmailMessage()
        for name, value in {"From": CUSTOMER, "To": "box@strict.example", "Subject": "New", **headers}.items():
            message[name] = value
        message.set_content("Hi")
        return self.env["mail.thread"].message_process("res.partner", message.as_bytes())

    def test_message_route(self):
        for cls in (MailThreadBounce, MailThreadOwn, MailThreadReply):
            self.assert_called(cls, "message_route", self.take_in)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_routing_handle_bounce(self):
        bounce = {"From": "mailer-daemon@elsewhere.example"}
        self.assert_called(MailThreadBounce, "_routing_handle_bounce", lambda: self.take_in(**bounce))

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_core_still_ignores_a_known_message_id(self):
        """Own mail that is still there is core's to ignore; we only record it."""
        known = self.customer.message_post(body="Hi").message_id
        self.assertIs(self.take_in(**{"Message-Id": known}), False)

    def test_core_still_looks_at_references_alone(self):
        """In-Reply-To counts for core only where there are no References; we put it among them."""
        known = self.customer.message_post(body="Hi").message_id
        replaced = {"In-Reply-To": known, "References": "<1@provider.example>"}
        self.assertNotEqual(self.take_in(**replaced), self.customer.id)
        self.company.mail_restrict_username = True
        self.assertEqual(self.take_in(**replaced), self.customer.id)

    def test_format_failure_reason(self):
        message = self.customer.message_post(body="Hi", partner_ids=self.customer.ids)
        message.notification_ids.write({"failure_type": "unknown", "notification_status": "exception"})
        wizard = self.env["mail.resend.message"].with_context(mail_message_to_resend=message.id)
        self.assert_called(MailNotification, "format_failure_reason", lambda: wizard.create({}))

    def test_rows_tell_the_routing_table(self):
        vals = {"name": "S", "smtp_host": "localhost"}
        self.assert_called(MailRoutingSource, "create", lambda: self.env["ir.mail_server"].create(vals))
        server = self.env["ir.mail_server"].create(vals)
        self.assert_called(MailRoutingSource, "write", lambda: server.write({"active": False}))
        self.assert_called(MailRoutingSource, "unlink", lambda: server.unlink())
        mailbox = self.fetched_mailbox("box@strict.example")
        self.assert_called(MailRoutingSource, "write", lambda: mailbox.write({"active": False}))
        self.assert_called(MailRoutingSource, "unlink", lambda: mailbox.unlink())
        self.assert_called(MailRoutingSource, "write", lambda: self.company.write({"mail_restrict_username": True}))

    def create_template(self):
        values = {"name": "T", "model_id": self.env["ir.model"]._get_id("res.partner"), "subject": "Hi"}
        return self.env["mail.template"].create(values)

    def composer(self, mode="comment"):
        values = {"model": "res.partner", "res_id": self.customer.id, "composition_mode": mode, "body": "Hi"}
        return self.env["mail.compose.message"].with_context(active_ids=self.customer.ids).create(values)

    def test_the_constraint_on_messages(self):
        check = MailMessage._check_sender
        self.assertIn(check.__name__, [method.__name__ for method in self.env["mail.message"]._constraint_methods])

    def test_templates_are_checked(self):
        self.assert_called(MailTemplate, "create", self.create_template)
        self.assert_called(MailRenderMixin, "create", self.create_template)
        template = self.create_template()
        self.assert_called(MailRenderMixin, "write", lambda: template.write({"email_from": "a@b.example"}))
        self.assert_called(MailRenderMixin, "_render_field", lambda: template.send_mail(self.customer.id))
        self.assert_called(
            MailTemplate,
            "_update_field_translations",
            lambda: template.update_field_translations("subject", {"en_US": "Hello"}),
        )

    def test_find_partner_from_emails(self):
        self.assert_called(MailThreadRecipients, "_mail_find_partner_from_emails", self.take_in)

    def test_add_suggested_recipient(self):
        flow = self.customer._message_get_suggested_recipients
        self.assert_called(MailThreadRecipients, "_message_add_suggested_recipient", flow)

    def test_notify_thread_by_email(self):
        for record in (self.customer, self.env["mail.channel"].create({"name": "Canary"})):
            with self.subTest(record._name):
                self.assert_called(
                    MailThreadRecipients,
                    "_notify_thread_by_email",
                    lambda record=record: record.message_post(
                        body="Hi", message_type="comment", partner_ids=self.customer.ids
                    ),
                )

    def test_generate_recipients(self):
        """Core makes contacts of what the composer's template says, and asks for this before."""
        composer = self.composer()
        composer.template_id = self.create_template()
        self.assert_called(MailTemplateRecipients, "generate_recipients", composer._onchange_template_id_wrapper)

    def test_composers_are_checked(self):
        template = self.create_template()
        composer = self.composer()
        composer.template_id = template
        self.assert_called(MailComposeMessage, "_onchange_template_id", composer._onchange_template_id_wrapper)
        self.assert_called(MailComposeMessage, "_action_send_mail", self.composer().action_send_mail)
        for mode in ("comment", "mass_mail"):
            self.assert_called(MailComposeMessage, "get_mail_values", self.composer(mode)._action_send_mail)

    def test_mails_handed_over_are_checked(self):
        mail = "From: a@b.example\nTo: x@c.example\nMessage-Id: <1@b.example>\n\nHi"
        self.assert_called(
            MailThreadSenderCheck,
            "_message_route_process",
            lambda: self.env["mail.thread"].message_process("res.partner", mail, thread_id=self.customer.id),
        )

    def test_preferences_are_readable(self):
        self.assertIn("mail_identity_ids", self.env["res.users"].SELF_READABLE_FIELDS)

    def incoming(self, to="catchall@b.example"):
        """Return a flow: a mail comes in, for B or to an alias of B."""
        domain = self.env["mail.routing.domain"].create({"name": "b.example", "company_id": self.company.id})
        model = self.env["ir.model"]._get("res.partner").id
        values = {"alias_name": "desk", "alias_model_id": model, "mail_domain_id": domain.id}
        self.env["mail.alias"].create(values)
        mail = f"Message-Id: <1@x.example>\nFrom: x@x.example\nTo: {to}\nSubject: Canary\n\nBody"
        return lambda: self.env["mail.thread"].message_process(None, mail)

    def test_message_route_of_a_company(self):
        self.assert_called(MailThread, "message_route", self.incoming())

    def test_routing_check_route(self):
        self.assert_called(MailThread, "_routing_check_route", self.incoming("desk@b.example"))

    def test_routing_create_bounce_email(self):
        self.assert_called(MailThread, "_routing_create_bounce_email", self.incoming())

    def test_detect_loop_sender(self):
        self.assert_called(MailThread, "_detect_loop_sender", self.incoming("desk@b.example"))

    def test_message_route_process(self):
        self.assert_called(MailThread, "_message_route_process", self.incoming("desk@b.example"))

    def test_message_new(self):
        self.assert_called(MailThread, "message_new", self.incoming("desk@b.example"))

    def test_get_param_of_an_incoming_mail(self):
        self.assert_called(IrConfigParameterIncoming, "get_param", self.incoming())

    def test_get_default_bounce_address(self):
        self.assert_called(IrMailServerAnswer, "_get_default_bounce_address", self.incoming())

    def test_routes_are_five_values(self):
        """We correct the user of a route, and read its alias."""
        flow = self.incoming("desk@b.example")
        with patch.object(MailThread, "_own_route", autospec=True, side_effect=MailThread._own_route) as own_route:
            flow()
        self.assertEqual(own_route.call_args.args[1][4].alias_name, "desk")

    def test_alias_search(self):
        self.assert_called(MailAliasDomain, "_search", self.incoming("desk@b.example"))

    def test_alias_clean_and_check_unique(self):
        self.assert_called(MailAliasDomain, "_clean_and_check_unique", self.incoming)

    def test_alias_compute_domain(self):
        model_id = self.env["ir.model"]._get_id("res.partner")
        alias = self.env["mail.alias"].create({"alias_name": "canary", "alias_model_id": model_id})
        alias.invalidate_recordset()
        self.assert_called(MailAliasDomain, "_compute_alias_domain", alias.name_get)

    def test_notify_get_reply_to_of_an_alias(self):
        self.assert_called(BaseAlias, "_notify_get_reply_to", lambda: self.customer.message_post(body="Hi"))

    def test_the_constraint_of_core_has_our_name(self):
        """Ours replaces it under that name, and the uninstall gives it back."""
        [core] = [
            cls for cls in type(self.env["mail.alias"]).mro() if cls.__module__.endswith("mail.models.mail_alias")
        ]
        self.assertIn(("alias_unique", "UNIQUE(alias_name)"), [row[:2] for row in core._local_sql_constraints])

    def test_fetch_mail(self):
        """The cron of incoming mails; with no mailbox, as it commits."""
        self.env["fetchmail.server"].search([]).unlink()
        self.assert_called(FetchmailServerFetch, "fetch_mail", self.env["fetchmail.server"]._fetch_mails)

    def test_imap_login(self):
        server = self.fetched_mailbox("box@strict.example")
        with patch("odoo.addons.mail.models.fetchmail.IMAP4"):
            self.assert_called(FetchmailServerLogin, "_imap_login", server.connect)

    def test_the_test_of_a_connection(self):
        server = self.fetched_mailbox("box@strict.example")
        with patch("odoo.addons.mail.models.fetchmail.IMAP4"), patch.object(FetchmailServerFetch, "_open_folder"):
            self.assert_called(FetchmailServerLogin, "connect", server.button_confirm_login)

    def test_imap_has_a_time_limit(self):
        """Core means to set one, and loses it on the way; a connection begins with ours."""
        with patch("socket.create_connection", side_effect=OSError) as connect, self.assertRaises(OSError):
            self.fetched_mailbox("box@strict.example").connect()
        self.assertEqual(connect.call_args.args[1], MAIL_TIMEOUT)

    def receive(self, **headers):
        """Have core's gateway take a mail in."""
        headers = {
            "From": "a@elsewhere.example",
            "To": "b@test.com",
            "Message-Id": "<canary@elsewhere.example>",
            **headers,
        }
        raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\nHello"
        self.env["mail.thread"].message_process("res.partner", raw)

    def test_message_process_and_what_it_calls(self):
        names = (
            "message_process",
            "message_parse",
            "_detect_loop_headers",
            "_detect_loop_sender",
            "_message_route_process",
        )
        for number, name in enumerate(names):
            headers = {"Message-Id": f"<canary-{number}@elsewhere.example>"}
            with self.subTest(name):
                self.assert_called(MailThreadRecorded, name, lambda headers=headers: self.receive(**headers))
        for name in ("message_route", "_detect_loop_headers", "_detect_loop_sender"):
            headers = {"Message-Id": f"<canary-{name}@elsewhere.example>"}
            with self.subTest(name):
                self.assert_called(MailThreadForced, name, lambda headers=headers: self.receive(**headers))

    def test_what_takes_in_a_mail_of_another_company(self):
        for name in ("message_process", "message_parse"):
            headers = {"Message-Id": f"<canary-copy-{name}@elsewhere.example>"}
            with self.subTest(name):
                self.assert_called(MailThreadCopy, name, lambda headers=headers: self.receive(**headers))

    def test_no_answer_to_what_another_company_wrote_by_itself(self):
        self.assert_called(MailThreadAutomatic, "_routing_create_bounce_email", self.incoming())

    def test_what_answers_another_company(self):
        """We take partners out of the values of the mail, and put in an address."""
        for name in ("_notify_get_recipients", "_notify_by_email_get_final_mail_values"):
            flow = {"body": "Hi", "partner_ids": self.customer.ids}
            self.assert_called(MailThreadAnswer, name, lambda flow=flow: self.customer.message_post(**flow))

    def test_create_bounce_email(self):
        model_id = self.env["ir.model"]._get_id("res.partner")
        values = {"alias_name": "canary", "alias_model_id": model_id, "alias_contact": "partners"}
        self.env["mail.alias"].create(values)
        with self.strict_server("open"):
            flow = {"To": "canary@test.com", "From": "unknown@elsewhere.example"}
            self.assert_called(MailThreadRecorded, "_routing_create_bounce_email", lambda: self.receive(**flow))

    def test_the_words_for_no_route(self):
        """If core says this, we tell the remedy in our own words."""
        with self.assertRaisesRegex(ValueError, "^No possible route found"):
            self.env["mail.thread"].message_process(None, "From: a@elsewhere.example\r\nTo: b@test.com\r\n\r\nHello")

    def test_purge(self):
        """Core's daily cleaning, which commits and so is not run here, finds its tasks by a mark."""
        self.assertTrue(is_autovacuum(MailUnroutedMessage._purge))
