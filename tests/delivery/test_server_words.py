from datetime import timedelta

from odoo import fields
from odoo.tests import Form, new_test_user, tagged

from ...dev.strict_server.faults import END, LOGIN, MAIL, Fault
from .common_delivery import DeliveryCase

BUSY = Fault(LOGIN, "535 Error: authentication failed, system busy")
SUSPENDED = Fault(END, "554 Sending suspended for this account")
YANDEX = Fault(END, "554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc")
TODAY = Fault(MAIL, "550 MI:STC 163 smtp8")


@tagged("post_install", "-at_install")
class TestServerWords(DeliveryCase):
    """A server is left alone for as long as it means what it says, and nothing that waits for it is lost."""

    COMPANIES = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.companies[0]
        groups = "base.group_user,base.group_system"
        cls.admin = new_test_user(cls.env, "admin0", groups, company_id=company.id, company_ids=[(6, 0, company.ids)])

    def send(self, fault, count=2):
        """Send mails through the server with this fault; return them and how long it rests."""
        self.troubled.faults.set(fault)
        mails = self.create_company_mails(count, self.companies[0])
        self.run_queue()
        until = self.server.delivery_rest_until
        return mails, until and until - fields.Datetime.now()

    def assert_all_leave(self, mails):
        self.troubled.faults.clear()
        self.run_queue()
        self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))
        self.assertEqual(len(self.troubled.mails), len(mails))
        self.assertEqual(self.server.delivery_state, "ok")

    def test_a_busy_login_stops_nothing(self):
        """The password is right, and a week of holidays goes by."""
        with self.servers():
            mails, rest = self.send(BUSY)
            self.assertEqual(self.server.delivery_state, "resting")
            self.assertGreater(rest, timedelta(minutes=59))
            for _day in range(7):
                self.pass_time(days=1)
                mails |= self.create_company_mails(1, self.companies[0])
                self.run_queue()
                self.assert_waits(mails)
            self.pass_time(days=1)
            self.assert_all_leave(mails)

    def test_a_mail_that_was_never_tried_does_not_expire(self):
        with self.servers("login refused"):
            self.create_company_mails(1, self.companies[0])
            self.run_queue()
            self.assertEqual(self.server.delivery_state, "stopped")
            mails = self.create_company_mails(2, self.companies[0])
            for _day in range(7):
                self.run_queue()
                self.assert_waits(mails)
                self.assertEqual(set(mails.mapped("delivery_attempts")), {0})
                self.pass_time(days=1)
            self.troubled.faults.clear()
            self.server.action_try_now()
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_a_blocked_account_rests_for_hours_and_the_administrators_hear(self):
        with self.servers():
            mails, rest = self.send(SUSPENDED)
            self.assert_waits(mails)
            self.assertEqual((self.server.delivery_state, self.server.delivery_class), ("resting", "account"))
            self.assertGreater(rest, timedelta(hours=3))
            activity = self.env["mail.activity"].search([("user_id", "=", self.admin.id)])
            self.assertEqual((activity.res_model, activity.res_id), ("ir.mail_server", self.server.id))
            self.assertIn("has blocked the account", activity.note)
            sessions = self.troubled.sessions
            self.pass_time(hours=3)
            self.run_queue()
            self.assertEqual(self.troubled.sessions, sessions)
            self.pass_time(hours=2)
            self.assert_all_leave(mails)
            self.assertFalse(activity.exists())

    def test_no_probe_where_it_does_harm(self):
        """Yandex prolongs its block of a day at each try: Try Now asks first."""
        with self.servers():
            mails, rest = self.send(YANDEX)
            self.assertGreater(rest, timedelta(hours=23))
            server = self.server.with_user(self.admin)
            self.assertTrue(server.delivery_probe_harms)
            arch = Form(server)._view["arch"]
            self.assertIn("for longer each time it is tried", arch if isinstance(arch, str) else str(arch))
            sessions = self.troubled.sessions
            for _time in range(4):
                self.pass_time(hours=5, minutes=50)
                self.run_queue()
            self.assertEqual(self.troubled.sessions, sessions)
            self.pass_time(hours=1)
            server.invalidate_recordset()
            self.assertFalse(server.delivery_probe_harms)
            self.assert_all_leave(mails)

    def test_a_limit_of_the_day_says_until_when(self):
        with self.servers():
            mails, _rest = self.send(TODAY)
            server = self.server.with_user(self.admin).with_context(tz="Asia/Shanghai", lang="en_US")
            self.assertRegex(server.delivery_info, f'^"{server.name}" takes no more mail today; next try at .*12:10')
            self.assert_waits(mails)
            self.pass_time(days=1)
            self.assert_all_leave(mails)

    def test_another_session_is_all_that_is_wanted(self):
        """NetEase takes so many mails in one connection, and says it without hanging up."""
        with self.servers():
            mails, _rest = self.send(Fault(MAIL, "450 MI:DMC 163 smtp3", after=2), count=5)
            self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))
            self.assertEqual((self.troubled.sessions, self.server.delivery_state), (3, "ok"))

    def test_any_2xx_is_a_yes(self):
        for code in (200, 251, 299):
            with self.subTest(code), self.servers():
                mails, _rest = self.send(Fault(END, f"{code} Thank you", keeps=True))
                self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))
                self.pass_time(hours=5)
                self.run_queue()
                self.assertEqual(len(self.troubled.mails), 2)
