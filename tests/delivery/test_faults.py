from odoo.tests import tagged

from ...dev.strict_server.faults import FAULTS
from .common_delivery import DeliveryCase

# Here the server may have the mail, and a person decides: see test_in_doubt.
DOUBTFUL = {
    "closes after DATA",
    "silent after DATA",
    "silent after DATA, stored",
    "999 after DATA, stored",
    "no code after DATA, stored",
}

OWN_TESTS = {"421 after 10 mails", "login refused", "TLS refused", "TLS handshake fails"}


@tagged("post_install", "-at_install")
class TestFaults(DeliveryCase):
    """The provider of one company is in trouble: the other nineteen do not notice, and its mails arrive, later."""

    def check_fault(self, name, clicks=False, **options):
        with self.servers(name, **options):
            mails = self.create_company_mails()
            self.run_queue()
            self.assertEqual(self.subjects(self.well), self.expected(self.companies[1:]))
            mine = mails.filtered(lambda mail: mail.record_company_id == self.companies[0])
            sent = mine.filtered(lambda mail: mail.state == "sent")
            self.assertEqual(len(self.troubled.mails), len(sent))
            self.assert_waits(mine - sent)

            self.troubled.faults.clear()
            if clicks:
                self.pass_time(hours=5)
                self.run_queue()
                self.assertFalse(self.troubled.mails)
                self.server.action_try_now()
            else:
                self.pass_time(minutes=3)
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"}, mine.mapped("failure_reason"))
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[0]))
            self.assertEqual(self.server.delivery_state, "ok")
            self.assertFalse(self.server.activity_ids)

    def test_each_fault(self):
        for name in FAULTS.keys() - DOUBTFUL - OWN_TESTS:
            with self.subTest(name):
                self.check_fault(name)

    def test_tls_refused(self):
        self.check_fault("TLS refused", tls="starttls")

    def test_tls_handshake_fails(self):
        self.check_fault("TLS handshake fails", tls="starttls")

    def test_a_refused_login_needs_a_click(self):
        self.check_fault("login refused", clicks=True)

    def test_a_session_that_ends_after_ten_mails_is_opened_again(self):
        with self.servers("421 after 10 mails"):
            mails = self.create_company_mails(35, self.companies[0])
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"})
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[0], 35))
            self.assertEqual(self.troubled.sessions, 4)
            self.assertEqual(self.server.delivery_state, "ok")
