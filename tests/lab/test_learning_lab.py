from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import mailboxes
from ..delivery.common_delivery import MUTED
from .common_lab import BOX_A, BOX_B, LabCase

AUTHORS = 20
# How each kind of server refuses, in Postfix' log.
REFUSALS = {"submission": f"not owned by user {BOX_B}", "header": "END-OF-MESSAGE", "submissions": "reject"}


@tagged("post_install", "-at_install")
class TestLearningLab(LabCase):
    """Nobody has ticked anything, and Postfix refuses the authors: all mails arrive all the same."""

    def setUp(self):
        super().setUp()
        self.company_b.mail_restrict_username = False
        self.user_admin.company_ids |= self.company_b

    def send(self, count=AUTHORS):
        mails = self.env["mail.mail"]
        for number in range(count):
            author = f'"Author {number}, Co." <a{number}@b.example>'
            mails |= self.mail(self.record_b, author, subject=f"Order {number}")
        with mute_logger(*MUTED):
            mails.send()
        self.assert_sent(mails)
        return mails

    def test_one_refusal_for_all_authors(self):
        for port, words in REFUSALS.items():
            for company in (self.env["res.company"], self.company_b):
                with self.subTest(port=port, company=company.name):
                    self.begin()
                    server = self.outgoing(BOX_B, port, company_id=company.id)
                    mails = self.send()
                    received = self.buyer.mails()
                    self.assertEqual(len(self.lab.log.lines("reject", words)), 1)
                    self.assertCountEqual([mail.message["Subject"] for mail in received], mails.mapped("subject"))
                    self.assertCountEqual(
                        [mailboxes(mail, "From") for mail in received],
                        [[(f"Author {number}, Co.", BOX_B)] for number in range(AUTHORS)],
                    )
                    self.assertEqual({mail.mail_from for mail in received}, {BOX_B})
                    activities = self.env["mail.activity"].search([("res_model", "=", "ir.mail_server")])
                    self.assertEqual(set(activities.mapped("res_id")), {server.id})
                    self.assertEqual(len(activities), len(activities.user_id))

    def test_it_shows_the_servers_own_words_and_asks_again_when_told_to(self):
        server = self.outgoing(BOX_B)
        self.send(1)
        self.assertRegex(server.sender_refusal, "^553 5.7.1 .*Sender address rejected: not owned by user box@b.example")
        self.send(1)
        self.assertEqual(len(self.lab.log.lines("not owned by user")), 1)
        server.action_forget_refusal()
        self.send(1)
        self.assertEqual(len(self.lab.log.lines("not owned by user")), 2)
        self.assertEqual(len(self.buyer.mails()), 3)

    def test_a_greylisted_author_teaches_nothing(self):
        self.lab.greylist.is_on = True
        server = self.outgoing(BOX_A, company_id=self.company_a.id)
        mail = self.mail(self.record_a)
        with mute_logger(*MUTED):
            mail.send()
        self.assertTrue(self.lab.log.lines("Greylisted"))
        self.assertEqual((mail.state, server.sender_refusal), ("outgoing", False))
