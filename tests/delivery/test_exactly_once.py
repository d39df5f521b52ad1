import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

from ...dev.strict_server import Account
from ...dev.strict_server.faults import MAIL, Fault
from ...dev.strict_server.server import StrictServer
from ..optional import need

SCRIPT = Path(__file__).with_name("send_process.py")
LOGIN = "box@once.example"
# Seconds of a round trip, so that there is something to interrupt.
DELAY = 0.002
# Four mails are six messages, see create_mails.
ROUNDS, MAILS, MESSAGES = 50, 4, 6
# What the queue needs to see that PostgreSQL has noticed the end of a killed process.
RUNS = 5

_logger = logging.getLogger(__name__)


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
        with cls.environment() as env:
            cls.prepare(env)
        cls.addClassCleanup(cls.clean_up)
        cls.start()

    @classmethod
    def environment(cls):
        """Open a transaction that is committed at its end."""
        return Transaction(cls.registry)

    @classmethod
    def prepare(cls, env):
        """Commit a mail server of the main company."""
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
            env["mail.mail"].browse(cls.mail_ids).exists().unlink()
            env.cr.execute("DELETE FROM mail_delivery WHERE mail_id IN %s", [tuple(cls.mail_ids) or (0,)])
            env.cr.execute("DELETE FROM mail_delivery_count WHERE mail_server_id = %s", [cls.server_id])
            env["ir.mail_server"].browse(cls.server_id).unlink()
            env["res.partner"].browse(cls.partner_ids).unlink()

    @classmethod
    def start(cls):
        """Start the process that loads Odoo, and forks."""
        cls.log = cls.enter(tempfile.TemporaryFile())  # noqa: SIM115
        command = [sys.executable, "-W", "ignore", str(SCRIPT), config.rcfile, get_db_name()]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": cls.log, "text": True, "bufsize": 1}
        cls.process = cls.enter(subprocess.Popen(command, **pipes))
        cls.addClassCleanup(cls.process.kill)
        if cls.process.stdout.readline() != "ready\n":
            raise AssertionError(cls.said())

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
        return int(self.process.stdout.readline())

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


@tagged("post_install", "-at_install")
class TestKilled(CommittedCase):
    """The process that sends is killed at any moment: nothing is lost, nothing arrives twice, one mail is in doubt."""

    def setUp(self):
        super().setUp()
        self.strict.mails.clear()

    def send_and_kill(self, way, ids, after, pause):
        """Kill the process that sends so many seconds after the server took so many mails; tell whether it lived."""
        number = self.ask(way, *ids)
        end = time.monotonic() + 10
        while len(self.strict.mails) < after and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(pause)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        code = self.ask("wait", number)
        self.assertIn(code, (0, -signal.SIGKILL), self.said())
        return code != 0

    def decide(self, ids):
        """Check what is in doubt, and press the right button; return how many mails are in doubt."""
        with self.environment() as env:
            mails = env["mail.mail"].browse(ids)
            doubtful = mails.filtered("delivery_doubt")
            self.assertEqual(set((mails - doubtful).mapped("state")) - {"sent"}, set())
            self.assertLessEqual(len(doubtful), 1)
            arrived = self.arrived()
            self.assertLessEqual(set(arrived.values()), {1})
            for subject, email in self.expected(env, (mails - doubtful).ids):
                self.assertEqual(arrived[subject, email], 1, (subject, email))
            for mail in doubtful:
                self.assertEqual(mail.state, "exception")
                [has_it] = {(mail.subject, email) in arrived for email in mail.delivery_doubt.split(", ")}
                if has_it:
                    mail.action_has_arrived()
                else:
                    mail.action_send_again()
        return len(doubtful)

    def test_at_fifty_random_moments(self):
        seed = random.randrange(10**6)
        draw = random.Random(seed)
        killed = interrupted = doubts = 0
        for number in range(ROUNDS):
            way = ("queue", "at_once")[number % 2]
            after, pause = draw.randrange(MESSAGES), draw.uniform(0, 0.03)
            with self.subTest(seed=seed, number=number, way=way, after=after, pause=pause):
                self.strict.mails.clear()
                ids = self.create_mails(MAILS, f"round {number}")
                killed += self.send_and_kill(way, ids, after, pause)
                with self.environment() as env:
                    expected = len(self.expected(env, ids))
                interrupted += 0 < sum(self.arrived().values()) < expected
                self.run_queue(ids)
                found = self.decide(ids)
                doubts += found
                if found:
                    self.run_queue(ids)
                self.assert_each_once(ids)
        _logger.info("%d killed, %d of them in the middle, %d mails in doubt", killed, interrupted, doubts)
        # else there was nothing to find
        self.assertGreater(interrupted, ROUNDS / 4)
        self.assertGreater(doubts, 0)

    def test_what_left_before_a_rollback_does_not_leave_again(self):
        ids = self.create_mails(MAILS, "rolled back")
        self.run_to_end("rolled_back", ids)
        with self.environment() as env:
            self.assertEqual(set(env["mail.mail"].browse(ids).mapped("state")), {"outgoing"})
            self.assertEqual(set(self.arrived()), self.expected(env, ids))
        self.run_queue(ids)
        self.assert_each_once(ids)

    def test_a_queue_that_runs_already_does_not_send_what_a_killed_process_sent(self):
        """Nobody has looked after its mails yet."""
        ids = self.create_mails(40, "killed meanwhile")
        own = ids[-6:]
        self.run_to_end("rolled_back", own)
        sent = self.arrived()
        self.run_to_end("at_once", ids)
        self.assertEqual(self.arrived() & sent, sent)
        self.run_queue(ids)
        self.assert_each_once(ids)


