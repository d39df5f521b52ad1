import signal
import time

from odoo.tests import tagged

from ...dev.strict_server.faults import END, MAIL, RCPT, Fault
from .common_committed import LONGEST, CommittedCase

REFUSED = "550 5.1.1 <b@there.example>: User unknown"


@tagged("post_install", "-at_install")
class TestRecovery(CommittedCase):
    """A process was killed, or its transaction failed: what it sent is known, and what it did not send leaves."""

    def setUp(self):
        super().setUp()
        self.strict.mails.clear()
        self.addCleanup(self.strict.faults.clear)

    def create_pair(self):
        """Commit a mail to two, the second of whom the server refuses."""
        self.strict.faults.set(Fault(RCPT, REFUSED, recipient="b@there.example"))
        _one, pair = self.create_mails(2, self._testMethodName)
        return [pair]

    def kill_while_silent(self, way, *numbers, after=0):
        """Kill a process that waits for the answer to a mail, which the server has stored."""
        silent = Fault(END, silent=True, keeps=True, after=after, times=1)
        with self.strict.faults.during(silent):
            code = self.kill_when(lambda: silent in self.strict.faults.struck, way, *numbers)
            self.assertEqual(code, -signal.SIGKILL, self.said())

    def run_to_doubt(self, ids):
        """Let the queue run until one mail is in doubt."""
        for _run in range(5):
            self.ask("wait", self.ask("queue", *ids))
            with self.environment() as env:
                doubtful = env["mail.mail"].browse(ids).filtered("delivery_doubt")
                if doubtful:
                    return doubtful.id, doubtful.delivery_doubt
            time.sleep(0.2)
        self.fail(self.said())

    def press(self, button, mail_id):
        with self.environment() as env:
            getattr(env["mail.mail"].browse(mail_id), button)()
        self.run_queue([mail_id])

    def assert_only_refused(self, ids):
        """Check that one has the mail, once, and the other one gets it as soon as the server takes it."""
        with self.environment() as env:
            mail = env["mail.mail"].browse(ids)
            self.assertEqual(mail.state, "exception")
            self.assertIn("User unknown", mail.failure_reason)
            self.assertEqual(list(self.arrived().items()), [((mail.subject, "a@there.example"), 1)])
        self.strict.faults.clear()
        self.press("action_send_again", ids[0])
        self.assert_each_once(ids)

    def test_a_refused_recipient_of_a_mail_in_doubt(self):
        ids = self.create_pair()
        self.kill_while_silent("queue", *ids)
        mail_id, doubt = self.run_to_doubt(ids)
        self.assertEqual(doubt, "a@there.example")
        self.press("action_has_arrived", mail_id)
        self.assert_only_refused(ids)

    def test_a_refused_recipient_of_a_mail_that_was_rolled_back(self):
        ids = self.create_pair()
        self.run_to_end("rolled_back", ids)
        self.run_queue(ids)
        self.assert_only_refused(ids)

    def test_what_left_before_a_savepoint_was_rolled_back_does_not_leave_again(self):
        ids = self.create_mails(6, "taken back")
        self.run_to_end("taken_back", ids)
        with self.environment() as env:
            self.assertEqual(set(env["mail.mail"].browse(ids).mapped("state")), {"outgoing"})
        self.run_queue(ids)
        self.assert_each_once(ids)

    def test_mails_that_are_created_and_sent_with_commits(self):
        """The second one is in doubt, and the others leave once."""
        self.kill_while_silent("fresh", 4, after=1)
        with self.environment() as env:
            mails = env["mail.mail"].search([("subject", "=like", "fresh _")], order="id")
            self.mail_ids.extend(mails.ids)
            self.assertEqual(mails.mapped("state"), ["sent", "outgoing", "outgoing", "outgoing"])
        mail_id, _doubt = self.run_to_doubt(mails.ids)
        self.assertEqual(mail_id, mails.ids[1])
        self.press("action_has_arrived", mail_id)
        self.run_queue(mails.ids)
        self.assert_each_once(mails.ids)

    def test_a_server_that_another_transaction_writes_on(self):
        """Nobody waits for it to end: what is noted of the server is less important than the mails."""
        ids = self.create_mails(3, "locked")
        self.strict.faults.set(Fault(MAIL, "421 4.7.0 Too many connections", closes=True))
        with self.registry.cursor() as cr:
            cr.execute("SELECT 1 FROM ir_mail_server WHERE id = %s FOR NO KEY UPDATE", [self.server_id])
            number = self.ask("queue", *ids)
            waiting = self.wait_for_waiting(ids)
        self.ask("wait", number)
        self.assertTrue(waiting, self.said())

    def wait_for_waiting(self, ids):
        """Wait until mails wait; return whether they do."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            with self.environment() as env:
                if all(mail.failure_reason and mail.state == "outgoing" for mail in env["mail.mail"].browse(ids)):
                    return True
            time.sleep(0.1)
        return False

    def test_a_journal_that_loses_its_connection(self):
        ids = self.create_mails(6, "lost")
        self.run_to_end("journal_lost", ids)
        self.assert_each_once(ids)
