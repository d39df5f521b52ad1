from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import StrictMailCase


@tagged("post_install", "-at_install")
class TestAliasDomains(StrictMailCase):
    """I keep the domains of my companies in one list and see the addresses that will stand on mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._activate_multi_company()

    @contextmanager
    def refused(self, words, error=ValidationError):
        """Check that saving is refused in these words, and leave nothing behind."""
        with self.assertRaisesRegex(error, words), self.cr.savepoint():
            yield

    def domain(self, name="b.example", **values):
        return self.env["mail.routing.domain"].create({"name": name, **values})

    def test_effective_addresses_are_shown(self):
        with Form(self.env["mail.routing.domain"]) as form:
            form.name = "b.example"
            form.default_from = "office@C.Example"
            self.assertEqual(form.catchall_email, "catchall@b.example")
            self.assertEqual(form.bounce_email, "bounce@b.example")
            self.assertEqual(form.default_from_email, "office@c.example")

    def test_an_idn_domain_is_stored_as_ascii_and_shown_as_typed(self):
        domain = self.domain(" 例子.CN ")
        self.assertEqual(domain.name, "xn--fsqu00a.cn")
        self.assertEqual((domain.display_name, domain.typed_name), ("例子.cn", "例子.cn"))
        self.assertEqual(domain.catchall_email, "catchall@xn--fsqu00a.cn")

    def test_two_domains_of_one_name_are_refused(self):
        self.domain("B.example")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            self.domain("b.EXAMPLE")

    def test_what_is_no_domain_is_refused(self):
        for name in (
            "info@b.example",
            "b.example\n",
            "b..example",
            "b example",
            "b.example@c.example",
            "b\x00.example",
        ):
            with self.subTest(name), self.refused("is not a domain"):
                self.domain(name)

    def test_names_that_break_an_address_are_refused_by_field(self):
        for field, label in (
            ("bounce_alias", "Bounce Alias"),
            ("catchall_alias", "Catchall Alias"),
            ("default_from", "Default From"),
        ):
            for value in ("in fo", "info\nBcc: x", "信息", "info\x07", "info\x00"):
                with self.subTest(f"{field} {value!r}"), self.refused(label):
                    self.domain(**{field: value})
        with self.refused("Default From"):
            self.domain(default_from="a@b@c.example")

    def test_a_name_that_is_an_alias_is_refused(self):
        model = self.env["ir.model"]._get("res.partner")
        self.env["mail.alias"].create({"alias_name": "orders", "alias_model_id": model.id})
        with self.refused("orders.*Contact"):
            self.domain(bounce_alias="orders")

    def test_bounce_and_catchall_must_differ(self):
        with self.refused("must differ"):
            self.domain(bounce_alias="info", catchall_alias="Info")

    def test_what_belongs_to_another_company_is_refused(self):
        other = self.domain("c.example", company_id=self.company_2.id)
        server = self.env["ir.mail_server"].create(
            {"name": "Server of 2", "smtp_host": "localhost", "company_id": self.company_2.id}
        )
        for values in ({"reply_to_domain_id": other.id}, {"mail_server_id": server.id}):
            with self.subTest(**values), self.refused("belongs to Company 2"):
                self.domain(company_id=self.company.id, **values)
        with self.refused("belongs to Company 2"):
            self.company.mail_domain_id = other

    def test_a_domain_in_use_cannot_move_to_another_company(self):
        """A company never ends up with a domain that it could not have chosen."""
        domain = self.domain()
        self.company.mail_domain_id = domain
        with self.refused("belongs to Company 2"):
            domain.company_id = self.company_2
        self.company.mail_domain_id = False
        self.domain("c.example", company_id=self.company.id, reply_to_domain_id=domain.id)
        with self.refused("belongs to Company 2"):
            domain.company_id = self.company_2

    def test_archiving_one_in_use_says_where(self):
        domain = self.domain()
        self.domain("c.example", reply_to_domain_id=domain.id)
        self.company_2.mail_domain_id = domain
        with self.refused("(?s)b.example.*Company 2.*c.example", UserError):
            domain.active = False
        self.company_2.mail_domain_id = False
        self.env["mail.routing.domain"].search([("name", "=", "c.example")]).reply_to_domain_id = False
        domain.active = False

    def test_an_archived_domain_routes_nothing(self):
        domain = self.domain(company_id=self.company.id)
        self.assertIn(domain.id, self.env["mail.routing"]._routing_table().domains)
        domain.active = False
        self.assertNotIn(domain.id, self.env["mail.routing"]._routing_table().domains)

    def test_a_prefix_that_breaks_the_address_is_refused(self):
        for value in ("in fo", "info@b.example", "info\nBcc: x"):
            with self.subTest(value), self.refused("Reply-To Prefix"):
                self.company.mail_reply_to_prefix = value

    def test_settings_show_the_resulting_address(self):
        self.company.mail_domain_id = self.domain(company_id=self.company.id)
        with Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.mail_reply_to_email, "catchall@b.example")
            form.mail_reply_to_by_company = True
            form.mail_reply_to_prefix = "info"
            self.assertEqual(form.mail_reply_to_email, "info@b.example")
        form.save().execute()
        self.assertEqual(self.company.mail_reply_to_email, "info@b.example")

    def test_without_a_catch_all_no_reply_address_is_promised(self):
        self.company.mail_domain_id = self.domain(company_id=self.company.id)
        with Form(self.env["res.config.settings"]) as form:
            form.mail_catchall_supported = False
            self.assertFalse(form.mail_reply_to_email)
        form.save().execute()
        self.assertFalse(self.company.mail_reply_to_email)

    def test_only_administrators_keep_them(self):
        domain = self.domain(company_id=self.company.id)
        with self.assertRaises(AccessError):
            domain.with_user(self.user_employee).read(["name"])
        domain.with_user(self.user_erp_manager).name = "d.example"
        self.assertEqual(domain.name, "d.example")
