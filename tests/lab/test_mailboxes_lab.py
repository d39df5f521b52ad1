from odoo.tests import tagged
from odoo.tools import mute_logger

from ...dev.lab import Person
from ..mailbox.common_fetch import FETCH_LOG
from .common_lab import BOX_A, BOX_B, LabCase

FULL = "full@a.example"


class MailboxesMixin:
    """Odoo at Dovecot: with TLS and without, refused, away for a while, many mails."""

    @mute_logger(FETCH_LOG)
    def fetch_both(self):
        return super().fetch_both()

    def test_with_tls_and_without(self):
        for is_ssl in (True, False):
            with self.subTest(is_ssl=is_ssl):
                port = {"imap": "imaps" if is_ssl else "imap", "pop": "pops" if is_ssl else "pop"}[self.protocol]
                self.box_a.write({"is_ssl": is_ssl, "port": self.lab.port[port]})
                self.buyer.send("desk@a.example", f"Order {is_ssl}")
                self.fetch_both()
                self.assertEqual(len(self.partners(f"Order {is_ssl}")), 1)

    def test_the_button_on_the_form(self):
        self.box_a.state = "draft"
        self.box_a.button_confirm_login()
        self.assertEqual(self.box_a.state, "done")

    def test_a_wrong_password_is_shown_and_the_other_mailbox_is_fetched(self):
        self.box_a.password = "wrong"
        self.lab.mailboxes.lead("desk@b.example", BOX_B)
        for address in ("desk@a.example", "desk@b.example"):
            self.buyer.send(address, f"To {address}")
        self.fetch_both()
        self.assertFalse(self.partners("To desk@a.example"))
        self.assertEqual(len(self.partners("To desk@b.example")), 1)
        self.assertTrue(self.box_a.last_error)
        self.box_a.password = "secret"
        self.fetch_both()
        self.assertEqual(len(self.partners("To desk@a.example")), 1)

    def test_dovecot_stopped_and_started_again(self):
        self.buyer.send("desk@a.example", "Patience")
        self.lab.settle()
        self.lab.dovecot.stop()
        try:
            self.fetch_both()
        finally:
            self.lab.dovecot.start()
        self.assertFalse(self.partners("Patience"))
        self.fetch_both()
        self.assertEqual(len(self.partners("Patience")), 1)
        self.assertFalse(self.box_a.last_error)

    def test_many_mails_each_once(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 100)
        for number in range(30):
            self.buyer.send("desk@a.example", f"Many {number}")
        self.fetch_both()
        self.fetch_both()
        names = [f"Many {number}" for number in range(30)]
        self.assertCountEqual(self.partners(*names).mapped("name"), names)
        self.assertEqual(len(self.box(BOX_A)), 30 if self.protocol == "imap" else 0)

    def test_a_mailbox_that_is_full(self):
        """The customer is told; what fitted is fetched, and then there is room again where POP deletes."""
        self.lab.mailboxes.add(FULL, quota="4K")
        self.lab.mailboxes.lead("@a.example", FULL)
        self.box_a.user = FULL
        self.buyer.send("desk@a.example", "Small")
        self.buyer.send("desk@a.example", "Large", "x" * 60 + "\n" + "y\n" * 3000)
        [report] = self.buyer.mails()
        self.assertIn(b"Quota exceeded", report.data)
        self.fetch_both()
        self.assertEqual(len(self.partners("Small", "Large")), 1)


@tagged("post_install", "-at_install")
class TestMailboxesImap(MailboxesMixin, LabCase):
    protocol = "imap"

    def test_another_folder_than_the_inbox(self):
        with Person(self.lab, BOX_A).imap() as client:
            client.create("Orders")
        self.buyer.send("desk@a.example", "Filed")
        self.lab.settle()
        with Person(self.lab, BOX_A).imap() as client:
            client.copy("1", "Orders")
            client.store("1", "+FLAGS", "\\Deleted")
            client.expunge()
        self.fetch_both()
        self.assertFalse(self.partners("Filed"))
        self.box_a.imap_folder = "Orders"
        self.fetch_both()
        self.assertEqual(len(self.partners("Filed")), 1)


@tagged("post_install", "-at_install")
class TestMailboxesPop(MailboxesMixin, LabCase):
    protocol = "pop"
