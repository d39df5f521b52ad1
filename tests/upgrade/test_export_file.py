import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...upgrade.to_17 import load, read
from .common_upgrade import UpgradeCommon


@tagged("post_install", "-at_install")
class TestExportFile(UpgradeCommon):
    """The alias domains go to another database as a file."""

    def load(self, change=None):
        """Load what was exported, after something changed here; return what it says.

        Odoo 17 cannot hold two aliases of one name without domains: one has none here.
        """
        self.env.flush_all()
        data = json.loads(json.dumps(read(self.cr)))
        self.cr.execute("UPDATE mail_alias SET alias_name = NULL WHERE id = %s", [self.alias_b.id])
        self.become_17()
        if change:
            self.cr.execute(*change)
        return "\n".join(load(self.cr, data))

    def test_the_same_arrives(self):
        self.load()
        self.assertEqual([row[0] for row in self.carried_domains()], ["a.example", "xn--fsqu00a.cn", "global.example"])
        self.assertEqual(self.carried_companies()[0], ("A", "a.example", "a.example"))
        self.assertEqual(self.carried_aliases(self.alias_a), [("orders-17", "a.example", "orders-17@a.example", False)])

    def test_a_company_is_found_by_its_name(self):
        """Numbers are others in another database: C has the name that A had."""
        self.load(
            (
                "UPDATE res_company SET name = 'Z' WHERE id = %s; UPDATE res_company SET name = 'A' WHERE id = %s",
                [self.company_a.id, self.company_c.id],
            )
        )
        self.assertEqual([row[:2] for row in self.carried_companies()[::2]], [("Z", None), ("A", "a.example")])

    def test_a_company_that_is_not_there_is_named(self):
        said = self.load(("UPDATE res_company SET name = 'Other' WHERE id = %s", [self.company_a.id]))
        self.assertIn("There is no company A here to get the domain a.example.", said)
        self.assertEqual(self.carried_companies()[0][:2], ("Other", None))

    def test_an_alias_is_found_by_its_name(self):
        """The alias of its number is another one here."""
        lonely = self.alias("lonely-17", self.domain_a)
        other = self.alias("other-17")
        self.env.flush_all()
        self.load(
            (
                "UPDATE mail_alias SET alias_name = CASE id WHEN %s THEN NULL ELSE 'lonely-17' END,"
                " alias_force_thread_id = 1, alias_model_id = CASE id WHEN %s THEN %s ELSE alias_model_id END"
                " WHERE id IN (%s, %s)",
                [lonely.id, lonely.id, self.env["ir.model"]._get_id("res.users"), lonely.id, other.id],
            )
        )
        self.assertEqual(self.carried_aliases(other), [("lonely-17", "a.example", "lonely-17@a.example", False)])
        self.assertEqual(self.carried_aliases(lonely)[0][1], None)

    def test_an_alias_that_is_not_there_is_named(self):
        said = self.load(("UPDATE mail_alias SET alias_name = 'sales-17' WHERE id = %s", [self.alias_all.id]))
        self.assertIn("There is no alias everywhere for res.partner here to become everywhere@global.example.", said)
        self.assertEqual(self.carried_aliases(self.alias_all)[0][0], "sales-17")

    def test_an_address_that_is_taken_is_named(self):
        """Somebody gave the name of an alias to another one."""
        other = self.alias("other-17")
        said = self.load(
            (
                """
                INSERT INTO mail_alias_domain (name, bounce_alias, catchall_alias) VALUES ('a.example', 'b', 'c');
                UPDATE mail_alias SET alias_name = NULL WHERE id = %s;
                UPDATE mail_alias SET alias_name = 'orders-17', alias_domain_id = (SELECT id FROM mail_alias_domain)
                 WHERE id = %s
                """,
                [self.alias_a.id, other.id],
            )
        )
        self.assertIn("The alias orders-17@a.example for res.partner has lost its name", said)
        self.assertEqual(self.carried_aliases(self.alias_a), [(None, "a.example", None, False)])

    def test_a_shared_name_comes_back(self):
        self.load()
        self.assertEqual(self.carried_aliases(self.alias_b)[0][2], "orders-17@xn--fsqu00a.cn")

    def test_what_odoo_17_has_no_place_for_is_in_the_file(self):
        server = self.env["ir.mail_server"].create(
            {"name": "Server of A", "smtp_host": "localhost", "company_id": self.company_a.id}
        )
        self.domain_a.mail_server_id = server
        self.company_a.mail_catchall_supported = False
        self.env.flush_all()
        data = read(self.cr)
        self.assertEqual(
            data["not_carried"]["domains"], [{"name": "a.example", "company": "A", "mail_server": "Server of A"}]
        )
        self.assertIn({"name": "A", "mail_catchall_supported": False}, data["not_carried"]["companies"])
        self.assertIn({"name": "Server of A", "company": "A", "sender_policy": "auto"}, data["not_carried"]["servers"])
        self.assertIn(
            "Odoo 17 asks for replies at all@a.example, and for bounces at returns@a.example", data["notes"][0]
        )

    def test_the_export_is_a_file_of_all_that(self):
        self.env.user.company_ids |= self.companies
        url = self.domains.action_export_for_17()["url"]
        file = self.env["ir.attachment"].browse(int(url.split("/")[3].partition("?")[0]))
        self.assertEqual(json.loads(file.raw), json.loads(json.dumps(read(self.cr))))

    def test_an_administrator_of_one_company_gets_no_file_of_the_others(self):
        admin = new_test_user(
            self.env, "admin_b", "base.group_system", company_id=self.company_b.id, company_ids=self.company_b.ids
        )
        with self.assertRaisesRegex(UserError, "A"):
            self.domains.with_user(admin).action_export_for_17()

    def test_users_get_no_file(self):
        user = new_test_user(self.env, "user_b", "base.group_erp_manager")
        with self.assertRaises(AccessError):
            self.domains.with_user(user).action_export_for_17()
