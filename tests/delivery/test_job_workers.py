import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import odoo
from odoo import SUPERUSER_ID, api
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config

from ...dev.job_workers import job_workers
from ...dev.strict_server import Account
from ...dev.strict_server.server import StrictServer
from ...models.delivery.transactions import SERVER_LOCK
from ..committed import in_use
from ..optional import need
from .common_jobs import need_queue_job

SERVERS, MAILS = 20, 5
# How many of the servers have two jobs.
TWICE = 4
# Seconds of a round trip, and for all mails to arrive: it takes four, where nothing else runs.
DELAY, PATIENCE = 0.02, 120


class TestJobWorkers(BaseCase):
    """Real workers take the jobs. All is committed, in the database of the tests, and taken away again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need("aiosmtpd")
        cls.registry = odoo.registry(get_db_name())
        with cls.registry.cursor() as cr:
            need_queue_job(api.Environment(cr, SUPERUSER_ID, {}))
        accounts = [Account(f"box@s{number}.example", "secret", wording="open") for number in range(SERVERS)]
        cls.strict = StrictServer(accounts, delay=DELAY)
        cls.strict.__enter__()
        cls.addClassCleanup(cls.strict.__exit__, None, None, None)
        cls.release = in_use(cls.registry)
        with cls.registry.cursor() as cr:
            cls.prepare(api.Environment(cr, SUPERUSER_ID, {}), accounts)
        cls.addClassCleanup(cls.clean_up)

    @classmethod
    def prepare(cls, env, accounts):
        """Commit servers of the main company, and mails for each."""
        servers = env["ir.mail_server"].create(
            [
                {
                    "name": account.login,
                    "smtp_host": cls.strict.host,
                    "smtp_port": cls.strict.port,
                    "smtp_user": account.login,
                    "smtp_pass": "secret",
                    "company_id": env.company.id,
                }
                for account in accounts
            ]
        )
        mails = env["mail.mail"].create(
            [
                {
                    "email_from": "zhi@corp.example",
                    "email_to": "customer@elsewhere.example",
                    "subject": f"{server.name} {number}",
                    "body_html": "<p>Order</p>",
                    "auto_delete": False,
                    "mail_server_id": server.id,
                }
                for server in servers
                for number in range(MAILS)
            ]
        )
        cls.server_ids, cls.mail_ids = servers.ids, mails.ids
        cls.subjects = mails.mapped("subject")

    @classmethod
    def clean_up(cls):
        """Take away what was committed."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls.jobs(env).unlink()
            env["mail.mail"].browse(cls.mail_ids).exists().unlink()
            cr.execute("DELETE FROM mail_delivery WHERE mail_id IN %s", [tuple(cls.mail_ids)])
            env["ir.mail_server"].browse(cls.server_ids).unlink()
        cls.release()

    @classmethod
    def jobs(cls, env):
        jobs = env["queue.job"].search([("method_name", "=", "_send_in_job")])
        return jobs.filtered(lambda job: not set(cls.mail_ids).isdisjoint(job.records.ids))

    def apart(self, work):
        """Do something with the mails in a thread that is none of a test, and return what it returns."""

        def run():
            with self.registry.cursor() as cr:
                return work(api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(self.mail_ids))

        with ThreadPoolExecutor() as pool:
            return pool.submit(run).result()

    def run_queue(self, ids=None):
        """Do what the cron does."""
        self.apart(lambda mails: mails.process_email_queue(ids or mails.ids))

    def hand_out(self):
        """Make a job for each server, and two for the first ones, which would be done at the same time."""
        for first in range(0, TWICE * MAILS, MAILS):
            ids = self.mail_ids[first : first + MAILS]
            self.run_queue(ids[:2])
            self.run_queue(ids[2:])
        self.run_queue()

    def wait(self):
        """Wait until all mails have arrived, and all jobs have ended; return the states of the jobs."""
        deadline = time.monotonic() + PATIENCE
        states = Counter()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            with self.registry.cursor() as cr:
                states = Counter(self.jobs(api.Environment(cr, SUPERUSER_ID, {})).mapped("state"))
            if not {"pending", "enqueued", "started"} & set(states):
                break
        return states

    def test_servers_are_served_side_by_side_and_none_twice_at_once(self):
        self.hand_out()
        self.assertFalse(self.strict.mails, "The queue sent by itself")
        with job_workers(get_db_name(), config.rcfile):
            # the cron again, while they run
            self.run_queue()
            states = self.wait()
        self.assertEqual(states, {"done": SERVERS + TWICE})
        self.assertEqual(sorted(str(mail.message["Subject"]) for mail in self.strict.mails), sorted(self.subjects))
        self.assertEqual(self.strict.sessions, SERVERS + TWICE)
        self.assertGreater(self.strict.presence.most, 1)
        self.assertEqual(self.strict.presence.most_of_one, 1)
        with self.registry.cursor() as cr:
            mails = api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(self.mail_ids)
            self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_what_nobody_runs_the_queue_sends_by_itself(self):
        """It has claimed the mails to hand them out, and sends them in a transaction of their own."""
        self.run_queue()
        with self.registry.cursor() as cr:
            self.jobs(api.Environment(cr, SUPERUSER_ID, {})).flush_recordset()
            cr.execute("UPDATE queue_job SET date_created = date_created - INTERVAL '11 minutes'")
        self.run_queue()
        with self.registry.cursor() as cr:
            mails = api.Environment(cr, SUPERUSER_ID, {})["mail.mail"].browse(self.mail_ids)
            self.assertEqual(set(mails.mapped("state")), {"sent"})

    def test_a_job_comes_again_where_another_one_has_its_server(self):
        from odoo.addons.queue_job.exception import RetryableJobError

        [server_id] = self.server_ids[:1]
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SERVER_LOCK, server_id])
            with self.assertRaises(RetryableJobError) as raised:
                self.apart(lambda mails: mails.browse()._send_in_job(server_id))
        # it may happen any number of times
        self.assertTrue(raised.exception.ignore_retry)
        self.apart(lambda mails: mails.browse()._send_in_job(server_id))
