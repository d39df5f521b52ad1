from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common_identities import IdentitiesCase


@tagged("post_install", "-at_install")
class TestKeepingIdentities(IdentitiesCase):
    """An administrator manages the identities; users see only their own."""

    def test_a_user_reads_its_own_in_all_companies(self):
        mine = self.identity_a + self.identity_b + self.identity_c
        only_a = self.as_zy["mail.sender.identity"].with_context(allowed_company_ids=self.company_a.ids)
        self.assertEqual(only_a.search([]), mine)
        with self.assertRaises(AccessError):
            self.identity_boss.with_env(self.as_zy).read(["email"])

    def test_a_user_changes_none(self):
        mine = self.identity_a.with_env(self.as_zy)
        with self.assertRaises(AccessError):
            mine.email = "ceo@a.example"
        with self.assertRaises(AccessError):
            mine.unlink()
        with self.assertRaises(AccessError):
            mine.create({"user_id": self.zy.id, "company_id": self.company_a.id, "email": "zy2@a.example"})
        with self.assertRaises(AccessError):
            self.zy.with_user(self.zy).write({"mail_identity_ids": [(0, 0, {"email": "zy2@a.example"})]})

    def test_an_administrator_of_one_company_sees_none_of_the_other(self):
        identities = self.env["mail.sender.identity"].with_user(self.user_admin)
        seen = identities.with_context(allowed_company_ids=self.company_a.ids).search([])
        self.assertEqual(seen, self.identity_a + self.identity_boss)

    def test_preferences_of_an_ordinary_user(self):
        self.zy.tz = "Asia/Shanghai"
        user = self.zy.with_user(self.zy).with_context(allowed_company_ids=self.company_a.ids)
        with Form(user, view="base.view_users_form_simple_modif") as form:
            form.signature = "<p>ZY</p>"
            with self.assertRaisesRegex(AssertionError, "not editable"):
                form.mail_identity_ids.remove(0)
        emails = [
            identity["email"]
            for identity in self.as_zy["mail.sender.identity"]
            .browse(user.read(["mail_identity_ids"])[0]["mail_identity_ids"])
            .read(["email"])
        ]
        self.assertEqual(emails, ["zy@a.example", "zy@b.example", "zy@c.example"])

    def test_a_user_does_not_read_those_of_another_through_the_user(self):
        self.assertFalse(self.boss.with_user(self.zy).mail_identity_ids)

    def test_an_administrator_adds_one_on_the_user(self):
        admin = self.env["res.users"].with_user(self.user_admin)
        with Form(admin.browse(self.boss.id), view="base.view_users_form") as form:
            with form.mail_identity_ids.new() as line:
                line.email = "boss@a.example"
        self.assertEqual(self.boss.mail_identity_ids.mapped("email"), ["ceo@a.example", "boss@a.example"])
        self.assertEqual(self.boss.mail_identity_ids.company_id, self.company_a)

    def test_the_tab_is_the_administrators(self):
        manager = new_test_user(self.env, "manager", groups="base.group_erp_manager")
        for user, is_shown in ((self.user_admin, True), (manager, False)):
            arch = self.env["res.users"].with_user(user).get_view(self.env.ref("base.view_users_form").id)["arch"]
            self.assertEqual('name="mail_identities"' in arch, is_shown)

    def test_messages_name_the_record_and_the_cure(self):
        for user, company, email, words in (
            (self.zy, self.company_a, "zy@b.example", "zy@b.example.*belongs to B Trading"),
            (self.boss, self.company_b, "boss@b.example", "Boss does not belong to B Trading.*Allow the company"),
            (self.zy, self.company_a, "zy\n@a.example", "line break"),
            (self.zy, self.company_a, "zy", "exactly one @"),
        ):
            with self.subTest(email), self.assertRaisesRegex(ValidationError, words):
                self.grant(user, company, email)

    def test_none_twice(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.grant(self.zy, self.company_a, "zy@a.example")

    def test_an_underscore_in_an_address_stands_for_itself(self):
        self.user_admin.email = "of_ice@a.example"
        self.grant(self.user_admin, self.company_a, "office@a.example")
        with self.assertRaises(ValidationError):
            self.grant(self.zy, self.company_a, "of_ice@a.example")

    def test_an_address_that_two_users_have(self):
        """If only the first user owned it, the other could no longer write from an address that was always theirs."""
        self.user_admin.email = "office@a.example"
        with self.assertRaises(ValidationError) as caught:
            self.grant(self.zy, self.company_a, "Office@a.example")
        self.assertIn(self.user_admin.name, str(caught.exception))
        self.grant(self.user_admin, self.company_a, "office@a.example")
        self.grant(self.zy, self.company_a, "Office@a.example")
