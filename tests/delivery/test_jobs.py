from datetime import timedelta
from unittest.mock import PropertyMock, patch

from odoo import fields
from odoo.tests import tagged

from ...models.delivery.mail_mail_jobs import JobSlice
from .common_delivery import DeliveryCase
from .common_jobs import need_queue_job


@tagged("post_install", "-at_install")
class TestJobs(DeliveryCase):
    """I have OCA's queue_job: the queue hands out the mails of each server to a job."""

    COMPANIES = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need_queue_job(cls.env)
        cls.env["ir.config_parameter"].set_param("mail_company_routing.use_jobs", "1")

    def jobs(self, **values):
        """Return our jobs that are to begin."""
        wanted = {"method_name": "_send_in_job", "state": "pending", **values}
        return self.env["queue.job"].search([(name, "=", value) for name, value in wanted.items()], order="id")

    def run_jobs(self):
        """Let each job that is to begin do its work, as a worker does; none of them fails."""
        from odoo.addons.queue_job.job import Job

        for record in self.jobs():
            job = Job.load(self.env, record.uuid)
            job.perform()
            job.set_done()
            job.store()

    def test_each_server_has_a_job_in_a_channel_of_its_own(self):
        with self.servers():
            self.create_company_mails()
            self.run_queue()
            self.assertFalse(self.subjects(self.troubled, self.well))
            channels = [f"root.mail_server.{server.id}" for server in self.records]
            self.assertEqual(self.jobs().mapped("channel"), channels)
            # those of channels without a record are never deleted
            self.assertEqual(self.env["queue.job.channel"].search_count([("complete_name", "in", channels)]), 3)
            self.run_jobs()
            self.assertEqual(self.subjects(self.troubled, self.well), self.expected(self.companies))
            self.assertEqual([self.troubled.sessions, self.well.sessions], [1, 2])

    def test_mails_that_a_job_has_get_no_second_one_and_new_mails_do(self):
        with self.servers():
            self.create_company_mails()
            self.run_queue()
            self.run_queue()
            self.assertEqual(len(self.jobs()), 3)
            later = self.create_company_mails(1, self.companies[1])
            self.run_queue()
            self.assertEqual(self.jobs()[-1].records, later)
            self.run_jobs()
            self.assertEqual(len(self.well.mails), 2 * self.MAILS + 1)

    def test_the_mails_of_a_lost_job_are_handed_out_again(self):
        with self.servers():
            self.create_company_mails()
            self.run_queue()
            self.jobs().unlink()
            self.run_queue()
            self.run_jobs()
            self.assertEqual(self.subjects(self.troubled, self.well), self.expected(self.companies))

    def test_where_nobody_runs_jobs_the_queue_sends_and_comes_again_for_that(self):
        with self.servers():
            self.create_company_mails()
            self.run_queue()
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
            in_time = fields.Datetime.now() + timedelta(minutes=15)
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id), ("call_at", "<", in_time)])
            self.assertTrue(triggers.filtered(lambda trigger: trigger.call_at > fields.Datetime.now()))
            self.env.flush_all()
            self.env.cr.execute("UPDATE queue_job SET date_created = date_created - INTERVAL '11 minutes'")
            self.env.invalidate_all()
            self.run_queue()
            self.assertEqual(self.subjects(self.troubled, self.well), self.expected(self.companies))

    def test_a_system_parameter_switches_it_off(self):
        self.env["ir.config_parameter"].set_param("mail_company_routing.use_jobs", "0")
        with self.servers():
            self.create_company_mails()
            self.run_queue()
            self.assertFalse(self.jobs())
            self.assertEqual(self.subjects(self.troubled, self.well), self.expected(self.companies))

    def test_who_presses_send_waits_for_no_job(self):
        with self.servers():
            self.create_company_mails().send()
            self.assertFalse(self.jobs())
            self.assertEqual(self.subjects(self.troubled, self.well), self.expected(self.companies))

    def test_mails_of_a_server_in_trouble_wait_and_their_job_is_done(self):
        with self.servers("down"):
            mails = self.create_company_mails()
            self.run_queue()
            self.run_jobs()
            self.assertEqual(self.subjects(self.well), self.expected(self.companies[1:]))
            self.assert_waits(mails[: self.MAILS])
            self.assertEqual(self.server.delivery_state, "resting")
            self.troubled.faults.clear()
            self.pass_time(minutes=3)
            self.run_queue()
            self.run_jobs()
            self.assertEqual(self.subjects(self.troubled), self.expected(self.companies[:1]))
            self.assertEqual(self.server.delivery_state, "ok")

    def test_servers_that_share_a_limit_are_served_by_one_job(self):
        with self.servers():
            first, second, third = self.records
            first.limit_per_minute = self.MAILS + 1
            second.limit_server_id = first
            self.create_company_mails()
            self.run_queue()
            self.assertEqual(
                self.jobs().mapped("channel"), [f"root.mail_server.{server.id}" for server in (first, third)]
            )
            self.run_jobs()
            arrived = len(self.troubled.mails) + len(self.well.mails)
            self.assertEqual(arrived, self.MAILS + 1 + self.MAILS)

    def test_a_job_whose_time_is_up_leaves_the_rest_to_another_one(self):
        with self.servers():
            self.create_company_mails(companies=self.companies[1])
            self.run_queue()
            with patch.object(JobSlice, "is_over", PropertyMock(side_effect=lambda: len(self.well.mails) >= 2)):
                self.run_jobs()
            self.assertEqual(len(self.well.mails), 2)
            self.assertEqual(len(self.jobs().records), self.MAILS - 2)
            self.run_jobs()
            self.assertEqual(self.subjects(self.well), self.expected(self.companies[1]))
            self.assertFalse(self.jobs())

    def test_what_meanwhile_has_another_server_is_left_to_that_ones_job(self):
        with self.servers():
            self.create_company_mails(companies=self.companies[1])
            self.run_queue()
            second, third = self.records[1:]
            (second | third).company_id = False
            third.company_id = self.companies[1]
            second.company_id = self.companies[2]
            self.run_jobs()
            self.assertFalse(self.well.mails)
            self.run_queue()
            self.assertEqual(self.jobs().channel, f"root.mail_server.{third.id}")
            self.run_jobs()
            self.assertEqual({mail.login for mail in self.well.mails}, {third.smtp_user})
            self.assertEqual(self.subjects(self.well), self.expected(self.companies[1]))
