from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestLimits(DeliveryCase):
    """My provider locks the account of whoever sends too much at once."""

    COMPANIES = 2

    def test_what_is_over_the_limit_waits_and_leaves_later_oldest_first(self):
        with self.servers():
            self.server.limit_per_minute = 3
            mails = self.create_company_mails(5, self.companies[0])
            self.run_queue()
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[0], 3))
            self.assert_waits(mails[3:])
            self.assertFalse(any(mails.mapped("delivery_attempts")))
            self.pass_time(minutes=2)
            self.run_queue()
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[0], 5))
            self.assertEqual(self.server.delivery_state, "ok")

    def test_a_longer_window_counts_what_left_before(self):
        with self.servers():
            self.server.write({"limit_per_minute": 3, "limit_per_hour": 4})
            self.create_company_mails(5, self.companies[0])
            for _run in range(3):
                self.run_queue()
                self.pass_time(minutes=6)
            self.assertEqual(len(self.troubled.mails), 4)
            self.pass_time(hours=1)
            self.run_queue()
            self.assertEqual(len(self.troubled.mails), 5)

    def test_two_mailboxes_of_one_domain_share_a_limit(self):
        with self.servers():
            self.server.limit_per_day = 3
            self.records[1].limit_server_id = self.server
            self.create_company_mails(2)
            self.run_queue()
            self.assertEqual(len(self.troubled.mails) + len(self.well.mails), 3)

    def test_no_chain_of_shared_limits(self):
        with self.servers():
            self.records[1].limit_server_id = self.server
            with self.assertRaises(ValidationError):
                self.server.limit_server_id = self.records[1]

    def test_no_negative_limit(self):
        with self.servers(), self.assertRaises(ValidationError):
            self.server.limit_per_hour = -1

    def test_mass_mailings_go_after_what_people_write(self):
        if "mailing_id" not in self.env["mail.mail"]._fields:
            self.skipTest("The module mass_mailing is not installed.")
        mailing = self.env["mailing.mailing"].create(
            {"subject": "News", "mailing_model_id": self.env["ir.model"]._get("res.partner").id}
        )
        with self.servers():
            self.server.limit_per_minute = 2
            mass = self.create_company_mails(2, self.companies[0], mailing_id=mailing.id)
            people = self.create_company_mails(2, self.companies[0])
            self.run_queue()
            self.assertEqual(set(people.mapped("state")), {"sent"})
            self.assert_waits(mass)

    def test_a_session_takes_no_more_than_its_limit(self):
        with self.servers():
            self.server.limit_per_session = 2
            mails = self.create_company_mails(5, self.companies[0])
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"})
            self.assertEqual(self.troubled.sessions, 3)

    def test_the_form_proposes_the_limits_of_a_provider(self):
        form = Form(self.env["ir.mail_server"])
        form.name, form.smtp_host = "Exmail", "smtp.exmail.qq.com"
        self.assertEqual((form.limit_per_minute, form.limit_per_day), (30, 1500))
        form.limit_per_day = 3000
        form.smtp_host = "hwsmtp.exmail.qq.com"
        self.assertEqual(form.limit_per_day, 3000)
