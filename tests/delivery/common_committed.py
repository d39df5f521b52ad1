import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import odoo
from odoo.tests import BaseCase, get_db_name
from odoo.tools import config

from ...dev.strict_server import Account
from ...dev.strict_server.server import StrictServer
from ...models.delivery.mail_mail_jobs import USE_JOBS
from ..committed import committed, in_use
from ..optional import need

SCRIPT = Path(__file__).with_name("send_process.py")
LOGIN = "box@once.example"
# Seconds of a round trip, so that there is something to interrupt.
DELAY = 0.002
# Seconds for what else would be waited for for ever: a hundred mails take a few.
LONGEST = 180
# What the queue needs to see that PostgreSQL has noticed the end of a killed process.
RUNS = 5


class CommittedCase(BaseCase):
    """Real processes send committed mails to a real server.

    It commits, in the database of the tests, and takes away again what it made.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need("aiosmtpd")
        cls.registry = odoo.registry(get_db_name())
        cls.strict = StrictServer([Account(LOGIN, "secret", wording="open")], delay=DELAY)
        cls.strict.__enter__()
        cls.addClassCleanup(cls.strict.__exit__, None, None, None)
        cls.release = in_use(cls.registry)
        with cls.environment() as env:
            cls.prepare(env)
        cls.addClassCleanup(cls.clean_up)
        cls.start()

    @classmethod
    def environment(cls):
        """Open a transaction that is committed at its end."""
        return committed(cls.registry)

    @classmethod
    def prepare(cls, env):
        """Commit a mail server of the main company; the processes send by themselves, also beside queue_job."""
        env["ir.config_parameter"].set_param(USE_JOBS, "0")
        server = env["ir.mail_server"].create(
            {
                "name": "Exactly once",
                "smtp_host": cls.strict.host,
                "smtp_port": cls.strict.port,
                "smtp_user": LOGIN,
                "smtp_pass": "secret",
                "sequence": -1,
                "company_id": env.company.id,
            }
        )
        cls.server_id = server.id
        partners = env["res.partner"].create([{"name": name, "email": f"{name}@there.example"} for name in "xy"])
        cls.partner_ids = partners.ids
        cls.mail_ids = []

    @classmethod
    def clean_up(cls):
        """Take away what was committed."""
        with cls.environment() as env:
            env["ir.config_parameter"].set_param(USE_JOBS, False)
            env["mail.mail"].browse(cls.mail_ids).exists().unlink()
            env.cr.execute("DELETE FROM mail_delivery WHERE mail_id IN %s", [tuple(cls.mail_ids) or (0,)])
            env.cr.execute("DELETE FROM mail_delivery_count WHERE mail_server_id = %s", [cls.server_id])
            env["ir.mail_server"].browse(cls.server_id).unlink()
            env["res.partner"].browse(cls.partner_ids).unlink()
        cls.release()

    @classmethod
    def start(cls):
        """Start the process that loads Odoo, and forks."""
        cls.log = cls.enter(tempfile.TemporaryFile())  # noqa: SIM115
        command = [sys.executable, "-W", "ignore", str(SCRIPT), config.rcfile, get_db_name()]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": cls.log, "text": True, "bufsize": 1}
        cls.process = cls.enter(subprocess.Popen(command, start_new_session=True, **pipes))
        cls.addClassCleanup(cls.kill)
        if cls.listen() != "ready\n":
            raise AssertionError(cls.said())

    @classmethod
    def kill(cls):
        """Kill the process, and those that it forked."""
        with suppress(ProcessLookupError):
            os.killpg(cls.process.pid, signal.SIGKILL)

    @classmethod
    def listen(cls):
        """Return the next line of the process; one that says nothing for too long is killed.

        It says one line at a time, so that nothing is read ahead.
        """
        if not select.select([cls.process.stdout], [], [], LONGEST)[0]:
            cls.kill()
            raise AssertionError(f"No answer in {LONGEST} seconds. {cls.said()}")
        return cls.process.stdout.readline()

    @classmethod
    def enter(cls, context):
        """Enter a context manager for as long as the class runs."""
        entered = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        return entered

    @classmethod
    def said(cls):
        """Return the end of what the processes logged."""
        cls.log.seek(0)
        return cls.log.read()[-5000:].decode(errors="replace")

    def ask(self, *words):
        """Say a line to the process, and return its answer, a number."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return int(self.listen())

    def wait_until(self, moment):
        """Wait for a moment; fail if it does not come."""
        end = time.monotonic() + LONGEST
        while not moment():
            self.assertLess(time.monotonic(), end, self.said())
            time.sleep(0.01)

    def kill_when(self, moment, way, *ids, pause=0.0):
        """Kill a process that sends, so many seconds after a moment; return its code.

        :param moment: a function that tells whether it has come
        """
        number = self.ask(way, *ids)
        end = time.monotonic() + 10
        while not moment() and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(pause)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        return self.ask("wait", number)

    def run_to_end(self, way, ids):
        """Send in a process, and wait for it."""
        self.assertEqual(self.ask("wait", self.ask(way, *ids)), 0, self.said())

    def create_mails(self, count, name):
        """Commit mails: to one, to two at once, to two one after the other, in turn."""
        kinds = (
            {"email_to": "a@there.example"},
            {"email_to": "a@there.example, b@there.example"},
            {"email_to": "a@there.example", "recipient_ids": [(6, 0, self.partner_ids)]},
        )
        with self.environment() as env:
            mails = env["mail.mail"].create(
                [
                    {
                        "email_from": "zhi@once.example",
                        "subject": f"{name} {number}",
                        "body_html": "<p>Once</p>",
                        "auto_delete": False,
                        **kinds[number % len(kinds)],
                    }
                    for number in range(count)
                ]
            )
            self.mail_ids.extend(mails.ids)
            return mails.ids

    def arrived(self):
        """Return how often each mail arrived for each recipient."""
        return Counter(
            (str(stored.message["Subject"]), email) for stored in self.strict.mails for email in stored.rcpt_tos
        )

    def expected(self, env, ids):
        """Return (subject, recipient) of all that has to arrive."""
        pairs = set()
        for mail in env["mail.mail"].browse(ids):
            emails = [*mail.email_to.split(", "), *mail.recipient_ids.mapped("email")]
            pairs.update((mail.subject, email) for email in emails)
        return pairs

    def assert_each_once(self, ids):
        """Check that all mails are sent, and arrived once for each recipient."""
        with self.environment() as env:
            mails = env["mail.mail"].browse(ids)
            self.assertEqual(set(mails.mapped("state")), {"sent"}, set(mails.mapped("failure_reason")))
            self.assertEqual(self.arrived(), Counter(self.expected(env, ids)))

    def run_queue(self, ids):
        """Let the queue run until no mail is left in it."""
        for _run in range(RUNS):
            self.run_to_end("queue", ids)
            with self.environment() as env:
                if "outgoing" not in env["mail.mail"].browse(ids).mapped("state"):
                    return
            time.sleep(0.2)
        self.fail(f"Mails are left in the queue. {self.said()}")
