from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.setup.ir_mail_server_check import SenderRefused
from ..common import USERNAME, StrictMailCase


@tagged("post_install", "-at_install")
class TestConnectionCheck(StrictMailCase):
    """Test Connection tells me what will happen to real mails, not to a made-up sender."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.user_admin)

    def refusal(self):
        """Press Test Connection and return the error."""
        with self.assertRaises(SenderRefused) as raised:
            self.server.test_smtp_connection()
        return raised.exception

    def test_a_refused_envelope_is_named_and_the_switch_offered(self):
        for wording, words in (
            ("tencent", "501 mail from address must be same as authorization user"),
            ("netease", "553 Mail from must equal authorized user"),
            ("postfix", "553 5.7.1 <bounce.test@test.com>: Sender address rejected"),
        ):
            with self.subTest(wording), self.strict_server(wording):
                message, action, button, context = self.refusal().args
                self.assertIn(words, message)
                self.assertIn(self.server.name, message)
                self.assertIn("Restrict Username", button)
                self.assertEqual(self.env["ir.actions.server"].browse(action).model_id.model, "ir.mail_server")
                self.assertEqual(context["active_ids"], self.server.ids)

    def test_a_refused_from_header_is_named_too(self):
        """Core's test stops before the header is sent, and passes where sending fails."""
        with self.strict_server("header"):
            self.assertIn('550 The "From" header', str(self.refusal()))

    def test_the_error_is_one_that_every_caller_knows(self):
        with self.strict_server():
            error = self.refusal()
        self.assertIsInstance(error, UserError)
        self.assertEqual(error.context["exception_class"], "odoo.exceptions.RedirectWarning")

    def test_the_offered_switch_makes_it_pass(self):
        with self.strict_server():
            _message, action, _button, context = self.refusal().args
            self.env["ir.actions.server"].browse(action).with_context(**context).run()
            self.assertEqual(self.server.sender_policy, "username")
            notification = self.server.test_smtp_connection()
        self.assertEqual(notification["params"]["type"], "success")
        self.assertIn(f'"Author Name" <{USERNAME}>', notification["params"]["message"])

    def test_the_test_mail_has_the_sender_of_real_mails_and_goes_to_oneself(self):
        self.company.mail_restrict_username = True
        with self.strict_server("header"):
            self.server.test_smtp_connection()
        stored = self.last_mail()
        self.assert_only_own_sender(stored)
        self.assertEqual(self.from_header(stored), f'"{self.user_admin.name}" <{USERNAME}>')
        self.assertEqual(stored.rcpt_tos, (USERNAME,))

    def test_nothing_is_offered_where_restrict_username_is_on_already(self):
        self.company.mail_restrict_username = True
        with self.strict_server():
            self.server.sender_address = "other@strict.example"
            with self.assertRaises(UserError) as raised:
                self.server.test_smtp_connection()
        self.assertNotIsInstance(raised.exception, SenderRefused)
        self.assertIn("other@strict.example", str(raised.exception))

    def test_a_username_that_is_no_address_is_told_to_set_one(self):
        with self.strict_server(login="kevin", address=USERNAME):
            with self.assertRaisesRegex(UserError, "Sender Address"):
                self.server.test_smtp_connection()

    def test_an_administrator_without_an_address_can_test(self):
        self.user_admin.email = False
        self.company.write({"email": False, "mail_restrict_username": True})
        with self.strict_server("header"):
            self.server.test_smtp_connection()
        self.assert_only_own_sender(self.last_mail())

    def test_another_companys_server_is_tested_as_that_company(self):
        self._activate_multi_company()
        self.company_2.sudo().mail_restrict_username = True
        with self.strict_server("header"):
            self.server.company_id = self.company_2
            both = self.server.with_context(allowed_company_ids=(self.company + self.company_2).ids)
            both.test_smtp_connection()
            self.assertIn(f"<{USERNAME}>", both.sender_policy_info)
        self.assert_only_own_sender(self.last_mail())

    def test_a_kept_author_is_tested_as_core_sends_it(self):
        with self.strict_server("open"):
            self.server.test_smtp_connection()
        self.assertEqual(self.from_header(self.last_mail()), f'"{self.user_admin.name}" <notifications@test.com>')

    def test_other_errors_stay_cores(self):
        with self.strict_server():
            self.server.smtp_pass = "wrong"
            with self.assertRaisesRegex(UserError, "Server replied with following exception"):
                self.server.test_smtp_connection()

    def test_an_archived_server_can_be_tested(self):
        with self.strict_server():
            self.server.write({"active": False, "sender_policy": "username"})
            self.server.test_smtp_connection()
        self.assert_only_own_sender(self.last_mail())
