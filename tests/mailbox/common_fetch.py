from contextlib import contextmanager

from odoo.addons.mail.tests.common import MailCommon

from ...dev.mailbox_server import Mailbox, MailboxServer

# What fetching says in the log of a mailbox or a message in trouble, which is what these tests are about.
FETCH_LOG = "odoo.addons.mail_company_routing.models.mailbox.fetchmail_server_fetch"


class FetchCase(MailCommon):
    """Fetches from a real IMAP and POP server; desk@ is an alias that creates contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.unrouted.message"].search([]).unlink()
        cls.env["fetchmail.server"].search([]).unlink()
        cls.alias = cls.env["mail.alias"].create(
            {
                "alias_name": "desk",
                "alias_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "alias_contact": "everyone",
            }
        )

    @contextmanager
    def mailbox(self, folders=("INBOX",), server_type="imap", values=None, **options):
        """Serve a mailbox and point ``self.server`` at it."""
        self.box = Mailbox(folders=folders)
        with MailboxServer(self.box, **options) as served:
            self.server = self.incoming(served, server_type, **(values or {}))
            yield self.box

    def incoming(self, served, server_type="imap", **values):
        """Create an incoming server that fetches a mailbox."""
        port = served.pop_port if server_type == "pop" else served.imap_port
        return self.env["fetchmail.server"].create(
            {
                "name": f"Mailbox {server_type}",
                "server_type": server_type,
                "server": served.host,
                "port": port,
                "user": served.mailbox.login,
                "password": "secret",
                "state": "done",
                **values,
            }
        )

    @contextmanager
    def process(self):
        """Give an environment in which commit and rollback work as in a process of its own.

        On the test's own cursor a rollback would take away what the test has set up.
        """
        self.env.flush_all()
        self.registry.enter_test_mode(self.cr)
        try:
            with self.registry.cursor() as cr:
                yield self.env(cr=cr)
        finally:
            self.registry.leave_test_mode()
            self.env.invalidate_all()

    def fetch(self, servers=None):
        """Fetch as the cron does, in the given order."""
        with self.process() as env:
            (servers or self.server).with_env(env).fetch_mail()

    def partners(self, *names):
        """Return the contacts that were created from mails with these subjects."""
        return self.env["res.partner"].search([("name", "in", names)])

    def unrouted(self, **values):
        """Return the unrouted mails that have these values."""
        return self.env["mail.unrouted.message"].search([(name, "=", value) for name, value in values.items()])


def eml(subject="Order", to="desk@test.com", sender="Anna <anna@elsewhere.example>", message_id=None, body="Hello"):
    """Return a message; without a Message-Id where that is False."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Date: Mon, 5 Jan 2026 08:00:00 +0800"]
    if message_id is not False:
        plain = subject.replace(" ", "-")
        lines.append(f"Message-Id: {message_id or f'<{plain}@elsewhere.example>'}")
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", body, ""]).encode()
