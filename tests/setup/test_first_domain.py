from odoo.tests import tagged

from ...hooks import post_init_hook
from .. import test_untouched

KEYS = ("mail.catchall.domain", "mail.catchall.alias", "mail.bounce.alias", "mail.default.from")
GLOBAL = ("Test.com", "answers", "undeliverable", "robot")
FIELDS = ("name", "catchall_alias", "bounce_alias", "default_from")


def say(env, *values):
    """Set the four system parameters."""
    for key, value in zip(KEYS, values, strict=True):
        env["ir.config_parameter"].sudo().set_param(key, value)


@tagged("post_install", "-at_install")
class TestFirstDomain(test_untouched.TestUntouched):
    """I install the addon into a database in use: its parameters become the first alias domain, and mails stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domains = cls.env["mail.routing.domain"]
        cls.domains.with_context(active_test=False).search([]).unlink()
        say(cls.env, *GLOBAL)
        post_init_hook(cls.cr, cls.registry)
        cls.first = cls.domains.search([])

    def values(self):
        return tuple(self.first[field] for field in FIELDS)

    def table(self):
        return self.env["mail.routing"]._routing_table()

    def test_it_says_what_the_parameters_say(self):
        self.assertEqual(self.values(), ("test.com", "answers", "undeliverable", "robot"))
        self.assertEqual(self.first.catchall_email, "answers@test.com")
        self.assertFalse(self.first.company_id)

    def test_nothing_is_set_up_by_it(self):
        self.assertTrue(self.table().is_idle)
        self.assertFalse(self.table().domains)

    def test_it_follows_the_parameters(self):
        say(self.env, "new.example", "all", False, "office@new.example")
        self.assertEqual(self.values(), ("new.example", "all", False, "office@new.example"))
        self.assertTrue(self.table().is_idle)
        self.assertEqual(self.table().fallback.name, "new.example")

    def test_it_follows_the_general_settings(self):
        self.env["res.config.settings"].create({"alias_domain": "settings.example"}).execute()
        self.assertEqual(self.first.name, "settings.example")

    def test_it_stands_for_itself_once_it_is_edited(self):
        self.first.company_id = self.company
        self.assertFalse(self.table().is_idle)
        self.assertEqual(self.table().domain_of("x@test.com").company_id, self.company.id)
        say(self.env, "new.example", "all", "returns", "office")
        self.assertEqual(self.first.name, "test.com")

    def test_its_place_in_the_list_is_no_edit(self):
        self.first.sequence = 3
        self.assertTrue(self.first.follows_parameters)

    def test_a_company_may_choose_it(self):
        self.company.mail_domain_id = self.first
        self.assertEqual(self.table().default_domain(self.company.id).catchall, "answers")
        say(self.env, "new.example", "all", "returns", "office")
        self.assertEqual(self.table().default_domain(self.company.id).name, "new.example")

    def test_an_alias_may_choose_it(self):
        model = self.env["ir.model"]._get_id("res.partner")
        alias = self.env["mail.alias"].create({"alias_name": "orders", "alias_model_id": model})
        self.assertTrue(self.table().is_idle)
        alias.mail_domain_id = self.first
        self.assertIn(self.first.id, self.table().domains)

    def test_it_goes_with_the_parameter(self):
        say(self.env, False, "all", "returns", "office")
        self.assertFalse(self.first.exists())

    def test_parameters_that_no_domain_may_have_are_as_welcome_as_in_stock_odoo(self):
        """Two domains in one parameter, or another alias domain of this name: the parameter is saved all the same."""
        self.domains.create({"name": "other.example"})
        for name in ("a.example,b.example", "other.example"):
            with self.subTest(name), self.assertLogs("odoo.addons.mail_company_routing", "WARNING"):
                self.first = self.domains.create({"name": f"not.{len(name)}.example", "follows_parameters": True})
                self.env["ir.config_parameter"].set_param("mail.catchall.domain", name)
                self.assertEqual(self.env["ir.config_parameter"].get_param("mail.catchall.domain"), name)
                self.assertFalse(self.first.exists())

    def test_one_in_use_stays_when_the_parameter_goes(self):
        self.company.mail_domain_id = self.first
        say(self.env, False, "all", "returns", "office")
        self.assertFalse(self.first.follows_parameters)
        self.assertEqual(self.first.name, "test.com")

    def test_an_alias_of_the_bounce_name_is_no_reason_not_to_install(self):
        self.first.unlink()
        model = self.env["ir.model"]._get_id("res.partner")
        alias = self.env["mail.alias"].create({"alias_name": "orders", "alias_model_id": model})
        self.env.flush_all()
        self.cr.execute("UPDATE mail_alias SET alias_name = 'undeliverable' WHERE id = %s", [alias.id])
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.mail_company_routing", "WARNING"):
            post_init_hook(self.cr, self.registry)
        self.assertFalse(self.domains.search([]))

    def test_domains_that_are_there_stay_alone(self):
        """I uninstall nothing, and set up domains of my own: the hook adds none."""
        self.first.write({"name": "mine.example"})
        post_init_hook(self.cr, self.registry)
        self.assertEqual(self.domains.search([]), self.first)
