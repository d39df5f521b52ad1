from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import StrictMailCase


@tagged("post_install", "-at_install")
class TestServerForm(StrictMailCase):
    """The form of a server says what will happen, and refuses what could not be sent."""

    def exmail(self, **values):
        return self.env["ir.mail_server"].create(
            {"name": "Exmail", "smtp_host": "smtp.exmail.qq.com", "smtp_user": "kevin@example.com", **values}
        )

    def test_the_policy_is_told_in_one_sentence(self):
        for values, sentence in (
            ({"sender_policy": "username"}, 'Mails leave as "Author Name" <kevin@example.com>.'),
            (
                {"sender_policy": "on_behalf"},
                'Mails leave as "Author Name" <author\'s address>, sent by kevin@example.com on behalf of the author.',
            ),
            ({"sender_policy": "keep"}, "Mails leave with the author's own address, as Odoo does it."),
            (
                {"sender_policy": "username", "smtp_user": "kevin", "sender_address": "Kevin@Example.com"},
                'Mails leave as "Author Name" <Kevin@example.com>.',
            ),
        ):
            with self.subTest(**values):
                self.assertEqual(self.exmail(**values).sender_policy_info, sentence)

    def test_auto_follows_the_current_company(self):
        self._activate_multi_company()
        self.company_2.mail_restrict_username = True
        server = self.exmail()
        self.assertIn("as Odoo does it", server.sender_policy_info)
        self.assertIn("<kevin@example.com>", server.with_company(self.company_2).sender_policy_info)

    def test_the_sentence_changes_while_typing(self):
        with Form(self.env["ir.mail_server"]) as form:
            form.name = "Exmail"
            form.smtp_host = "smtp.exmail.qq.com"
            form.smtp_user = "kevin@example.com"
            form.sender_policy = "username"
            self.assertIn("<kevin@example.com>", form.sender_policy_info)

    def test_a_username_that_is_no_address_needs_a_sender_address(self):
        for policy in ("username", "on_behalf"):
            with self.subTest(policy), self.assertRaisesRegex(ValidationError, 'Exmail.*"kevin".*Sender Address'):
                self.exmail(smtp_user="kevin", sender_policy=policy)
        self.exmail(smtp_user="kevin", sender_policy="username", sender_address="kevin@example.com")
        self.exmail(smtp_user="kevin")

    def test_it_is_asked_for_from_both_sides(self):
        """Tick the company's box, or add such a server to a company with the box ticked."""
        server = self.exmail(smtp_user="apikey")
        with self.assertRaisesRegex(ValidationError, "Exmail.*Sender Address"):
            self.company.mail_restrict_username = True
        server.sender_address = "kevin@example.com"
        self.company.mail_restrict_username = True
        with self.assertRaisesRegex(ValidationError, "Sender Address"):
            self.exmail(smtp_user="apikey")

    def test_a_server_of_another_company_is_not_asked(self):
        self._activate_multi_company()
        self.exmail(smtp_user="apikey", company_id=self.company_2.id)
        self.company.mail_restrict_username = True
        self.exmail(smtp_user="apikey2", company_id=self.company_2.id)

    def test_a_server_without_login_may_stay(self):
        """A relay on the same machine takes every sender; there is no username to restrict to."""
        self.exmail(smtp_user=False)
        self.company.mail_restrict_username = True
        with self.assertRaisesRegex(ValidationError, "Sender Address"):
            self.exmail(smtp_user=False, sender_policy="username")

    def test_bad_sender_addresses_are_refused_by_name(self):
        for value, problem in (
            ("kevin@example.com\nBcc: x@y.com", "line break"),
            ("kevin@example.com\rX", "line break"),
            ("ke\x07vin@example.com", "control character"),
            ("ke\x00vin@example.com", "control character"),
            ("kevin@a.com@b.com", "exactly one @"),
            ("kevin", "exactly one @"),
            ("Kevin <kevin@example.com>", "before the @"),
            ("kevin@exam ple.com", "not a domain"),
        ):
            with self.subTest(value), self.assertRaisesRegex(ValidationError, f'Sender Address of "Exmail".*{problem}'):
                self.exmail(sender_address=value)

    def test_a_bad_username_never_reaches_the_wire(self):
        with self.assertRaisesRegex(ValidationError, "Exmail"):
            self.exmail(smtp_user="kevin@example.com\nBcc: x@y.com", sender_policy="username")
