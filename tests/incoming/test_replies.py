from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...routing import address
from ...routing.token import split_token
from ..common import CUSTOMER, mailboxes
from .common_incoming import QUIET, IncomingCase

GONE = {"References": None, "In-Reply-To": None}
REPLACED = {"References": "<1@provider.example>", "In-Reply-To": "<2@provider.example>"}


@tagged("post_install", "-at_install")
class TestReplies(IncomingCase):
    """Odoo writes, the customer answers, and the answer lands on the right document of the right company."""

    def round_trips(self, **headers):
        """Write from both companies, answer both, and check where the answers land."""
        with self.servers(a="tencent", b="tencent"):
            for record, box in ((self.record_a, self.box_a), (self.record_b, self.box_b)):
                self.post(record, subject=f"Order of {record.name}")
                answer = self.answer(self.last_mail(), **headers)
                self.assertEqual(split_token(address.first(answer["To"]))[0], box.user)
                self.assert_taken_in(record, answer, box)

    def test_by_references(self):
        self.round_trips()

    def test_by_in_reply_to_alone(self):
        self.round_trips(References=None)

    def test_by_in_reply_to_where_references_were_replaced(self):
        self.round_trips(References="<1@provider.example>")

    def test_by_a_sub_address(self):
        (self.box_a | self.box_b).reply_token = True
        self.round_trips(**GONE)
        self.round_trips(**REPLACED)

    def test_by_subject(self):
        (self.box_a | self.box_b).reply_by_subject = True
        self.round_trips(**GONE)

    @QUIET
    def test_without_a_switch_it_is_lost(self):
        """Guards the tests above."""
        with self.servers(a="tencent"):
            self.post(self.record_a)
            self.assert_lost(self.answer(self.last_mail(), **GONE), self.box_a)


