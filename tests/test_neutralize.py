from unittest.mock import patch

from odoo.modules.neutralize import get_installed_modules, get_neutralization_queries
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

DUMMY = "neutralization - disable emails"


@tagged("post_install", "-at_install")
class TestNeutralize(TransactionCase):
    """I copy my database for a test: the copy sends and fetches nothing. `make life` tries it over the wire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.env["ir.mail_server"].create(
            {"name": "Own", "smtp_host": "localhost", "company_id": cls.env.company.id}
        )
        cls.mailbox = cls.env["fetchmail.server"].create(
            {"name": "Own", "server_type": "imap", "user": "box@a.example", "state": "done"}
        )
        cls.mail = cls.env["mail.mail"].create({"email_to": "x@elsewhere.example", "mail_server_id": cls.server.id})
        cls.env.company.mail_server_by_alias_domain = True

    def neutralize(self):
        """Run what Odoo runs: its own statements, which know nothing of our columns, and ours."""
        self.env.flush_all()
        for query in get_neutralization_queries(get_installed_modules(self.cr)):
            self.cr.execute(query)
        self.env.invalidate_all()
        self.env["ir.mail_server"].clear_caches()

    def test_only_the_dummy_server_is_left(self):
        with patch.dict(config.options, {"smtp_server": "mail.corp.example", "smtp_user": "me@corp.example"}):
            self.neutralize()
            table = self.env["mail.routing"]._routing_table()
        left = [server for servers in table.servers_by_company.values() for server in servers]
        self.assertEqual([server.name for server in left], [DUMMY])

    def test_a_waiting_mail_forgets_its_server(self):
        self.neutralize()
        self.assertFalse(self.mail.mail_server_id)

    def test_no_mailbox_is_confirmed(self):
        self.neutralize()
        self.assertEqual((self.mailbox.active, self.mailbox.state), (False, "draft"))
        self.assertFalse(self.env["mail.routing"]._routing_table().mailboxes)

    def test_what_is_set_up_stays(self):
        """The copy shows how mails would go; it is the servers that are gone."""
        self.neutralize()
        self.assertTrue(self.env.company.mail_server_by_alias_domain)
        self.assertEqual(self.server.company_id, self.env.company)
