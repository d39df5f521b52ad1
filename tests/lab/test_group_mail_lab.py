from odoo.tests import tagged

from ..incoming.test_group_mail import GroupMixin
from .common_lab import BOX_A, BOX_B, LabCase

DESK = "desk@b.example"


class BetweenCompaniesMixin(GroupMixin):
    """ZY of A writes to a desk of B from a record of A; Postfix delivers, Odoo fetches, Bob of B answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_group()

    def setUp(self):
        super().setUp()
        self.lab.mailboxes.lead(DESK, BOX_B)
        self.outgoing_of_both()

    def ask(self):
        """Let ZY write to the desk; return what B makes of it."""
        self.post(self.record_a, self.desk, subject="Question")
        self.fetch_both()
        return self.taken_in()

    def test_a_question_and_its_answers(self):
        record = self.ask()
        [copy] = self.answers(record)
        self.assertEqual((record.company_id, copy.record_company_id), (self.company_b, self.company_b))
        self.assertEqual((copy.author_id, copy.sender_company_id), (self.zy.partner_id, self.company_a))
        self.say(self.bob, record)
        self.fetch_both()
        [answer] = self.answers(self.record_a)
        self.assertEqual((answer.author_id, answer.record_company_id), (self.bob.partner_id, self.company_a))
        self.say(self.zy, self.record_a, self.desk)
        self.fetch_both()
        self.assertEqual(self.answers(record).mapped("author_id"), self.zy.partner_id)
        self.assertEqual((len(self.answers(record)), len(self.taken_in())), (2, 1))
        self.assertFalse(self.kept())

    def test_each_mail_leaves_through_its_own_company(self):
        self.say(self.bob, self.ask())
        self.lab.settle()
        self.assertEqual(self.lab.log.logins(), [BOX_A, BOX_B])
        self.assertEqual(len(self.lab.log.lines("from=<bounce@a.example>", "queue active")), 1)
        self.assertEqual(len(self.lab.log.lines(f"from=<{BOX_B}>", "queue active")), 1)

    def test_a_copy_in_the_senders_own_mailbox_is_skipped(self):
        """The catch-all of A gets it, too."""
        info = self.desk.copy({"name": "A Info", "email": "info@a.example"})
        self.post(self.record_a, self.desk | info, subject="Question")
        self.fetch_both()
        self.assertEqual((len(self.taken_in()), self.taken_in().company_id), (1, self.company_b))
        self.assertFalse(self.answers(self.record_a))


@tagged("post_install", "-at_install")
class TestBetweenCompaniesImap(BetweenCompaniesMixin, LabCase):
    protocol = "imap"


@tagged("post_install", "-at_install")
class TestBetweenCompaniesPop(BetweenCompaniesMixin, LabCase):
    protocol = "pop"
