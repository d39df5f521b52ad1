from odoo.tests import tagged

from ...upgrade.to_17 import migrate, prepare
from .common_upgrade import UpgradeCommon


@tagged("post_install", "-at_install")
class TestCarriedOver(UpgradeCommon):
    """I upgrade to Odoo 17, and each company has the addresses that it had."""

    DOMAINS = [
        ("a.example", 3, "returns", "all", "office@elsewhere.example"),
        # Odoo 17 requires a bounce name, and its own default is taken here
        ("xn--fsqu00a.cn", 5, "bounce-odoo", "bounce", None),
        ("global.example", 10, "undeliverable", "answers", "robot"),
    ]

    def upgrade(self):
        self.env.flush_all()
        prepare(self.cr)
        self.become_17()
        return migrate(self.cr)

    def test_domains_field_by_field(self):
        self.upgrade()
        self.assertEqual(self.carried_domains(), self.DOMAINS)

    def test_companies_keep_their_domain_and_others_get_that_of_the_parameters(self):
        self.upgrade()
        domains = ("a.example", "xn--fsqu00a.cn", "global.example")
        expected = [(name, domain, domain) for name, domain in zip("ABC", domains, strict=True)]
        self.assertEqual(self.carried_companies(), expected)

    def test_a_company_does_not_get_the_domain_of_another(self):
        """The parameters name A's domain: C had no addresses there, and gets none. We say what Odoo 17 makes of it."""
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", "a.example")
        said = self.upgrade()
        self.assertEqual(self.carried_companies()[2], ("C", None, None))
        self.assertIn("The company C has no domain.", "\n".join(said))

    def test_aliases_answer_for_the_domains_that_they_answered_for(self):
        self.upgrade()
        self.assertEqual(
            self.carried_aliases(self.alias_a, self.alias_b, self.alias_all),
            [
                ("orders-17", "a.example", "orders-17@a.example", False),
                ("orders-17", "xn--fsqu00a.cn", "orders-17@xn--fsqu00a.cn", False),
                ("everywhere", "global.example", "everywhere@global.example", True),
            ],
        )

    def test_replies_to_a_record_go_to_the_domain_of_its_company(self):
        """Odoo 16 shows an alias without a domain in that of its record's company; Odoo 17 takes what is stored."""
        alias = self.alias("desk-17", company=self.company_a)
        self.upgrade()
        self.assertEqual(self.carried_aliases(alias), [("desk-17", "a.example", "desk-17@a.example", True)])

    def test_an_alias_without_a_name_gets_the_domain_too(self):
        """Odoo 17 refuses to name it later in the domain of another company."""
        alias = self.alias(False, company=self.company_a)
        self.upgrade()
        self.assertEqual(self.carried_aliases(alias), [(None, "a.example", None, True)])

    def test_no_address_of_a_domain_is_that_of_an_alias(self):
        """Odoo 17 would take mail to an alias named bounce for bounces."""
        self.domain_b.catchall_alias = "all"
        self.alias("bounce", self.domain_b)
        self.upgrade()
        self.assertEqual(self.carried_domains()[1], ("xn--fsqu00a.cn", 5, "bounce-odoo", "all", None))

    def test_a_sender_in_its_own_domain_is_a_name(self):
        """The first states of Odoo 17.0 write office@a.example@a.example."""
        self.domain_a.default_from = "office@a.example"
        self.upgrade()
        self.assertEqual(self.carried_domains()[0][4], "office")

    def test_it_finds_what_odoos_own_upgrade_made_of_the_parameters(self):
        """Odoo 17 makes a domain of the parameters for all companies and aliases, before we are asked."""
        self.env.flush_all()
        prepare(self.cr)
        self.become_17()
        self.cr.execute(
            "INSERT INTO mail_alias_domain (name, bounce_alias, catchall_alias, default_from)"
            " VALUES ('Global.example', 'bounce', 'catchall', 'robot') RETURNING id"
        )
        domain_id = self.cr.fetchone()[0]
        self.cr.execute("UPDATE res_company SET alias_domain_id = %s", [domain_id])
        self.cr.execute("UPDATE mail_alias SET alias_domain_id = %s", [domain_id])
        migrate(self.cr)
        self.assertEqual(sorted(self.carried_domains()), sorted(self.DOMAINS))
        self.assertEqual(self.carried_companies()[0], ("A", "a.example", "a.example"))

    def test_a_second_run_changes_nothing(self):
        self.upgrade()
        migrate(self.cr)
        self.assertEqual(self.carried_domains(), self.DOMAINS)

    def test_a_database_that_never_had_the_addon_stays_as_it_is(self):
        self.alias_b.unlink()
        self.become_17()
        self.cr.execute("ALTER TABLE mail_routing_domain RENAME TO not_ours")
        self.assertEqual((prepare(self.cr), migrate(self.cr)), ([], []))
        self.assertEqual(self.carried_domains(), [])
