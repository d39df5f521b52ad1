from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...dev.strict_server.faults import RCPT, Fault
from ...models.delivery import mail_delivery_count
from ...models.delivery.mail_delivery_count import FAILED, SENT, Subject, Tally
from .common_delivery import DeliveryCase

COUNT_LOG = "odoo.addons.mail_company_routing.models.delivery.mail_delivery_count"


@tagged("post_install", "-at_install")
class TestCounts(DeliveryCase):
    """I see in a chart how many mails left, had to wait or failed, long after Odoo has deleted them."""

    COMPANIES = 2
    MAILS = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # tests that commit may have counted
        cls.env["mail.delivery.count"].search([]).unlink()

    def counts(self):
        """Return what was counted, as {(result, company, answer): mails}."""
        self.env["mail.delivery.count"]._count_pending()
        rows = self.env["mail.delivery.count"].search([])
        rows.invalidate_recordset()
        return {(row.result, row.company_id, row.answer_class): row.count for row in rows}

    def test_sent_waiting_and_failed_mails_are_counted_by_company_and_answer(self):
        a, b = self.companies
        with self.servers("451 at RCPT"):
            self.create_company_mails()
            self.run_queue()
            self.assertEqual(self.counts(), {("waited", a, "temporary"): 3, ("sent", b, False): 3})
            self.troubled.faults.clear()
            self.pass_time(minutes=3)
            self.create_company_mails(1)
            self.run_queue()
            expected = {("waited", a, "temporary"): 3, ("sent", a, False): 4, ("sent", b, False): 4}
            self.assertEqual(self.counts(), expected)

    def test_a_refused_mail_counts_as_failed_with_the_answer(self):
        with self.servers():
            self.troubled.faults.set(Fault(RCPT, "550 5.1.1 No such user"))
            self.create_company_mails(2, self.companies[0])
            self.run_queue()
            self.assertEqual(self.counts(), {("failed", self.companies[0], "recipient"): 2})
            self.assertIn("550", self.env["mail.delivery.count"].search([]).last_answer)

    def test_a_server_that_is_down_counts_each_attempt(self):
        with self.servers("down"):
            mails = self.create_company_mails(2, self.companies[0])
            self.run_queue()
            self.assertEqual(self.counts(), {("waited", self.companies[0], "connection"): 2})
            # not due yet: nobody tries
            mails.send()
            self.assertEqual(self.counts(), {("waited", self.companies[0], "connection"): 2})

    def test_a_mail_that_waited_too_long_counts_as_failed(self):
        with self.servers("451 at RCPT"):
            self.create_company_mails(1, self.companies[0])
            self.run_queue()
            self.pass_time(hours=60)
            self.run_queue()
            expected = {("waited", self.companies[0], "temporary"): 1, ("failed", self.companies[0], "temporary"): 1}
            self.assertEqual(self.counts(), expected)

    def test_a_company_without_a_server_counts_as_failed(self):
        with self.servers():
            self.records.company_id = self.companies[1]
            self.create_company_mails(1, self.companies[0]).send()
            self.assertEqual(self.counts(), {("failed", self.companies[0], False): 1})

    def test_counts_outlive_the_mails_and_the_server(self):
        with self.servers():
            mails = self.create_company_mails(2, self.companies[0], auto_delete=True)
            self.run_queue()
            self.assertFalse(mails.exists())
            self.counts()
            name = self.server.name
            self.records.unlink()
            row = self.env["mail.delivery.count"].search([])
            self.assertEqual((row.count, row.result, row.server_name), (2, "sent", name))
            self.assertFalse(row.mail_server_id)

    def test_two_deleted_servers_of_one_name_stay_two(self):
        with self.servers():
            self.records.name = "Same"
            self.create_company_mails(1)
            self.run_queue()
            self.counts()
            self.records.unlink()
            self.assertEqual(self.env["mail.delivery.count"].search([]).mapped("server_name"), ["Same", "Same"])

    def test_many_mails_are_counted_in_one_statement(self):
        with self.servers():
            self.create_company_mails(20)
            self.run_queue()
            before = self.env.cr.sql_log_count
            self.env["mail.delivery.count"]._count_pending()
            self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_with_nothing_set_up_nothing_is_counted(self):
        with self.strict_server("open"):
            self.create_mail().send()
            self.assertEqual(len(self.strict.mails), 1)
            self.assertEqual(self.counts(), {})

    def test_counts_that_cannot_be_written_stop_nobody(self):
        """A mail that left must not leave again because a number could not be stored."""
        entries = self.env["mail.delivery.count"]._entries(self.tally())
        broken = patch.object(mail_delivery_count, "_count", side_effect=psycopg2.OperationalError("no space left"))
        with broken, self.assertLogs(COUNT_LOG, "DEBUG") as logs:
            mail_delivery_count._count_alone(self.env.cr.dbname, entries)
        self.assertIn("1 results of mails are not counted", logs.output[0])

    def test_a_company_or_server_that_is_gone_is_no_reason_to_fail(self):
        tally = self.tally(Subject(FAILED, company_id=2**30, mail_server_id=2**30))
        self.env["mail.delivery.count"]._count_now(tally)
        row = self.env["mail.delivery.count"].search([])
        self.assertEqual((row.result, row.company_id.id, row.mail_server_id.id), ("failed", False, False))

    def test_the_same_hour_adds_up(self):
        for _time in range(3):
            self.env["mail.delivery.count"]._count_now(self.tally())
        self.assertEqual(self.env["mail.delivery.count"].search([]).count, 3)

    def tally(self, subject=None):
        tally = Tally()
        tally.add(subject or Subject(SENT, self.companies[0].id))
        return tally

    def test_an_administrator_sees_the_counts_of_its_companies_and_a_user_none(self):
        for company in self.companies:
            self.env["mail.delivery.count"]._count_now(self.tally(Subject(SENT, company.id)))
        groups = "base.group_user,base.group_system"
        a, b = self.companies
        admin = new_test_user(self.env, "chief", groups, company_id=a.id, company_ids=[(6, 0, a.ids)])
        counts = self.env["mail.delivery.count"].with_user(admin)
        self.assertEqual(counts.search([]).company_id, a)
        self.assertEqual([group["company_id"][0] for group in counts.read_group([], ["count"], "company_id")], a.ids)
        theirs = self.env["mail.delivery.count"].search([("company_id", "=", b.id)])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            theirs.with_user(admin).read(["count"])
        with self.assertRaises(AccessError):
            counts.search([]).write({"count": 0})
        with self.assertRaises(AccessError):
            self.env["mail.delivery.count"].with_user(self.user_employee).search([])
