from unittest.mock import patch

from odoo.tests import tagged

from .common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestTold(DeliveryCase):
    """I press Send, and am told at once that my mail waits, why, and until when."""

    COMPANIES = 2

    def told(self, send):
        """Return whom the web client shows what, while something is sent."""
        with patch.object(type(self.env["bus.bus"]), "_sendmany") as sendmany:
            send()
        rows = [row for call in sendmany.call_args_list for row in call.args[0]]
        return [(target, shown) for target, kind, shown in rows if kind == "simple_notification"]

    def create_mine(self, count=1, **values):
        return self.create_company_mails(count, self.companies[0], author_id=self.user_employee.partner_id.id, **values)

    def test_the_author_is_told(self):
        with self.servers("451 at RCPT"):
            [(target, shown)] = self.told(self.create_mine().send)
            self.assertEqual(target, self.user_employee.partner_id)
            self.assertEqual(shown["title"], "Your mail waits")
            self.assertRegex(shown["message"], r"Waits until .*451 4\.7\.1")
            self.assertEqual(shown["type"], "warning")

    def test_one_message_that_leaves_as_several_mails_is_told_once(self):
        """Customers and colleagues get a mail each."""
        with self.servers("451 at RCPT"):
            mail = self.create_mine()
            mails = mail | mail.copy({"mail_message_id": mail.mail_message_id.id})
            [(_target, shown)] = self.told(mails.send)
            self.assertEqual(set(mails.mapped("state")), {"outgoing"})
            self.assertEqual(shown["title"], "Your mail waits")

    def test_many_messages_are_told_together(self):
        with self.servers("down"):
            [(_target, shown)] = self.told(self.create_mine(3).send)
            self.assertEqual(shown["title"], "3 of your mails wait")

    def test_it_is_told_in_the_language_and_the_time_zone_of_the_author(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user_employee.write({"lang": "fr_FR", "tz": "Asia/Shanghai"})
        with (
            self.servers("451 at RCPT"),
            patch("odoo.addons.mail_company_routing.models.delivery.mail_mail_outcome.next_attempt") as due,
        ):
            due.side_effect = lambda _since, _attempts, now, _hours: now.replace(2040, 3, 1, 20, 30, 0)
            [(_target, shown)] = self.told(self.create_mine().send)
            self.assertIn("02/03/2040 04:30", shown["message"])

    def test_whoever_pressed_the_button_is_told_in_place_of_the_author(self):
        """An administrator presses Send Now on a mail of somebody else."""
        self.user_admin.company_ids |= self.companies
        with self.servers("451 at RCPT"):
            [(target, _shown)] = self.told(
                self.create_mine(model="res.partner", res_id=self.customer.id).with_user(self.user_admin).send
            )
            self.assertEqual(target, self.user_admin.partner_id)

    def test_customers_are_not_told(self):
        with self.servers("451 at RCPT"):
            self.assertFalse(self.told(self.create_company_mails(1, self.companies[0]).send))
            mail = self.create_company_mails(1, self.companies[0], author_id=self.customer.id)
            self.assertFalse(self.told(mail.send))

    def test_what_a_scheduled_action_sends_is_told_to_nobody(self):
        with self.servers("451 at RCPT"):
            mail = self.create_mine()
            self.assertFalse(self.told(mail.with_context(lastcall=False).send))
            self.assert_waits(mail)

    def test_what_leaves_is_told_to_nobody(self):
        with self.servers():
            self.assertFalse(self.told(self.create_mine().send))
