from contextlib import ExitStack
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from unittest.mock import patch

from odoo import fields

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.dns_server import DnsServer
from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, Post, StrictServer
from ...wizard import mail_server_probe_mails
from .screens import full_name

OFFICE, SHOP = "office@jadeharbor.example", "shop@newmall.example"
ZONE = {
    ("jadeharbor.example", "MX"): ["5 mxbiz1.qq.com."],
    ("jadeharbor.example", "TXT"): ['"v=spf1 mx -all"'],
    ("nordwind.example", "MX"): ["5 mx.nordwind.example."],
    ("nordwind.example", "TXT"): ['"v=spf1 include:spf.nordwind.example -all"'],
    ("_dmarc.nordwind.example", "TXT"): ['"v=DMARC1; p=none"'],
    ("newmall.example", "MX"): ["5 mx.harbormail.example."],
}


class Stage:
    """What the demo data cannot have: servers that answer, and what happened a moment ago."""

    def __init__(self, env):
        self.env = env
        self._stack = ExitStack()

    def ref(self, xmlid):
        """Return a record by its name."""
        return self.env.ref(full_name(xmlid))

    def start(self):
        """Start a mail server, two mailboxes and a name server."""
        enter = self._stack.enter_context
        self.office, self.shop = Mailbox(OFFICE), Mailbox(SHOP)
        enter(patch.object(IrMailServer, "_is_test_mode", lambda _self: False))
        enter(patch.object(mail_server_probe_mails, "PAUSES", ()))
        accounts = [Account(OFFICE, wording="tencent"), Account(SHOP, wording="netease")]
        self.smtp = enter(StrictServer(accounts, store=Post(self.office, returns=True)))
        self.served = [enter(MailboxServer(box)) for box in (self.office, self.shop)]
        self.names = names = enter(DnsServer(ZONE))
        set_param = self.env["ir.config_parameter"].set_param
        set_param("mail_company_routing.nameserver", names.address)
        set_param("mail_company_routing.use_jobs", "0")

    def stop(self):
        """Stop them."""
        self._stack.close()

    def make(self):
        """Make what the demo data of Discuss alone has not."""
        partner = self.ref("customer_winter")
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
            }
        )
        dialog = {"view_mode": "form", "target": "new"}
        trouble = {"name": "Activity", "res_model": "mail.activity", "view_mode": "form"}
        about = {"default_model": "res.partner", "default_res_id": partner.id}
        composer, preferences, activity = self.env["ir.actions.act_window"].create(
            [
                {**dialog, "name": "Compose", "res_model": "mail.compose.message", "context": str(about)},
                {
                    **dialog,
                    "name": "Change My Preferences",
                    "res_model": "res.users",
                    "res_id": self.ref("user_anna").id,
                    "view_id": self.ref("base.view_users_form_simple_modif").id,
                },
                trouble,
            ]
        )
        names = {
            "gallery_template": template,
            "gallery_composer": composer,
            "gallery_preferences": preferences,
            "gallery_activity": activity,
        }
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": full_name(name), "record": record} for name, record in names.items()]
        )

    def provider_names(self):
        """Return the names of the presets, by their own."""
        presets = self.env["ir.model.data"].search([("model", "=", "mail.provider")])
        records = self.env["mail.provider"].browse(presets.mapped("res_id"))
        return {
            data.name.removeprefix("mail_provider_"): preset.name for data, preset in zip(presets, records, strict=True)
        }

    def connect(self):
        """Let the office's servers be those of the stage, and the shop's provider be known."""
        served, shop = self.served
        smtp = {"smtp_host": self.smtp.host, "smtp_port": self.smtp.port, "smtp_encryption": "none"}
        self.ref("mail_server_jade").write({**smtp, "smtp_pass": "secret", "sender_refusal": False})
        self.ref("fetchmail_server_jade").write(
            {"server": served.host, "port": served.imap_port, "is_ssl": False, "password": "secret"}
        )
        self.env["mail.provider"].create(
            {
                **smtp,
                "name": "Harbor Mail",
                "mx_suffixes": "mx.harbormail.example",
                "imap_host": shop.host,
                "imap_port": shop.imap_port,
                "imap_ssl": False,
                "sender_policy": "username",
                "password_kind": "code",
                "console_url": "https://mail.harbormail.example",
            }
        )

    def answer(self):
        """Answer the mail that the assistant sent."""
        sent = self.smtp.mails[-1].message
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "me@elsewhere.example", SHOP, f"Re: {sent['Subject']}"
        mail["Message-Id"], mail["In-Reply-To"] = make_msgid(domain="elsewhere.example"), sent["Message-Id"]
        mail.set_content("Yes.")
        self.shop.add(mail.as_bytes())

    def give_up(self):
        """Let a mail fail that waited for two days."""
        mail = self.ref("mail_stopped")
        mail.write({"delivery_since": fields.Datetime.now() - timedelta(days=2), "delivery_attempts": 15})
        mail._give_up(mail.route_server_id)

    def doubt(self):
        """Break off the connection while a mail is handed over."""
        mail = self.ref("mail_waiting")
        words = mail._routing_words()
        said = words._said(mail.route_server_id, "connection", "Connection unexpectedly closed")
        mail._set_in_doubt(["clara@winterpumps.example"], said)

    def tell_administrators(self):
        """Let a server in trouble tell its administrators."""
        server = self.ref("mail_server_mesa")
        server.activity_ids.unlink()
        server._tell_administrators()
        self.ref("gallery_activity").res_id = server.activity_ids[:1]

    def tell_sender(self):
        """Return what the browser of a sender is told about a mail that waits."""
        return self.ref("mail_waiting")._waits_notification(self.ref("base.partner_admin"))

    def lose_server(self):
        """Take away the servers of a company."""
        company = self.ref("company_nordwind")
        self.env["ir.mail_server"].search([("company_id", "=", company.id)]).active = False
        values = {"state": "exception", "route_failure": f"no_server={company.id}", "delivery_since": False}
        self.ref("mail_waiting").write(values)

    def mend(self):
        """Put everything right."""
        healthy = {"delivery_state": "ok", "delivery_failing_since": False, "delivery_rest_until": False}
        self.env["ir.mail_server"].search([]).write(healthy)
        self.env["fetchmail.server"].search([]).write({"state": "done", "last_error": False})
        self.env["mail.mail"].search([("state", "in", ("outgoing", "exception"))]).unlink()
        self.env["mail.unrouted.message"].search([]).unlink()
        self.ref("company_mesa").mail_catchall_supported = False

    def follow_parameters(self):
        """Let a domain be that of the system parameters."""
        self.ref("domain_mesa").follows_parameters = True

    def leak(self):
        """Let two mails have left through another company's server."""
        other = self.ref("company_nordwind").id
        self.env["mail.routing.leak"].create(
            [
                {
                    "company_id": self.ref("company_jade").id,
                    "date": fields.Datetime.now() - timedelta(hours=hours),
                    "what": f"server={other} from={other}",
                    "subject": f"Offer {1042 + hours}",
                    "server_name": "Nordwind",
                    "header_from": "Anna Berg <anna@nordwind.example>",
                    "envelope_from": "bounce@nordwind.example",
                    "reply_to": OFFICE,
                    "email_to": "buying@harborlights.example",
                    "message_ref": "<10421@jadeharbor.example>",
                }
                for hours in (3, 30)
            ]
        )

    def fetch_in_vain(self):
        """Let the mailbox refuse the login."""
        now = fields.Datetime.now()
        error = "[AUTHENTICATIONFAILED] Authentication failed."
        self.ref("fetchmail_server_jade").write({"last_error": error, "last_error_date": now})

    def unrouted(self):
        """Keep a mail for each reason."""
        keep, server = self.env["mail.unrouted.message"]._keep, self.ref("fetchmail_server_jade")
        for number, (outcome, error) in enumerate(
            (
                ({"kind": "loop"}, None),
                ({}, None),
                ({}, ValueError("Model has no field alias_contact")),
            )
        ):
            raw = f"From: a@a.example\nTo: {OFFICE}\nSubject: Number {number}\nMessage-Id: <{number}@a.example>\n\nHi"
            keep(server, raw.encode(), {**outcome, "company_id": server.company_id.id}, error)

    def settle(self):
        """Put the unrouted mails where they belong."""
        partner = self.ref("customer_winter")
        place = {"res_model": partner._name, "res_id": partner.id}
        self.env["mail.unrouted.message"].search([])._settle("done", place)
