from datetime import timedelta

from odoo.tests import tagged

from .common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestDue(DeliveryCase):
    """A mail that is to be tried in two minutes is tried then, although the queue comes once an hour."""

    COMPANIES = 2

    def setUp(self):
        super().setUp()
        self.env["ir.cron.trigger"].search([]).unlink()

    def calls(self):
        """Return when the queue is called."""
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")

    def test_the_queue_is_called_when_a_mail_is_due(self):
        for fault in ("451 at RCPT", "down", "login refused"):
            with self.subTest(fault), self.servers(fault):
                mail = self.create_company_mails(1, self.companies[0])
                mail.send()
                [call] = self.calls()
                self.assertGreaterEqual(call, mail.scheduled_date)
                self.assertLessEqual(call, mail.scheduled_date + timedelta(minutes=1))
                self.env["ir.cron.trigger"].search([]).unlink()
                mail.unlink()

    def test_many_mails_call_it_once_for_each_minute(self):
        with self.servers("451 at RCPT"):
            self.create_company_mails(20, self.companies[0]).send()
            self.assertLessEqual(len(self.calls()), 2)

    def test_what_leaves_calls_nobody(self):
        with self.servers():
            self.create_company_mails(2, self.companies[0]).send()
            self.assertFalse(self.calls())
