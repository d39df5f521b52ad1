from odoo.tests import tagged

from .common_committed import CommittedCase


@tagged("post_install", "-at_install")
class TestCommittedCounts(CommittedCase):
    """Several processes send at once: each mail is counted once, and no process waits for another's count."""

    def setUp(self):
        super().setUp()
        with self.environment() as env:
            env.cr.execute("DELETE FROM mail_delivery_count WHERE mail_server_id = %s", [self.server_id])

    def counted(self):
        """Return how many mails were counted by result."""
        with self.environment() as env:
            rows = env["mail.delivery.count"].search([("mail_server_id", "=", self.server_id)])
            return {result: sum(r.count for r in rows if r.result == result) for result in set(rows.mapped("result"))}

    def test_processes_that_count_in_the_same_moment(self):
        parts = [self.create_mails(30, f"part {number}") for number in range(4)]
        numbers = [
            self.ask(way, *ids) for way, ids in zip(("queue", "at_once", "queue", "at_once"), parts, strict=True)
        ]
        for number in numbers:
            self.assertEqual(self.ask("wait", number), 0, self.said())
        self.assertEqual(self.counted(), {"sent": 120})

    def test_mails_that_are_created_and_sent_with_a_commit_after_each(self):
        self.run_to_end("fresh", [10])
        with self.environment() as env:
            # they are removed in the end
            self.mail_ids.extend(env["mail.mail"].search([("subject", "=like", "fresh _")]).ids)
        self.assertEqual(self.counted(), {"sent": 10})
