import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..upgrade.to_17 import load, migrate, prepare, read

# What Odoo 17.0's models ask for: mail.alias.domain, mail.alias, res.company.
ODOO_17 = """
    ALTER TABLE mail_alias_domain
        ALTER COLUMN name SET NOT NULL,
        ALTER COLUMN bounce_alias SET NOT NULL,
        ALTER COLUMN catchall_alias SET NOT NULL,
        ADD CONSTRAINT mail_alias_domain_bounce_email_uniques UNIQUE (bounce_alias, name),
        ADD CONSTRAINT mail_alias_domain_catchall_email_uniques UNIQUE (catchall_alias, name);
    ALTER TABLE res_company ADD FOREIGN KEY (alias_domain_id) REFERENCES mail_alias_domain ON DELETE SET NULL;
    ALTER TABLE mail_alias ADD FOREIGN KEY (alias_domain_id) REFERENCES mail_alias_domain ON DELETE RESTRICT;
    CREATE UNIQUE INDEX mail_alias_name_domain_unique ON mail_alias (alias_name, COALESCE(alias_domain_id, 0));
"""
KEYS = ("mail.catchall.domain", "mail.catchall.alias", "mail.bounce.alias", "mail.default.from")


@tagged("post_install", "-at_install")
class TestUpgradeTo17(TransactionCase):
    """I upgrade to Odoo 17, and each company has the addresses that it had."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domains = cls.env["mail.routing.domain"]
        cls.domains.with_context(active_test=False).search([]).unlink()
        for key, value in zip(KEYS, ("Global.example", "answers", "undeliverable", "robot"), strict=True):
            cls.env["ir.config_parameter"].set_param(key, value)
        cls.companies = cls.env["res.company"].create([{"name": name} for name in ("A", "B", "C")])
        cls.company_a, cls.company_b, cls.company_c = cls.companies
        cls.domain_a = cls.domains.create(
            {
                "name": "a.example",
                "sequence": 3,
                "company_id": cls.company_a.id,
                "bounce_alias": "returns",
                "catchall_alias": "all",
                "default_from": "office@elsewhere.example",
            }
        )
        cls.domain_b = cls.domains.create(
            {"name": "例子.cn", "sequence": 5, "bounce_alias": False, "catchall_alias": "bounce", "default_from": False}
        )
        cls.domains.create({"name": "archived.example", "active": False})
        cls.company_a.mail_domain_id = cls.domain_a
        cls.company_b.mail_domain_id = cls.domain_b
        model = cls.env["ir.model"]._get_id("res.partner")
        cls.alias_a, cls.alias_b, cls.alias_all = cls.env["mail.alias"].create(
            [
                {"alias_name": "orders-17", "alias_model_id": model, "mail_domain_id": cls.domain_a.id},
                {"alias_name": "orders-17", "alias_model_id": model, "mail_domain_id": cls.domain_b.id},
                {"alias_name": "everywhere", "alias_model_id": model},
            ]
        )
        cls.env.flush_all()

    def upgrade(self, step):
        """Upgrade as Odoo does: what comes before, its own constraints, a step after them."""
        prepare(self.cr)
        self.cr.execute(ODOO_17)
        step()

    def rows(self, query, *values):
        self.cr.execute(query, values)
        return self.cr.fetchall()

    def upgraded_domains(self):
        query = "SELECT name, sequence, bounce_alias, catchall_alias, default_from FROM mail_alias_domain ORDER BY id"
        return self.rows(query)

    def upgraded_companies(self):
        query = """
            SELECT company.name, domain.name FROM res_company company
              LEFT JOIN mail_alias_domain domain ON domain.id = company.alias_domain_id
             WHERE company.id = ANY(%s) ORDER BY company.id
        """
        return self.rows(query, self.companies.ids)

    def upgraded_aliases(self):
        query = """
            SELECT alias.alias_name, domain.name, alias.alias_full_name, alias.alias_incoming_local
              FROM mail_alias alias JOIN mail_alias_domain domain ON domain.id = alias.alias_domain_id
             WHERE alias.id = ANY(%s) ORDER BY alias.id
        """
        return self.rows(query, [self.alias_a.id, self.alias_b.id, self.alias_all.id])

    DOMAINS = [
        ("a.example", 3, "returns", "all", "office@elsewhere.example"),
        # Odoo 17 requires a bounce name, and its own default is taken here
        ("xn--fsqu00a.cn", 5, "bounce-odoo", "bounce", None),
        ("global.example", 10, "undeliverable", "answers", "robot"),
    ]

    def test_domains_field_by_field(self):
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        self.assertEqual(self.upgraded_domains(), self.DOMAINS)

    def test_companies_keep_their_domain_and_others_get_that_of_the_parameters(self):
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        self.assertEqual(
            self.upgraded_companies(), [("A", "a.example"), ("B", "xn--fsqu00a.cn"), ("C", "global.example")]
        )

    def test_a_company_does_not_get_the_domain_of_another(self):
        """The parameters name A's domain: B and C had no addresses there, and get none."""
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", "a.example")
        self.env.flush_all()
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        self.assertEqual(self.upgraded_companies()[2], ("C", None))

    def test_aliases_answer_for_the_domains_that_they_answered_for(self):
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        self.assertEqual(
            self.upgraded_aliases(),
            [
                ("orders-17", "a.example", "orders-17@a.example", False),
                ("orders-17", "xn--fsqu00a.cn", "orders-17@xn--fsqu00a.cn", False),
                ("everywhere", "global.example", "everywhere@global.example", True),
            ],
        )

    def test_an_alias_for_all_domains_stands_back_where_its_name_is_taken(self):
        """orders-17@ without a domain answers for each domain that has no orders-17@ of its own."""
        first = self.domains.create({"name": "global.example"})
        model = self.env["ir.model"]._get_id("res.partner")
        taken, everywhere = self.env["mail.alias"].create(
            [
                {"alias_name": "orders-17", "alias_model_id": model, "mail_domain_id": first.id},
                {"alias_name": "orders-17", "alias_model_id": model},
            ]
        )
        self.env.flush_all()
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        query = "SELECT alias_domain_id IS NULL, alias_incoming_local FROM mail_alias WHERE id = ANY(%s) ORDER BY id"
        self.assertEqual(self.rows(query, [taken.id, everywhere.id]), [(False, False), (True, True)])

    def test_by_way_of_a_file_it_is_the_same(self):
        data = json.loads(json.dumps(read(self.cr)))
        self.upgrade(lambda: load(self.cr, data))
        self.assertEqual(self.upgraded_domains(), self.DOMAINS)
        self.assertEqual(self.upgraded_aliases()[0], ("orders-17", "a.example", "orders-17@a.example", False))

    def test_it_finds_what_odoos_own_upgrade_made_of_the_parameters(self):
        """Odoo 17 makes a domain of the parameters for all companies and aliases, before we are asked."""

        def after_odoo():
            self.cr.execute(
                "INSERT INTO mail_alias_domain (name, bounce_alias, catchall_alias, default_from)"
                " VALUES ('Global.example', 'undeliverable', 'answers', 'robot') RETURNING id"
            )
            [(domain_id,)] = self.cr.fetchall()
            self.cr.execute("UPDATE res_company SET alias_domain_id = %s", [domain_id])
            migrate(self.cr, "17.0.1.0")

        self.upgrade(after_odoo)
        self.assertEqual(sorted(self.upgraded_domains()), sorted(self.DOMAINS))
        self.assertEqual(self.upgraded_companies()[0], ("A", "a.example"))

    def test_a_second_run_changes_nothing(self):
        self.upgrade(lambda: migrate(self.cr, "17.0.1.0"))
        migrate(self.cr, "17.0.1.0")
        self.assertEqual(self.upgraded_domains(), self.DOMAINS)

    def test_what_odoo_17_has_no_place_for_is_in_the_file(self):
        server = self.env["ir.mail_server"].create({"name": "A", "smtp_host": "localhost"})
        self.domain_a.mail_server_id = server
        self.env.flush_all()
        [row] = read(self.cr)["not_carried"]
        self.assertEqual(row, {"name": "a.example", "company_id": self.company_a.id, "mail_server_id": server.id})

    def test_the_export_is_a_file_of_all_that(self):
        self.env.user.company_ids |= self.companies
        url = self.domains.action_export_for_17()["url"]
        file = self.env["ir.attachment"].browse(int(url.split("/")[3].partition("?")[0]))
        self.assertEqual([domain["name"] for domain in json.loads(file.raw)["domains"]], [d[0] for d in self.DOMAINS])

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
