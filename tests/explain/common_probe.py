from contextlib import contextmanager
from unittest.mock import patch

from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, Post
from ...wizard import mail_server_probe_mails
from ..common import USERNAME, StrictMailCase
from ..mailbox.common_fetch import FetchCase

COLLEAGUE = "mei@strict.example"
FOREIGN = "someone@example.com"


class ProbeCase(StrictMailCase, FetchCase):
    """One provider: a mail server and a mailbox, which Odoo fetches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.routing.domain"].search([]).unlink()
        cls.domain = cls.env["mail.routing.domain"].create({"name": "strict.example", "company_id": cls.company.id})
        cls.company.mail_domain_id = cls.domain
        cls.user_employee.email = COLLEAGUE
        cls.user_admin.email = "chief@elsewhere.example"

    @contextmanager
    def provider(self, wording="tencent", server_type="imap", login=USERNAME, values=None, **habits):
        """Run a provider with some habits, see :class:`Post`."""
        self.env["fetchmail.server"].search([]).unlink()
        self.box = Mailbox(USERNAME)
        self.post = Post(self.box, **habits)
        account = Account(login, wording=wording, address=USERNAME)
        with (
            MailboxServer(self.box) as served,
            self.strict_accounts(account, store=self.post),
            patch.object(mail_server_probe_mails, "PAUSES", ()),
        ):
            self.mailbox_server = self.incoming(served, server_type)
            self.server = self.create_server(self.strict, login, **(values or {}))
            yield

    def probe(self, user=None):
        """Press Probe Senders."""
        action = self.server.with_user(user or self.user_admin).action_probe()
        return self.env["mail.server.probe"].with_user(user or self.user_admin).browse(action["res_id"])

    def press(self, probe, button):
        """Press a button that commits."""
        with self.process() as env:
            getattr(probe.with_env(env(user=probe.env.user)), button)()
        probe.invalidate_recordset()

    def send(self, probe):
        """Press Send Test Mails."""
        self.press(probe, "action_send")

    def answers(self, probe):
        """Return which senders the server took: True, False, or None where that is not known."""
        facts = probe._read_facts()
        return {row.kind: row.is_taken or (None if not facts.is_refused(row.kind) else False) for row in facts.asked}

    def states(self, probe):
        """Return what became of each test mail."""
        facts = probe._read_facts()
        return {mail.kind: mail.answer_class or mail.state or "pending" for mail in facts.sent}
