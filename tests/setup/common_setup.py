from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import Form

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.dns_server import DnsServer
from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, StrictServer
from ..common import CUSTOMER
from ..incoming.common_round_trip import Post, RoundTripCase
from ..mailbox.common_fetch import FetchCase
from ..optional import need

BOX_A, BOX_B, PUBLIC = "box@a.example", "box@b.example", "shop@mail.example"


class SetupCase(FetchCase):
    """Providers on loopback: Loopback, which MX records name, for a.example and b.example; Public at mail.example."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        cls.env["mail.routing.domain"].search([]).unlink()
        cls.env["ir.config_parameter"].set_param("mail_company_routing.use_jobs", "0")
        cls.company = cls.env.company
        cls.company.write({"mail_catchall_supported": True, "mail_restrict_username": False, "mail_domain_id": False})
        cls.env.user.email = CUSTOMER

    # how a customer reads and answers, over real SMTP and IMAP
    send = RoundTripCase.send
    read_newest = RoundTripCase.read_newest
    answer_newest = RoundTripCase.answer_newest

    @contextmanager
    def internet(self, wording="tencent", dns=True, logins=(BOX_A, BOX_B, PUBLIC)):
        """Run a mail server, a mailbox for each login and one for the customer, and a name server."""
        need("aiosmtpd")
        mailboxes = [Mailbox(login) for login in (*logins, CUSTOMER)]
        accounts = [Account(mailbox.login, wording=wording) for mailbox in mailboxes]
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with ExitStack() as stack:
            self.strict = stack.enter_context(StrictServer(accounts, store=Post(mailboxes)))
            stack.enter_context(for_real)
            served = [stack.enter_context(MailboxServer(mailbox)) for mailbox in mailboxes]
            self.boxes = dict(zip(logins, served, strict=False))
            self.customer_box = served[-1]
            if dns:
                need("dns")
                records = {(f"{name}.example", "MX"): ["5 mx.strict.example."] for name in "ab"}
                server = stack.enter_context(DnsServer(records))
                self.env["ir.config_parameter"].set_param("mail_company_routing.nameserver", server.address)
            self.make_providers()
            stack.callback(lambda: (self.provider + self.public).unlink())
            yield

    def make_providers(self):
        """Make presets of these servers; all boxes share a host, so the port of the first one is the preset's."""
        values = {
            "smtp_host": self.strict.host,
            "smtp_port": self.strict.port,
            "smtp_encryption": "none",
            "imap_host": self.strict.host,
            "imap_ssl": False,
            "sender_policy": "username",
            "password_kind": "code",
            "password_help": "Switch on IMAP/SMTP.",
            "console_url": "https://mail.example",
        }
        first, *_others, public = self.boxes.values()
        self.provider = self.env["mail.provider"].create(
            {
                "name": "Loopback",
                "mx_suffixes": "mx.strict.example",
                "imap_port": first.imap_port,
                "limit_per_day": 500,
                **values,
            }
        )
        self.public = self.env["mail.provider"].create(
            {"name": "Public", "domains": "mail.example", "imap_port": public.imap_port, **values}
        )

    def assistant(self, email=BOX_A, password="secret", company=None, **values):
        """Fill in the assistant as a person does, and return it."""
        env = self.env if company is None else self.env(context={"allowed_company_ids": company.ids})
        form = Form(env["mail.routing.setup"])
        form.email = email
        if email in self.boxes:
            form.incoming_port = self.boxes[email].imap_port
        for name, value in values.items():
            setattr(form, name, value)
        form.password = password
        return form.save()

    def set_up(self, email=BOX_A, **values):
        """Fill in the assistant and press Set Up."""
        setup = self.assistant(email, **values)
        setup.action_set_up()
        return setup

    def records(self):
        """Return all that the assistant makes: domains, outgoing and incoming servers."""
        return [
            self.env[model].with_context(active_test=False).search([])
            for model in ("mail.routing.domain", "ir.mail_server", "fetchmail.server")
        ]
