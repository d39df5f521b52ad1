import base64

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mailbox.common_fetch import FETCH_LOG
from .common_lab import BOX_A, BOX_B, LabCase


class UnroutedMixin:
    """What has no place waits whole among the unrouted mails, for the company it was sent to."""

    @mute_logger(FETCH_LOG)
    def fetch_both(self):
        return super().fetch_both()

    def test_kept_whole_for_its_company(self):
        for address, box, company in (("sales@a.example", BOX_A, self.company_a), (BOX_B, BOX_B, self.company_b)):
            with self.subTest(address=address):
                self.begin()
                self.kept().unlink()
                self.buyer.send(address, "订单 Stray", "没有去处")
                [delivered] = self.box(box)
                self.fetch_both()
                self.fetch_both()
                row = self.kept()
                self.assertEqual((row.subject, row.company_id), ("订单 Stray", company))
                self.assertEqual(
                    base64.b64decode(row.eml).replace(b"\r\n", b"\n"), delivered.data.replace(b"\r\n", b"\n")
                )
                self.assertEqual(len(self.box(box)), 1 if self.protocol == "imap" else 0)

    def test_retry_once_there_is_an_alias(self):
        self.buyer.send("sales@a.example", "Stray")
        self.fetch_both()
        row = self.kept()
        self.alias.copy({"alias_name": "sales", "alias_model_id": self.alias.alias_model_id.id})
        row.action_retry()
        self.assertEqual(self.partners("Stray").company_id, self.company_a)
        self.assertEqual(row.state, "done")

    def test_mails_behind_it_are_fetched(self):
        for number in range(3):
            self.buyer.send("sales@a.example", f"Stray {number}")
            self.buyer.send("desk@a.example", f"Order {number}")
        self.fetch_both()
        self.assertEqual(len(self.partners("Order 0", "Order 1", "Order 2")), 3)
        self.assertEqual(sorted(self.kept().mapped("subject")), ["Stray 0", "Stray 1", "Stray 2"])

    def test_nobody_is_answered(self):
        """A real mailbox does not say: do not write to the catchall."""
        self.buyer.send(BOX_B, "Stray")
        self.outgoing_of_both()
        self.fetch_both()
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertFalse(self.buyer.mails())


@tagged("post_install", "-at_install")
class TestUnroutedImap(UnroutedMixin, LabCase):
    protocol = "imap"


@tagged("post_install", "-at_install")
class TestUnroutedPop(UnroutedMixin, LabCase):
    protocol = "pop"
