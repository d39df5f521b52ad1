from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_fetch import FETCH_LOG, FetchCase, eml


@tagged("post_install", "-at_install")
class TestFetchCounts(FetchCase):
    """I see how many mails each mailbox brought, and how often it could not be read."""

    def counts(self):
        rows = self.env["mail.delivery.count"].search([("fetchmail_server_id", "in", self.server.ids)])
        return {row.result: row.count for row in rows}

    def test_mails_are_counted_by_whether_they_have_a_place(self):
        with self.mailbox() as box:
            for number in range(3):
                box.add(eml(f"Order {number}"))
            box.add(eml("Nobody", to="nobody@test.com"))
            self.fetch()
            self.assertEqual(self.counts(), {"fetched": 3, "unrouted": 1})
            box.add(eml("One more"))
            self.fetch()
            self.assertEqual(self.counts(), {"fetched": 4, "unrouted": 1})

    def test_a_mailbox_that_cannot_be_read_is_counted(self):
        with self.mailbox(), mute_logger(FETCH_LOG):
            self.server.password = "wrong"
            self.fetch()
            self.assertEqual(self.counts(), {"not_fetched": 1})
            row = self.env["mail.delivery.count"].search([("fetchmail_server_id", "=", self.server.id)])
            self.assertEqual(row.last_answer, self.server.last_error)

    def test_counts_outlive_the_mailbox(self):
        with self.mailbox(values={"company_id": self.env.company.id}) as box:
            box.add(eml())
            self.fetch()
            name = self.server.name
            self.server.unlink()
            row = self.env["mail.delivery.count"].search([("server_name", "=", name)])
            self.assertEqual((row.count, row.company_id), (1, self.env.company))
