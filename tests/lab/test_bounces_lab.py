from odoo.tests import tagged
from odoo.tools import mute_logger

from ..delivery.common_delivery import MUTED
from .common_lab import BOX_A, BOX_B, LabCase

SMALL = "small@elsewhere.example"
# What cannot be delivered, and the words that the author reads.
TROUBLES = {
    "nobody@elsewhere.example": "does not know this address",
    "nobody@nowhere.example": "No such domain",
    SMALL: "Quota exceeded",
}


class BouncesMixin:
    """Postfix takes a mail and cannot deliver it: its report comes back to Odoo, and the author sees why."""

    def setUp(self):
        super().setUp()
        self.lab.mailboxes.add(SMALL, quota="1K")
        self.outgoing_of_both()

    def write_to(self, email, record, *others):
        """Let ZY write to a contact with this address, and to others; return its notification."""
        partner = self.env["res.partner"].create({"name": "Gone", "email": email})
        with mute_logger(*MUTED):
            message = self.post(record, partner.union(*others), subject="Offer")
        self.assertEqual({n.notification_status for n in message.notification_ids}, {"sent"})
        return message.notification_ids.filtered(lambda n: n.res_partner_id == partner)

    def assert_reported(self, notification, reason, box):
        """Check that Postfix has reported to a mailbox, and that Odoo tells the author what the report says."""
        [report] = self.box(box)
        self.assertEqual(report.message.get_content_type(), "multipart/report")
        self.assertEqual(report.mail_from, "MAILER-DAEMON")
        count = self.env["mail.message"].search_count([])
        self.fetch_both()
        self.assertEqual((notification.notification_status, notification.failure_type), ("bounce", "mail_bounce"))
        self.assertIn(reason, notification.failure_reason)
        self.assertEqual(self.env["mail.message"].search_count([]), count)
        self.assertFalse(self.kept())

    def test_to_the_bounce_address_in_a_catch_all(self):
        for email, reason in TROUBLES.items():
            with self.subTest(email=email):
                self.begin()
                self.lab.mailboxes.add(SMALL, quota="1K")
                self.outgoing_of_both()
                notification = self.write_to(email, self.record_a)
                self.assertEqual([mail.recipient for mail in self.box(BOX_A)], ["bounce@a.example"])
                self.assert_reported(notification, reason, BOX_A)

    def test_to_the_mailbox_that_the_mail_was_sent_from(self):
        for email, reason in TROUBLES.items():
            with self.subTest(email=email):
                self.begin()
                self.lab.mailboxes.add(SMALL, quota="1K")
                self.outgoing_of_both()
                self.assert_reported(self.write_to(email, self.record_b), reason, BOX_B)

    def test_one_of_two_recipients(self):
        notification = self.write_to("nobody@elsewhere.example", self.record_b, self.record_b)
        self.assert_reported(notification, "does not know this address", BOX_B)
        self.assertEqual(self.received().message["Subject"], "Offer")
        [other] = notification.mail_message_id.notification_ids - notification
        self.assertEqual(other.notification_status, "sent")

    def test_the_answer_of_somebody_away_is_no_bounce(self):
        self.post(self.record_b, subject="Offer")
        self.buyer.answer(self.received(), **{"Auto-Submitted": "auto-replied", "Subject": "Out of office"})
        self.fetch_both()
        statuses = self.messages_of(self.record_b).notification_ids.mapped("notification_status")
        self.assertNotIn("bounce", statuses)


@tagged("post_install", "-at_install")
class TestBouncesImap(BouncesMixin, LabCase):
    protocol = "imap"


@tagged("post_install", "-at_install")
class TestBouncesPop(BouncesMixin, LabCase):
    protocol = "pop"
