from odoo.tests import tagged

from ...upgrade.to_17 import migrate, prepare, read
from .common_upgrade import UpgradeCommon


@tagged("post_install", "-at_install")
class TestSharedNames(UpgradeCommon):
    """Aliases that share a name come through an upgrade that knows of one domain only."""

    def upgrade(self):
        self.env.flush_all()
        prepare(self.cr)
        # OpenUpgrade puts all aliases into the domain of the parameters
        self.become_17()
        self.cr.execute(
            "INSERT INTO mail_alias_domain (name, bounce_alias, catchall_alias)"
            " VALUES ('global.example', 'bounce', 'catchall') RETURNING id"
        )
        self.cr.execute("UPDATE mail_alias SET alias_domain_id = %s", [self.cr.fetchone()[0]])
        return migrate(self.cr)

    def test_the_addon_can_be_uninstalled_in_between(self):
        self.env.flush_all()
        prepare(self.cr)
        self.env.invalidate_all()
        self.env["mail.alias"]._check_names_unique()

    def test_its_tables_can_be_gone(self):
        """Uninstalled after prepare, the addon left nothing but what prepare stored; and Odoo's constraint is back."""
        self.env.flush_all()
        prepare(self.cr)
        self.cr.execute("ALTER TABLE mail_alias DROP CONSTRAINT mail_alias_alias_unique")
        self.cr.execute("ALTER TABLE mail_alias ADD CONSTRAINT mail_alias_alias_unique UNIQUE (alias_name)")
        self.cr.execute("ALTER TABLE mail_routing_domain RENAME TO gone")
        self.become_17()
        migrate(self.cr)
        addresses = [row[2] for row in self.carried_aliases(self.alias_a, self.alias_b)]
        self.assertEqual(addresses, ["orders-17@a.example", "orders-17@xn--fsqu00a.cn"])

    def test_two_names_of_one_domain_each_come_back(self):
        self.upgrade()
        addresses = [row[2] for row in self.carried_aliases(self.alias_a, self.alias_b)]
        self.assertEqual(addresses, ["orders-17@a.example", "orders-17@xn--fsqu00a.cn"])

    def test_nothing_stays_behind(self):
        self.upgrade()
        self.assertEqual(self.rows("SELECT to_regclass('mail_routing_to_17')"), [(None,)])

    def test_preparing_twice_keeps_the_names(self):
        self.env.flush_all()
        prepare(self.cr)
        prepare(self.cr)
        self.become_17()
        migrate(self.cr)
        self.assertEqual(self.carried_aliases(self.alias_a)[0][0], "orders-17")

    def test_a_mail_comes_in_once(self):
        """Odoo 17 gives a mail to each alias that answers: the one for all other domains answers for its own alone."""
        everywhere = self.alias("orders-17")
        said = self.upgrade()
        self.assertEqual(
            self.carried_aliases(everywhere), [("orders-17", "global.example", "orders-17@global.example", False)]
        )
        self.assertIn("answers for orders-17@global.example alone", "\n".join(said))

    def test_it_stands_back_where_its_name_is_taken(self):
        """It goes to the first domain without an alias of this name."""
        self.alias("orders-17", self.domains.create({"name": "global.example"}))
        free = self.domains.create({"name": "free.example", "sequence": 20})
        everywhere = self.alias("orders-17")
        self.upgrade()
        self.assertEqual(self.carried_aliases(everywhere), [("orders-17", free.name, "orders-17@free.example", False)])

    def test_an_alias_that_answered_for_nothing_is_named(self):
        self.alias("orders-17", self.domains.create({"name": "global.example"}))
        everywhere = self.alias("orders-17")
        said = self.upgrade()
        self.assertEqual(self.carried_aliases(everywhere), [("orders-17", None, "orders-17", False)])
        self.assertIn("has no domain to answer for", "\n".join(said))

    def test_an_alias_in_the_domain_of_another_company_is_named(self):
        """Odoo 17 refuses it once somebody changes it."""
        self.alias("foreign-17", self.domain_b, self.company_a)
        self.env.flush_all()
        [said] = [note for note in read(self.cr)["notes"] if "foreign-17" in note]
        self.assertIn("a record of A, but its domain to another company", said)
