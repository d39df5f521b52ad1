from odoo.tests import tagged

from .common_round_trip import RoundTripCase

GONE = {"References": None, "In-Reply-To": None}
REPLACED = {"References": "<1@provider.example>", "In-Reply-To": "<2@provider.example>"}


@tagged("post_install", "-at_install")
class TestRoundTrip(RoundTripCase):
    """Odoo sends, the customer reads and answers with a mail program, Odoo fetches: all over real SMTP and IMAP."""

    def assert_round_trips(self, **headers):
        """Check that the answers to mails about documents of both companies come back to these documents."""
        with self.internet():
            for record in (self.record_a, self.record_b):
                self.post(record, subject=f"Order of {record.name}")
                self.answer_newest(**headers)
            self.fetch_both()
        for record in (self.record_a, self.record_b):
            [answer] = self.messages_of(record).filtered(lambda message: message.message_type == "email")
            self.assertEqual(
                (answer.subject, answer.record_company_id), (f"Re: Order of {record.name}", record.company_id)
            )
        self.assertFalse(self.env["mail.unrouted.message"].search([]))

    def test_references_kept(self):
        self.assert_round_trips()

    def test_references_replaced(self):
        (self.box_a | self.box_b).reply_token = True
        self.assert_round_trips(**REPLACED)

    def test_references_dropped(self):
        (self.box_a | self.box_b).reply_token = True
        self.assert_round_trips(**GONE)

    def test_references_dropped_without_sub_addresses(self):
        (self.box_a | self.box_b).reply_by_subject = True
        self.assert_round_trips(**GONE)

    def test_an_answer_that_nothing_places_is_kept(self):
        with self.internet():
            self.post(self.record_a, subject="Order")
            self.answer_newest(**GONE)
            self.fetch_both()
        kept = self.env["mail.unrouted.message"].search([])
        self.assertEqual((kept.subject, kept.company_id), ("Re: Order", self.company_a))

    def test_what_nothing_places_is_kept_for_the_company_it_was_sent_to(self):
        """Also where one mailbox gets the mails of all."""
        self.box_b.company_id = False
        with self.internet():
            self.send("nobody@b.example", "Nobody")
            self.fetch_both()
        kept = self.env["mail.unrouted.message"].search([])
        self.assertEqual((kept.subject, kept.company_id), ("Nobody", self.company_b))

    def test_two_companies_that_share_an_alias_name(self):
        """Mail to info@a.example comes from A's customer, mail to info@b.example from B's, and the answers follow."""
        model = self.env["ir.model"]._get("res.partner").id
        values = {"alias_name": "info", "alias_model_id": model, "alias_contact": "everyone"}
        for domain in (self.domain_a, self.domain_b):
            self.env["mail.alias"].create({**values, "mail_domain_id": domain.id})
        with self.internet():
            for company in "AB":
                self.send(f"info@{company.lower()}.example", f"Question to {company}")
            self.fetch_both()
            partners = self.env["res.partner"]
            records = [partners.search([("name", "=", f"Question to {company}")]) for company in "AB"]
            self.assertEqual([record.company_id for record in records], [self.company_a, self.company_b])
            for record in records:
                self.post(record, self.customer, subject="Offer")
                self.answer_newest()
            self.fetch_both()
        for record in records:
            answers = self.messages_of(record).filtered(lambda message: message.subject == "Re: Offer")
            self.assertEqual(answers.record_company_id, record.company_id)
            self.assertEqual(len(answers), 1)
