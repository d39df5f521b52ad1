from odoo.tests import tagged

from .common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestSendAgain(DeliveryCase):
    """I select mails in the list and press a button: it does what it says, to those it is meant for."""

    COMPANIES = 2

    def create_one(self):
        return self.create_company_mails(1, self.companies[0])

    def test_a_mail_that_arrived_is_not_sent_again(self):
        with self.servers():
            sent, failed = self.create_one(), self.create_one()
            sent.send()
            failed.state = "exception"
            (sent | failed).action_send_again()
            self.assertEqual(sent.state, "sent")
            self.run_queue()
            self.assertEqual(failed.state, "sent")
            self.assertEqual(len(self.troubled.mails), 2)

    def test_a_mail_that_waits_is_tried_at_once(self):
        with self.servers("451 at RCPT"):
            mail = self.create_one()
            mail.send()
            self.troubled.faults.clear()
            mail.action_send_again()
            self.run_queue()
            self.assertEqual(mail.state, "sent")

    def test_a_mail_scheduled_by_a_person_stays_scheduled(self):
        with self.servers():
            mail = self.create_one()
            mail.scheduled_date = "2040-01-01 00:00:00"
            mail.action_send_again()
            self.assertTrue(mail.scheduled_date)

    def test_only_what_is_in_doubt_can_have_arrived(self):
        with self.servers():
            doubtful, failed = self.create_one(), self.create_one()
            doubtful._set_in_doubt(["customer@elsewhere.example"], "Odoo was stopped.")
            failed.state = "exception"
            (doubtful | failed).action_has_arrived()
            self.assertEqual(failed.state, "exception")
            self.run_queue()
            self.assertEqual(doubtful.state, "sent")
            self.assertFalse(self.troubled.mails)

    def test_nothing_asks_for_a_decision_that_was_made(self):
        with self.servers():
            mail = self.create_one()
            mail._set_in_doubt(["customer@elsewhere.example"], "Odoo was stopped.")
            mail.action_send_again()
            self.assertFalse(mail.failure_reason)
            mail.state = "exception"
            mail.failure_reason = "Failed"
            mail.mark_outgoing()
            self.assertFalse(mail.failure_reason)
