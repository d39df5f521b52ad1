from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestScreens(DeliveryCase):
    """I see what is wrong with which server, since when, what to do, and when it is over."""

    COMPANIES = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_system"
        cls.admins = [
            new_test_user(cls.env, f"admin{n}", groups, company_id=company.id, company_ids=[(6, 0, company.ids)])
            for n, company in enumerate(cls.companies)
        ]

    def test_form_and_company_name_the_trouble_until_it_is_over(self):
        with self.servers("down"):
            self.create_company_mails()
            self.run_queue()
            server = self.server.with_user(self.admins[0])
            self.assertEqual(server.delivery_state, "resting")
            self.assertRegex(server.delivery_info, "In trouble since .* Odoo did not get through to")
            company = self.companies[0].with_user(self.admins[0])
            self.assertIn(server.name, company.mail_delivery_info)
            self.assertFalse(self.companies[1].with_user(self.admins[1]).mail_delivery_info)

            self.troubled.faults.clear()
            server.action_try_now()
            self.run_queue()
            self.assertEqual(server.delivery_state, "ok")
            self.assertFalse(server.delivery_info)
            company.invalidate_recordset()
            self.assertFalse(company.mail_delivery_info)

    def test_each_administrator_of_the_company_gets_one_activity_and_no_other(self):
        with self.servers("down"):
            self.create_company_mails()
            for _run in range(3):
                self.run_queue()
                self.pass_time(hours=5)
            mine = self.env["mail.activity"].search([("user_id", "=", self.admins[0].id)])
            self.assertEqual(len(mine), 1)
            self.assertEqual((mine.res_model, mine.res_id), ("ir.mail_server", self.server.id))
            self.assertFalse(self.env["mail.activity"].search([("user_id", "=", self.admins[1].id)]))
            # core's menu of activities, which may show no server that the user does not see
            menu = self.env["res.users"].with_user(self.admins[0]).systray_get_activities()
            self.assertEqual([group["total_count"] for group in menu if group["model"] == "ir.mail_server"], [1])
            self.assertFalse(self.env["res.users"].with_user(self.admins[1]).systray_get_activities())
            # where that menu leads to: a column for each kind of activity
            data = self.env["mail.activity"].with_user(self.admins[0]).get_activity_data("ir.mail_server", [])
            columns = {column[0] for column in data["activity_types"]}
            self.assertLessEqual(set(data["grouped_activities"][self.server.id]), columns)
            self.troubled.faults.clear()
            self.run_queue()
            self.assertFalse(mine.exists())

    def test_a_refused_login_stops_the_server_until_it_changes(self):
        with self.servers("login refused"):
            mails = self.create_company_mails(2, self.companies[0])
            self.run_queue()
            self.assertEqual(self.server.delivery_state, "stopped")
            self.assertIn("Check username and password", self.server.delivery_info)
            sessions = self.troubled.sessions
            self.pass_time(hours=5)
            self.run_queue()
            self.assertEqual(self.troubled.sessions, sessions)
            self.troubled.faults.clear()
            self.server.smtp_pass = "secret"
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_an_administrator_sees_no_server_of_another_company(self):
        with self.servers("down"):
            self.create_company_mails()
            self.run_queue()
            found = self.env["ir.mail_server"].with_user(self.admins[1]).search([("delivery_state", "!=", "ok")])
            self.assertFalse(found)
            with self.assertRaises(AccessError):
                self.server.with_user(self.admins[1]).action_try_now()

    def test_a_company_tells_its_trouble_to_its_own_administrators_alone(self):
        """Whoever manages access rights may read every company; what is wrong with its servers is not theirs."""
        with self.servers("down"):
            self.create_company_mails()
            self.run_queue()
            self.assertFalse(self.companies[0].with_user(self.admins[1]).mail_delivery_info)
            self.assertIn(self.server.name, self.companies[0].with_user(self.admins[0]).mail_delivery_info)

    def test_an_ordinary_user_sees_and_does_nothing(self):
        with self.servers():
            server = self.server.with_user(self.user_employee)
            for forbidden in (lambda: server.delivery_state, server.action_try_now):
                with self.assertRaises(AccessError):
                    forbidden()
            with self.assertRaises(AccessError):
                self.env["mail.delivery"].with_user(self.user_employee).search([])
            with self.assertRaises(AccessError):
                self.env["mail.delivery"].with_user(self.admins[0]).search([])

    def test_the_chatter_says_waits_and_never_failed(self):
        with self.servers("451 at RCPT"):
            self.customer.company_id = self.companies[0]
            message = self.customer.message_post(
                body="Hi", partner_ids=self.customer.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            [shown] = message.notification_ids._notification_format()
            self.assertEqual((shown["notification_status"], shown["failure_type"]), ("ready", "mail_waits"))
            self.assertIn("451 4.7.1", message.notification_ids.failure_reason)
            self.assertFalse(message.has_error)
            self.troubled.faults.clear()
            self.pass_time(minutes=3)
            self.run_queue()
            self.assertEqual(message.notification_ids.notification_status, "sent")

    def test_a_mail_that_waited_too_long_fails_with_its_story(self):
        with self.servers("451 at RCPT"):
            self.env["ir.config_parameter"].set_param("mail_company_routing.keep_hours", "5")
            mail = self.create_company_mails(1, self.companies[0])
            for _run in range(10):
                self.run_queue()
                self.pass_time(hours=1)
            self.assertEqual(mail.state, "exception")
            self.assertRegex(mail.failure_reason, r"Failed after \d attempts since .*451 4\.7\.1")

            self.troubled.faults.clear()
            mail.action_send_again()
            self.run_queue()
            self.assertEqual(mail.state, "sent")

    def test_a_mail_that_failed_promises_no_further_attempt(self):
        """Its server is tried again for other mails, but this one only if somebody presses Send Again."""
        with self.servers("down"):
            self.env["ir.config_parameter"].set_param("mail_company_routing.keep_hours", "5")
            mail = self.create_company_mails(1, self.companies[0])
            for _run in range(4):
                self.run_queue()
                self.pass_time(hours=2)
            self.assertEqual(mail.state, "exception")
            self.assertRegex(mail.failure_reason, "Failed after .* Connection refused.* press Send Again")
            self.assertNotIn("tries again", mail.failure_reason)

    def test_a_user_does_not_wait_for_a_server_that_rests(self):
        with self.servers("down"):
            self.create_company_mails(1, self.companies[0]).send()
            sessions = self.troubled.sessions
            mails = self.create_company_mails(2, self.companies[0])
            mails.send()
            self.assert_waits(mails)
            self.assertEqual(self.troubled.sessions, sessions)

    def test_code_that_wants_exceptions_gets_them(self):
        with self.servers("451 at RCPT"), self.assertRaisesRegex(Exception, "451|Greylisted"):
            self.create_company_mails(1, self.companies[0]).send(raise_exception=True)

    def test_the_forms_open(self):
        with self.servers("down"):
            mail = self.create_company_mails(1, self.companies[0])
            self.run_queue()
            mail._set_in_doubt(["customer@elsewhere.example"], "Odoo was stopped.")
            Form(self.server)
            Form(mail)
            Form(self.env["res.config.settings"])

    def test_the_pause_of_a_healthy_server_is_none(self):
        """Two mails that a recipient's server defers say nothing about ours."""
        with self.servers("451 at RCPT"):
            self.create_company_mails(2, self.companies[0])
            self.run_queue()
            self.assertEqual(self.server.delivery_state, "ok")

    def test_recovery_is_looked_for_before_each_run(self):
        with self.servers(), patch.object(type(self.env["mail.delivery"]), "_recover", autospec=True) as recover:
            self.run_queue()
        recover.assert_called_once()