@tagged("post_install", "-at_install")
class TestReplyTokens(IncomingCase):
    """A signed token in the address that is answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box_a.reply_token = True

    def reply_to(self):
        """Return the addresses in the Reply-To of the last mail, and check that the header reads the same folded."""
        return [email for _name, email in mailboxes(self.last_mail(), "Reply-To")]

    def send(self, record=None, **values):
        with self.servers(a="open", b="open"):
            self.post(record or self.record_a, **values)
        [email] = self.reply_to()
        return email

    def test_the_case_of_a_token_does_not_matter(self):
        email = self.send()
        answer = self.answer(self.last_mail(), To=email.upper(), **GONE)
        self.assert_taken_in(self.record_a, answer, self.box_a)

    def test_the_envelope_alone_may_name_it(self):
        self.send()
        answer = self.answer(self.last_mail(), To="Customers <list@a.example>", **GONE)
        answer["Delivered-To"] = self.reply_to()[0]
        self.assert_taken_in(self.record_a, answer, self.box_a)

    @QUIET
    def test_a_forged_one_is_ignored(self):
        email = self.send()
        last = "a" if email.split("@")[0][-1] != "a" else "b"
        forged = email.split("@")[0][:-1] + last + "@a.example"
        self.assert_lost(self.answer(self.last_mail(), To=forged, **GONE), self.box_a)

    def test_a_forged_one_is_a_mail_to_the_mailbox(self):
        """An alias of the same name still gets it, as a new mail."""
        forged = self.send().replace("+", "+bbbb")
        alias = {"alias_name": "box", "alias_model_id": self.env["ir.model"]._get_id("res.partner")}
        self.env["mail.alias"].create(alias)
        self.take_in(self.answer(self.last_mail(), To=forged, Subject="New", **GONE), self.box_a)
        self.assertTrue(self.env["res.partner"].search([("name", "=", "New")]))

    @QUIET
    def test_one_of_a_deleted_message_is_ignored(self):
        self.send()
        answer = self.answer(self.last_mail(), **GONE)
        self.messages_of(self.record_a).unlink()
        self.assert_lost(answer, self.box_a)

    def test_the_old_ones_hold_when_it_is_switched_off(self):
        self.send()
        self.box_a.reply_token = False
        self.assert_taken_in(self.record_a, self.answer(self.last_mail(), **GONE), self.box_a)

    def test_the_other_companys_mailbox_has_none(self):
        self.assertEqual(self.send(self.record_b), "box@b.example")

    def test_a_catchall_has_none(self):
        self.company_a.mail_catchall_supported = True
        self.box_a.user = "catchall@a.example"
        self.assertEqual(self.send(), "catchall@a.example")

    def test_a_mail_whose_replies_become_something_new_has_none(self):
        self.assertEqual(self.send(reply_to_force_new=True), "box@a.example")

    def test_the_switch_alone_is_enough(self):
        """No other option of the addon is set."""
        (self.company_a | self.company_b).write(
            {"mail_catchall_supported": True, "mail_restrict_username": False, "mail_domain_id": False}
        )
        self.env["mail.routing.domain"].search([]).unlink()
        with self.strict_server("open"):
            self.post(self.record_a, reply_to="box@a.example")
        [email] = self.reply_to()
        self.assertEqual(split_token(email)[0], "box@a.example")
        self.assertNotEqual(email, "box@a.example")


@tagged("post_install", "-at_install")
class TestRepliesBySubject(IncomingCase):
    """Sender and subject, within a number of days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.box_a | cls.box_b).reply_by_subject = True

    def sent(self, record=None, subject="Order S01", **values):
        """Send a mail and return the message."""
        with self.servers(a="open", b="open"):
            return self.post(record or self.record_a, subject=subject, **values)

    def reply(self, subject="Re: Order S01", **headers):
        return self.answer(self.last_mail(), Subject=subject, **GONE, **headers)

    def test_prefixes_of_any_language_do_not_count(self):
        self.sent()
        self.assert_taken_in(self.record_a, self.reply("回复：RE: order s01"), self.box_a)

    def test_the_name_of_the_document_is_a_subject_too(self):
        self.sent(subject=False)
        self.assert_taken_in(self.record_a, self.reply(f"AW: {self.record_a.name}"), self.box_a)

    def test_the_newest_of_several_mails_about_one_document_is_answered(self):
        self.sent()
        newest = self.sent()
        new = self.assert_taken_in(self.record_a, self.reply(), self.box_a)
        self.assertIn(new.parent_id, (newest, newest.parent_id))

    @QUIET
    def test_another_subject_is_lost(self):
        self.sent()
        self.assert_lost(self.reply("Re: Order S02"), self.box_a)

    @QUIET
    def test_another_sender_is_lost(self):
        self.sent()
        self.assert_lost(self.reply(From="else@elsewhere.example"), self.box_a)

    @QUIET
    def test_a_mail_to_another_address_is_lost(self):
        self.sent()
        self.assert_lost(self.reply(To="other@a.example"), self.box_a)

    @QUIET
    def test_two_documents_are_ambiguous(self):
        other = self.record_a.copy({"name": "Customer A2"})
        self.sent()
        self.sent(other, partners=self.record_a)
        self.assert_lost(self.reply(), self.box_a)

    @QUIET
    def test_an_old_mail_is_not_answered(self):
        self.sent().date = fields.Datetime.now() - timedelta(days=31)
        self.assert_lost(self.reply(), self.box_a)
        self.box_a.reply_subject_days = 60
        self.assert_taken_in(self.record_a, self.reply(), self.box_a)

    @QUIET
    def test_a_mail_of_the_other_company_is_not_answered(self):
        self.sent(self.record_b)
        self.assert_lost(self.reply(To="box@a.example"), self.box_a)
        self.assert_taken_in(self.record_b, self.reply(To="box@b.example"), self.box_b)

    @QUIET
    def test_the_switch_is_that_of_the_mailbox_it_came_to(self):
        self.sent()
        self.box_a.reply_by_subject = False
        self.assert_lost(self.reply(), self.box_a)

    def test_a_mail_to_an_address_without_a_partner_is_answered(self):
        with self.servers(a="open"):
            self.mail(self.record_a, email_to="bare@elsewhere.example", subject="Order S01").send()
        self.assert_taken_in(self.record_a, self.reply(From="bare@elsewhere.example"), self.box_a)

    def test_no_days_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "box@a.example"):
            self.box_a.reply_subject_days = 0

    def test_the_customer_is_not_asked_for(self):
        """Guards the sender's address that the tests use."""
        self.assertEqual(self.record_a.email_normalized, CUSTOMER)