@tagged("post_install", "-at_install")
class TestSideBySide(CommittedCase):
    """Several processes send the same hundred mails in the same moment."""

    def setUp(self):
        super().setUp()
        with self.environment() as env:
            env["ir.mail_server"].browse(self.server_id).delivery_state = "ok"

    def send_side_by_side(self, *ways, pause=0.0):
        """Have a process for each way, each of which starts so many seconds after the one before; return the ids."""
        self.strict.mails.clear()
        ids = self.create_mails(100, " ".join(ways))
        numbers = []
        for way in ways:
            numbers.append(self.ask(way, *ids))
            time.sleep(pause)
        for number in numbers:
            self.assertEqual(self.ask("wait", number), 0, self.said())
        return ids

    def test_two_queues(self):
        self.assert_each_once(self.send_side_by_side("queue", "queue"))

    def test_a_queue_that_comes_later(self):
        self.assert_each_once(self.send_side_by_side("queue", "queue", pause=0.4))

    def test_what_a_user_has_sent_does_not_wait_for_a_server_in_trouble(self):
        """The queue gets into trouble when a user has sent some mails that it had on its list."""
        self.strict.mails.clear()
        ids = self.create_mails(100, "trouble")
        queue = self.ask("queue", *ids)
        while not self.strict.mails:
            time.sleep(0.01)
        self.run_to_end("at_once", ids[-6:])
        trouble = Fault(MAIL, "450 4.7.1 Too many messages", times=1)
        with self.strict.faults.during(trouble):
            self.assertEqual(self.ask("wait", queue), 0, self.said())
            self.assertEqual(self.strict.faults.struck, [trouble])
        with self.environment() as env:
            self.assertEqual(env["ir.mail_server"].browse(self.server_id).delivery_state, "resting")
            env["ir.mail_server"].browse(self.server_id).action_try_now()
            env["mail.mail"].browse(ids).write({"scheduled_date": False})
        self.run_to_end("queue", ids)
        self.assert_each_once(ids)

    def test_a_user_and_the_queue(self):
        self.assert_each_once(self.send_side_by_side("at_once", "queue"))

    def test_a_user_in_the_middle_of_a_run_of_the_queue(self):
        self.assert_each_once(self.send_side_by_side("queue", "at_once", "queue", pause=0.3))


class Transaction:
    """An environment on a cursor of its own, committed at the end."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = self.registry.cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, kind, *_exc_info):
        if not kind:
            self.cr.commit()  # pylint: disable=invalid-commit
        self.cr.close()
