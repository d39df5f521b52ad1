from odoo.tests import tagged

from ...dev.strict_server.faults import RCPT, Fault
from .common_delivery import DeliveryCase

# It announces pipelining, and loses what comes together with MAIL.
STUMBLES = Fault(RCPT, "503 5.5.1 Error: need MAIL command", pipelined=True)


@tagged("post_install", "-at_install")
class TestPipelining(DeliveryCase):
    """My provider is far away: Odoo waits for it as seldom as SMTP allows."""

    COMPANIES = 2

    def send(self, count):
        mails = self.create_company_mails(count, self.companies[0])
        self.run_queue()
        self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))

    def test_a_server_that_announces_it_gets_all_commands_of_a_mail_together(self):
        with self.servers(pipelining=True):
            self.send(5)
            self.assertEqual((self.troubled.pipelined, self.troubled.sessions), (5, 1))

    def test_one_that_does_not_gets_one_after_the_other(self):
        with self.servers():
            self.send(5)
            self.assertEqual((self.troubled.pipelined, self.troubled.sessions), (0, 1))

    def test_one_that_stumbles_is_remembered_and_no_mail_is_lost_or_doubled(self):
        with self.servers(pipelining=True):
            self.troubled.faults.set(STUMBLES)
            self.send(5)
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[0], 5))
            self.assertTrue(self.server.no_pipelining)
            self.assertEqual(self.server.delivery_state, "ok")
            tried = self.troubled.pipelined
            self.send(5)
            self.assertEqual(self.troubled.pipelined, tried)

    def test_the_batches_of_one_run_share_a_session(self):
        self.env["ir.config_parameter"].set_param("mail.session.batch.size", "2")
        with self.servers():
            self.send(7)
            self.assertEqual((self.troubled.sessions, len(self.troubled.logins)), (1, 1))
