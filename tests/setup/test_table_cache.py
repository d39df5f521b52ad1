from odoo.tests import tagged

from ...wizard.rolled_back import rolled_back
from ..common import StrictMailCase


@tagged("post_install", "-at_install")
class TestTableCache(StrictMailCase):
    """What a transaction takes back does not decide about mails any more, whoever took it back."""

    def table(self):
        return self.env["mail.routing"]._routing_table()

    def restricts(self):
        return self.table().companies[self.company.id].restrict_username

    def test_a_change_in_a_savepoint_that_fails(self):
        self.assertFalse(self.restricts())
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.company.mail_restrict_username = True
            self.assertTrue(self.restricts())
            raise ZeroDivisionError
        self.assertFalse(self.restricts())

    def test_a_change_before_the_savepoint_stays(self):
        self.company.mail_restrict_username = True
        with rolled_back(self.cr):
            self.company.mail_restrict_username = False
            self.assertFalse(self.restricts())
        self.assertTrue(self.restricts())

    def test_savepoints_in_savepoints(self):
        """The inner one lasts, and goes with the outer one."""
        with rolled_back(self.cr):
            with self.cr.savepoint():
                self.company.mail_restrict_username = True
            self.assertTrue(self.restricts())
        self.assertFalse(self.restricts())

    def test_a_savepoint_that_lasts_costs_no_new_table(self):
        self.company.mail_restrict_username = True
        table = self.table()
        with self.cr.savepoint():
            self.customer.name = "Another"
        self.assertIs(self.table(), table)
