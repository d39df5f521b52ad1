import logging
import random
import signal
import time

from odoo.tests import tagged

from ...dev.strict_server.faults import MAIL, Fault
from ..thorough import THOROUGH
from .common_committed import CommittedCase

ROUNDS = 50 if THOROUGH else 6
# Four mails are six messages, see create_mails.
MAILS, MESSAGES = 4, 6

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestKilled(CommittedCase):
    """The process that sends is killed at any moment: nothing is lost, nothing arrives twice, one mail is in doubt."""

    def setUp(self):
        super().setUp()
        self.strict.mails.clear()

    def send_and_kill(self, way, ids, after, pause):
        """Kill the process that sends so many seconds after the server took so many mails; tell whether it lived."""
        code = self.kill_when(lambda: len(self.strict.mails) >= after, way, *ids, pause=pause)
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

    def test_at_random_moments(self):
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
        if THOROUGH:  # a few rounds may all come too early or too late
            self.assertGreater(interrupted, ROUNDS / 4, "There was nothing to find")
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
        self.wait_until(lambda: self.strict.mails)
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
