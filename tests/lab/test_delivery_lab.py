from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CUSTOMER
from ..delivery.common_delivery import MUTED, DeliveryCase
from .common_lab import BOX_A, BOX_B, LabCase

# Twice what anvil lets pass in a minute, and one.
MAILS = 5


@tagged("post_install", "-at_install")
class TestDeliveryLab(LabCase, DeliveryCase):
    """Postfix is down, wants to be asked again, or has had enough: each mail arrives, once, and only later."""

    COMPANIES = 0

    def create_mails(self, count=MAILS, record=None, author='"ZY" <zy@b.example>', **values):
        mails = self.env["mail.mail"]
        for number in range(count):
            mails |= self.mail(record or self.record_b, author, subject=f"Order {number}", **values)
        return mails

    def run_queue(self):
        with mute_logger(*MUTED):
            return super().run_queue()

    def server_of_b(self, port="submissions", **values):
        return self.outgoing(BOX_B, port, company_id=self.company_b.id, **values)

    def assert_arrived_once(self, mails):
        """Check what is in the customer's mailbox, and that Odoo knows it."""
        self.assert_sent(mails)
        self.assertEqual(
            Counter(str(mail.message["Subject"]) for mail in self.buyer.mails()), Counter(mails.mapped("subject"))
        )

    def run_until_sent(self, mails, server):
        """Let time pass and the queue run, and anvil's minute with it; return how often it ran."""
        for turn in range(1, 20):
            self.lab.settle()
            self.lab.postfix.stop()
            self.lab.postfix.start()
            self.pass_time(hours=5)
            self.run_queue()
            if set(mails.mapped("state")) == {"sent"}:
                self.assertEqual(server.delivery_state, "ok")
                return turn
            self.assert_waits(mails.filtered(lambda mail: mail.state != "sent"))
        return self.fail(mails.mapped("failure_reason"))

    def test_postfix_stopped_and_started_again(self):
        for port in ("submission", "submissions"):
            with self.subTest(port=port):
                self.begin()
                server = self.server_of_b(port)
                mails = self.create_mails()
                self.lab.postfix.stop()
                try:
                    self.run_queue()
                finally:
                    self.lab.postfix.start()
                self.assert_waits(mails)
                self.assertEqual(server.delivery_state, "resting")
                self.assertFalse(self.buyer.mails())
                self.pass_time(minutes=3)
                self.run_queue()
                self.assert_arrived_once(mails)
                self.assertEqual(server.delivery_state, "ok")

    def test_the_other_company_does_not_notice(self):
        self.server_a = self.outgoing(BOX_A, company_id=self.company_a.id)
        down = self.server_of_b(smtp_port=1)
        mine = self.create_mails(2)
        others = self.create_mails(3, self.record_a, author='"ZY" <zy@a.example>')
        self.run_queue()
        self.assert_arrived_once(others)
        self.assert_waits(mine)
        self.assertEqual((down.delivery_state, self.server_a.delivery_state), ("resting", "ok"))

    def test_greylisted_until_it_has_waited(self):
        server = self.server_of_b("submission")
        self.lab.greylist.is_on = True
        mails = self.create_mails()
        self.run_queue()
        self.assert_waits(mails)
        self.assertIn("Greylisted", mails[0].failure_reason)
        self.assertEqual(server.delivery_state, "ok")
        self.pass_time(minutes=3)
        self.run_queue()
        self.assert_waits(mails)
        self.lab.greylist.pause()
        self.pass_time(minutes=6)
        self.run_queue()
        self.assert_arrived_once(mails)

    def assert_limited(self, port, words, **values):
        """Check that a server that has had enough rests, and that all mails arrive once, a few at a time."""
        server = self.server_of_b(port, **values)
        mails = self.create_mails()
        self.run_queue()
        early = mails.filtered(lambda mail: mail.state == "sent")
        self.assertLess(len(early), MAILS)
        self.assertTrue(self.lab.log.lines(words))
        self.assert_waits(mails - early)
        self.assertEqual(server.delivery_state, "resting")
        self.assertGreater(self.run_until_sent(mails, server), 1)
        self.assert_arrived_once(mails)

    def test_too_many_mails(self):
        self.assert_limited("message_rate", "Message delivery request rate limit exceeded")

    def test_too_many_recipients(self):
        self.assert_limited("recipient_rate", "Recipient address rate limit exceeded")

    def test_too_many_connections(self):
        self.assert_limited("connection_rate", "Connection rate limit exceeded", limit_per_session=1)

    def test_too_many_logins(self):
        self.assert_limited("login_rate", "AUTH command rate limit exceeded", limit_per_session=1)

    def test_a_wrong_password_waits_for_a_person(self):
        server = self.server_of_b(smtp_pass="wrong")
        mails = self.create_mails(2)
        self.run_queue()
        self.assert_waits(mails)
        self.assertEqual(server.delivery_state, "stopped")
        self.assertTrue(self.lab.log.lines("authentication failed"))
        self.pass_time(hours=5)
        self.run_queue()
        self.assertEqual(len(self.lab.log.lines("SASL PLAIN authentication failed")), 1)
        server.smtp_pass = "secret"
        self.run_queue()
        self.assert_arrived_once(mails)

    def test_one_session_for_a_run(self):
        self.server_of_b()
        mails = self.create_mails(20)
        self.run_queue()
        self.assert_arrived_once(mails)
        self.assertEqual(len(self.lab.log.lines("smtpd", ": disconnect from")), 1)

    def test_some_recipients_are_refused(self):
        """The server knows its own mailboxes: one of two addresses is wrong, and the other gets the mail once."""
        self.server_of_b("open")
        mail = self.create_mails(1, email_to=f"{CUSTOMER}, nobody@elsewhere.example")
        self.run_queue()
        self.pass_time(hours=5)
        self.run_queue()
        self.assertTrue(self.lab.log.lines("550 5.1.1 <nobody@elsewhere.example>"))
        self.assertEqual(len(self.buyer.mails()), 1)
        self.assertIn("nobody@elsewhere.example", mail.failure_reason)
