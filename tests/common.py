import email.policy
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.utils import getaddresses
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMailServer
from odoo.addons.mail.tests.common import MailCommon

from ..dev.strict_server import Account, StrictServer
from ..routing import address
from .optional import need

USERNAME = "kevin@strict.example"
CUSTOMER = "customer@elsewhere.example"


class StrictMailCase(MailCommon):
    """Sends over real SMTP to the strict server; the database knows one outgoing server, pointing at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        # where OCA's queue_job is installed, the queue would only hand out
        cls.env["ir.config_parameter"].set_param("mail_company_routing.use_jobs", "0")
        cls.user_admin.lang = "en_US"
        cls.company = cls.env.company
        cls.customer = cls.env["res.partner"].create({"name": "Customer", "email": CUSTOMER})
        cls.user_employee.write({"name": "陈 志, Sales", "email": "zhi@corp.example"})

    @contextmanager
    def strict_server(self, wording="tencent", login=USERNAME, tls="none", **account):
        """Run the strict server and point ``self.server`` at it."""
        with self.strict_accounts(Account(login, "secret", wording=wording, **account), tls=tls) as strict:
            self.server = self.create_server(strict, login, smtp_encryption=tls)
            yield strict
            self.server.exists().unlink()

    @contextmanager
    def strict_accounts(self, *accounts, **options):
        """Run the strict server with these accounts, and with core's guard against sending in tests off."""
        need("aiosmtpd")
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with StrictServer(accounts, **options) as self.strict, for_real:
            yield self.strict

    def create_server(self, strict, login, **values):
        """Create an outgoing server that logs in on the strict server."""
        return self.env["ir.mail_server"].create(
            {
                "name": f"Strict {login}",
                "smtp_host": strict.host,
                "smtp_port": strict.port,
                "smtp_user": login,
                "smtp_pass": "secret",
                **values,
            }
        )

    def create_mail(self, author='"Zhi" <zhi@corp.example>', **values):
        """Create an outgoing mail as any business code does."""
        return self.env["mail.mail"].create(
            {
                "email_from": author,
                "email_to": CUSTOMER,
                "subject": "Order",
                "body_html": "<p>Order</p>",
                "auto_delete": False,
                **values,
            }
        )

    def fetched_mailbox(self, user, **values):
        """Create an incoming server that Odoo fetches."""
        return self.env["fetchmail.server"].create(
            {"name": user, "server_type": "imap", "server": "localhost", "user": user, "state": "done", **values}
        )

    def last_mail(self):
        """Return the newest mail that the strict server accepted."""
        self.assertTrue(self.strict.mails, f"Nothing arrived; refused: {self.strict.refusals}")
        return self.strict.mails[-1]

    def assert_only_own_sender(self, stored, own=USERNAME):
        """Check that the server's own address is the only sender anywhere on a mail."""
        self.assertEqual(stored.mail_from, own)
        self.assertEqual([email for _name, email in mailboxes(stored, "From")], [own])
        self.assertNotIn("Sender", stored.message)
        self.assertIn(stored.message["Return-Path"], (None, own))

    def from_header(self, stored):
        """Return the one mailbox of the From header in its decoded form."""
        [mailbox] = mailboxes(stored, "From")
        return str(address.Address(*mailbox))


def raw_header(stored, name):
    """Return a header as it stands on the wire, folded."""
    return email.message_from_bytes(stored.data, policy=email.policy.compat32)[name]


def mailboxes(stored, name):
    """Return (display name, address) pairs as RFC 5322 and RFC 2047 have them.

    Not read with ``email.policy.default``: CPython 3.11 puts a space between two encoded words of one name.
    """
    return [
        (str(make_header(decode_header(display_name))), mailbox)
        for display_name, mailbox in getaddresses([raw_header(stored, name).replace("\n", "").replace("\r", "")])
    ]
