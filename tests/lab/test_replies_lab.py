from odoo.tests import tagged

from ..common import CUSTOMER
from .common_lab import BOX_A, BOX_B, LabCase

GONE = {"References": None, "In-Reply-To": None}
REPLACED = {"References": "<1@provider.example>", "In-Reply-To": "<2@provider.example>"}


class RepliesMixin:
    """Odoo sends, the customer reads and answers with a mail program, Odoo fetches: for both companies."""

    def assert_round_trips(self, **headers):
        """Check that the answers to mails about documents of both companies come back to these, once."""
        self.outgoing_of_both()
        for record in (self.record_a, self.record_b):
            self.post(record, subject=f"Order of {record.name}")
            self.buyer.answer(self.buyer.mails()[-1], **headers)
        self.fetch_both()
        self.fetch_both()
        for record in (self.record_a, self.record_b):
            [answer] = self.answers(record)
            self.assertEqual(
                (answer.subject, answer.record_company_id), (f"Re: Order of {record.name}", record.company_id)
            )
            self.assertEqual(answer.author_id.email, CUSTOMER)
        self.assertFalse(self.kept())

    def use_sub_addresses(self):
        """Let both mailboxes have them; replies to A go to its mailbox itself, as a catchall needs none."""
        (self.box_a | self.box_b).reply_token = True
        self.company_a.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "box"})

    def test_references_kept(self):
        self.assert_round_trips()

    def test_references_replaced(self):
        """Sub-addresses lead the answer: Postfix delivers box+token@b.example to box@b.example."""
        self.use_sub_addresses()
        self.assert_round_trips(**REPLACED)

    def test_references_gone(self):
        self.use_sub_addresses()
        self.assert_round_trips(**GONE)

    def test_references_gone_without_sub_addresses(self):
        (self.box_a | self.box_b).reply_by_subject = True
        self.assert_round_trips(**GONE)

    def test_the_companys_reply_address(self):
        self.company_a.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "info"})
        self.assert_round_trips()
        self.assertEqual([mail.recipient for mail in self.box(BOX_A)], self.left("info@a.example"))

    def test_an_alias_and_the_record_it_makes(self):
        """The customer writes first, B answers from the record, the customer answers that."""
        self.lab.mailboxes.lead("desk@b.example", BOX_B)
        self.outgoing_of_both()
        self.buyer.send("Desk <desk@b.example>", "First")
        self.fetch_both()
        record = self.partners("First")
        self.assertEqual(record.company_id, self.company_b)
        self.post(record, self.customer, subject="Offer")
        self.buyer.answer(self.received())
        self.fetch_both()
        self.assertEqual(self.answers(record).mapped("subject"), ["First", "Re: Offer"])
        self.assertFalse(self.kept())

    def test_a_mail_to_a_name_that_only_the_catch_all_delivers(self):
        """The recipient stands in X-Original-To alone: it was a blind copy."""
        self.env["mail.alias"].create(
            {
                "alias_name": "shop",
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
                "alias_contact": "everyone",
                "mail_domain_id": self.domain_a.id,
            }
        )
        self.buyer.send("Somebody <friend@elsewhere.example>", "Blind", Bcc="shop@a.example")
        self.fetch_both()
        self.assertEqual(self.partners("Blind").company_id, self.company_a)

    def test_what_is_fetched_leaves_the_mailbox_as_its_protocol_says(self):
        self.buyer.send("desk@a.example", "Once")
        self.fetch_both()
        self.fetch_both()
        self.assertEqual(len(self.partners("Once")), 1)
        self.assertEqual([mail.recipient for mail in self.box(BOX_A)], self.left("desk@a.example"))

    def left(self, *mails):
        """Return what is left of fetched mails on the server: IMAP keeps them, POP deletes them."""
        return list(mails) if self.protocol == "imap" else []


@tagged("post_install", "-at_install")
class TestRepliesImap(RepliesMixin, LabCase):
    protocol = "imap"


@tagged("post_install", "-at_install")
class TestRepliesPop(RepliesMixin, LabCase):
    protocol = "pop"
