from collections import Counter

from odoo.tests import tagged

from ...dev.strict_server.faults import RCPT, Fault
from .common_delivery import DeliveryCase

NAMES = ("a", "b", "c")
REFUSED = "550 5.1.1 <b@there.example>: User unknown"
LATER = "451 4.7.1 Greylisted, try again later"


@tagged("post_install", "-at_install")
class TestSomeRefused(DeliveryCase):
    """One of three recipients is refused: the two others get the mail, and get it once."""

    COMPANIES = 2

    def refuse(self, answer, *names):
        self.troubled.faults.set(*(Fault(RCPT, answer, recipient=f"{name}@there.example") for name in names or "b"))

    def received(self):
        """Return how often each recipient got a mail."""
        counts = Counter(email[0] for stored in self.troubled.mails for email in stored.rcpt_tos)
        return "".join(sorted(counts.elements()))

    def send_together(self):
        """Send one mail to three addresses."""
        emails = ", ".join(f"{name}@there.example" for name in NAMES)
        mail = self.create_company_mails(1, self.companies[0], email_to=emails)
        self.run_queue()
        return mail

    def create_partners(self):
        return self.env["res.partner"].create([{"name": name, "email": f"{name}@there.example"} for name in NAMES])

    def send_one_by_one(self):
        """Send one mail to three partners, each of whom has a notification."""
        partners = self.create_partners()
        record = self.env["res.partner"].create({"name": "Record"})
        message = record.message_post(body="Hello", message_type="comment")
        message.record_company_id = self.companies[0]
        mail = self.create_company_mails(
            1,
            self.companies[0],
            email_to=False,
            recipient_ids=partners.ids,
            mail_message_id=message.id,
            is_notification=True,
        )
        self.notifications = self.env["mail.notification"].create(
            [
                {
                    "mail_message_id": message.id,
                    "mail_mail_id": mail.id,
                    "res_partner_id": partner.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                }
                for partner in partners
            ]
        )
        self.run_queue()
        return mail

    def statuses(self):
        return self.notifications.mapped("notification_status")

    def send_again(self, mail):
        """Press the button, with the server as it is now."""
        mail.action_send_again()
        self.run_queue()

    def test_one_of_three_addresses_for_good(self):
        with self.servers():
            self.refuse(REFUSED)
            mail = self.send_together()
            self.assertEqual(mail.state, "exception")
            self.assertIn("b@there.example", mail.failure_reason)
            self.assertIn("User unknown", mail.failure_reason)
            self.assertEqual(self.received(), "ac")
            self.run_queue()
            self.send_again(mail)
            self.assertEqual((mail.state, self.received()), ("exception", "ac"))
            self.troubled.faults.clear()
            self.send_again(mail)
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))

    def test_one_of_three_addresses_for_now(self):
        with self.servers():
            self.refuse(LATER)
            mail = self.send_together()
            self.assert_waits(mail)
            self.assertEqual(self.received(), "ac")
            self.troubled.faults.clear()
            self.pass_time(minutes=3)
            self.run_queue()
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))

    def test_one_of_three_partners_for_good(self):
        with self.servers():
            self.refuse(REFUSED)
            mail = self.send_one_by_one()
            self.assertEqual((mail.state, self.received()), ("exception", "ac"))
            self.assertEqual(self.statuses(), ["sent", "exception", "sent"])
            self.assertIn("User unknown", self.notifications[1].failure_reason)
            self.troubled.faults.clear()
            self.send_again(mail)
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))
            self.assertEqual(self.statuses(), ["sent"] * 3)

    def test_one_of_three_partners_for_now(self):
        with self.servers():
            self.refuse(LATER)
            mail = self.send_one_by_one()
            self.assert_waits(mail)
            self.assertEqual(self.received(), "ac")
            self.assertEqual(self.statuses(), ["sent", "ready", "sent"])
            self.assertEqual(self.notifications[1].failure_type, "mail_waits")
            self.troubled.faults.clear()
            self.pass_time(minutes=3)
            self.run_queue()
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))
            self.assertEqual(self.statuses(), ["sent"] * 3)

    def test_one_of_three_partners_for_good_and_one_for_now(self):
        with self.servers():
            bad = Fault(RCPT, REFUSED, recipient="b@there.example")
            self.troubled.faults.set(bad, Fault(RCPT, LATER, recipient="c@there.example"))
            mail = self.send_one_by_one()
            self.assert_waits(mail)
            self.assertEqual(self.received(), "a")
            self.troubled.faults.set(bad)
            self.pass_time(minutes=3)
            self.run_queue()
            self.assertEqual((mail.state, self.received()), ("exception", "ac"))
            self.assertEqual(self.statuses(), ["sent", "exception", "sent"])

    def test_where_exceptions_are_wanted(self):
        """Whoever catches the exception has a mail that Retry sends to the one who has not got it."""
        with self.servers():
            partners = self.create_partners()
            mail = self.create_company_mails(1, self.companies[0], email_to=False, recipient_ids=partners.ids)
            self.refuse(REFUSED)
            self.assertTrue(self.fails(mail))
            self.troubled.faults.clear()
            mail.action_retry()
            self.run_queue()
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))

    def test_a_copy_goes_to_all(self):
        """It is a mail of its own, that nobody has."""
        with self.servers():
            self.refuse(REFUSED)
            mail = self.send_together()
            self.troubled.faults.clear()
            copy = mail.copy()
            self.assertFalse(copy.delivery_doubt or copy.delivery_attempts or copy.delivery_answer)
            self.run_queue()
            self.assertEqual((copy.state, self.received()), ("sent", "aabcc"))

    def test_a_sent_mail_that_is_sent_once_more_goes_to_all(self):
        with self.servers():
            self.refuse(REFUSED)
            mail = self.send_together()
            self.troubled.faults.clear()
            self.send_again(mail)
            self.assertEqual((mail.state, self.received()), ("sent", "abc"))
            mail.mark_outgoing()
            self.run_queue()
            self.assertEqual((mail.state, self.received()), ("sent", "aabbcc"))
