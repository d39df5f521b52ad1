from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CUSTOMER, mailboxes
from ..delivery.common_delivery import MUTED
from .common_lab import BOX_A, BOX_B, LabCase

AUTHOR = '"ZY" <zy@b.example>'
NOT_OWNED = "553 5.7.1"
FOREIGN_HEADER = "must be same as authorization user"


@tagged("post_install", "-at_install")
class TestSenderPolicies(LabCase):
    """What arrives, and what Postfix refuses, with each sender policy at each kind of server."""

    def setUp(self):
        super().setUp()
        self.company_b.mail_restrict_username = False

    def send(self, policy, port, login=BOX_B, author=AUTHOR, company=None):
        """Send a mail of ZY about a record of B, or of another company; return it."""
        company = company or self.company_b
        self.outgoing(login, port, company_id=company.id, sender_policy=policy)
        mail = self.mail(self.record_a if company == self.company_a else self.record_b, author)
        with mute_logger(*MUTED):
            mail.send()
        return mail

    def test_the_author_is_kept_where_the_login_owns_the_domain(self):
        self.send("keep", "submission", BOX_A, '"ZY" <zy@a.example>', self.company_a)
        self.assert_senders("zy@a.example", "", "bounce@a.example")

    def test_the_author_is_kept_at_a_server_that_takes_anybody(self):
        self.send("keep", "open")
        self.assert_senders("zy@b.example", "", "bounce@b.example")

    def test_a_kept_author_is_refused_by_the_envelope(self):
        self.assert_refused(self.send("keep", "submission"), NOT_OWNED, f"not owned by user {BOX_B}", CUSTOMER)

    def test_a_kept_author_is_refused_by_the_header(self):
        self.assert_refused(self.send("keep", "header"), "END-OF-MESSAGE", FOREIGN_HEADER)

    def test_on_behalf_passes_where_the_envelope_is_checked(self):
        self.send("on_behalf", "submission")
        self.assert_senders("zy@b.example", BOX_B, BOX_B)

    def test_on_behalf_is_refused_where_the_header_is_checked(self):
        self.assert_refused(self.send("on_behalf", "submissions"), "END-OF-MESSAGE", FOREIGN_HEADER)

    def test_the_username_passes_everywhere(self):
        for port in ("submission", "submissions", "header", "open"):
            with self.subTest(port=port):
                self.begin()
                self.send("username", port)
                self.assert_senders(BOX_B, "", BOX_B)
                self.assertEqual(self.lab.log.logins(), [BOX_B])

    def test_auto_follows_restrict_username(self):
        self.company_b.mail_restrict_username = True
        self.send("auto", "submissions")
        self.assert_senders(BOX_B, "", BOX_B)
        self.assertNotIn("reject", self.lab.log.text())

    def test_auto_keeps_the_author_where_he_is_taken(self):
        self.send("auto", "open")
        self.assert_senders("zy@b.example", "", "bounce@b.example")

    def test_a_name_that_is_hard_to_write_passes_the_check_of_the_header(self):
        """A milter that reads two addresses in it refuses the mail."""
        for name in ("作者 一, Co.", "Müller, Jörg", 'Zoë "Z" 😀', f"{'A' * 120} é"):
            with self.subTest(name=name):
                self.begin()
                author = self.zy.partner_id.copy({"name": name, "email": "zy@b.example"})
                self.assert_sent(self.send("username", "submissions", author=author.email_formatted))
                self.assertEqual(mailboxes(self.received(), "From"), [(name, BOX_B)])
