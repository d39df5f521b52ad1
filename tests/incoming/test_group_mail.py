import base64
import email
from email import policy

from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import CUSTOMER
from .common_incoming import QUIET, IncomingCase
from .common_round_trip import RoundTripCase

DESK = "desk@b.example"


class GroupMixin:
    """ZY works for A, Bob for B, and B has a desk where everybody may write."""

    @classmethod
    def set_up_group(cls):
        cls.zy.company_ids = cls.company_a
        values = {"company_id": cls.company_b.id, "company_ids": [(6, 0, cls.company_b.ids)]}
        cls.bob = mail_new_test_user(cls.env, "bob", name="Bob", email="bob@b.example", **values)
        cls.bob.groups_id += cls.env.ref("base.group_partner_manager")
        cls.desk = cls.env["res.partner"].create({"name": "B Desk", "email": DESK})

    def say(self, user, record, partners=None, **values):
        """Let a user write from a document, to all who follow it and to these partners."""
        author = record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values}
        message = author.message_post(body="<p>Yes</p>", partner_ids=partners.ids if partners else [], **values)
        self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id), ("state", "=", "outgoing")]).send()
        return message.sudo()

    def taken_in(self):
        return self.env["res.partner"].search([("name", "=", "Question")])

    def incoming_of(self, record):
        return self.messages_of(record).filtered(lambda message: message.message_type == "email").sorted("id")


@tagged("post_install", "-at_install")
class TestGroupMail(GroupMixin, RoundTripCase):
    """ZY of A writes to an alias of B from a document of A; Odoo sends, a provider delivers, Odoo fetches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_group()

    def fetch_twice(self):
        """Fetch, and fetch again what is in the mailboxes as if nobody had read it."""
        self.fetch_both()
        self.unread_all()
        self.fetch_both()

    def unread_all(self):
        for box in self.boxes:
            for message in box.folders["INBOX"]:
                message.flags.discard("\\Seen")

    def ask(self, **values):
        """Let ZY write to the desk of B; return the record that B makes of it."""
        self.post(self.record_a, self.desk, subject="Question", **values)
        self.fetch_twice()
        return self.taken_in()

    def test_a_question_and_its_answers(self):
        with self.internet():
            record = self.ask()
            [copy] = self.incoming_of(record)
            self.assertEqual((record.company_id, copy.record_company_id), (self.company_b, self.company_b))
            self.assertEqual((copy.author_id, copy.sender_company_id), (self.zy.partner_id, self.company_a))
            self.say(self.bob, record)
            self.fetch_twice()
            [answer] = self.incoming_of(self.record_a)
            self.assertEqual((answer.author_id, answer.record_company_id), (self.bob.partner_id, self.company_a))
            self.say(self.zy, self.record_a, self.desk)
            self.fetch_twice()
            self.assertEqual(self.incoming_of(record).author_id, self.zy.partner_id)
            self.assertEqual(len(self.incoming_of(record)), 2)
            self.say(self.bob, record)
            self.fetch_twice()
        self.assertEqual(len(self.incoming_of(self.record_a)), 2)
        self.assertEqual(len(self.taken_in()), 1)
        self.assertFalse(self.env["mail.unrouted.message"].search([]))

    def test_without_references(self):
        """If providers drop the headers that identify a reply, the sub-address leads it."""
        (self.box_a | self.box_b).reply_token = True
        with self.internet():
            record = self.ask()
            self.say(self.bob, record)
            for box in self.boxes:
                for message in box.folders["INBOX"]:
                    message.raw = without(message.raw, "References")
            self.fetch_twice()
        self.assertEqual(self.incoming_of(self.record_a).author_id, self.bob.partner_id)

    @QUIET
    def test_an_alias_that_refuses_unknown_senders(self):
        """ZY reads on the document that the desk does not take the mail; nobody answers that, the desk least of all."""
        self.alias.alias_contact = "followers"
        self.record_a.message_subscribe(self.desk.ids)
        with self.internet():
            self.post(self.record_a, self.desk, subject="Question")
            for _turn in range(4):
                self.fetch_both()
            # the question, the answer to it, and what the desk, a follower, is told of that
            self.assertEqual(len(self.strict.mails), 3)
        self.assertFalse(self.taken_in())
        [refusal] = self.incoming_of(self.record_a)
        self.assertIn("could not be accepted by the address desk@b.example", refusal.body)

    @QUIET
    def test_a_mail_to_the_catchall(self):
        self.company_b.mail_catchall_supported = True
        self.desk.email = "catchall@b.example"
        with self.internet():
            self.post(self.record_a, self.desk, subject="Question")
            for _turn in range(4):
                self.fetch_both()
            self.assertEqual(len(self.strict.mails), 2)
        self.assertEqual(len(self.incoming_of(self.record_a)), 1)

    def assert_one_mailbox_for_both(self):
        """Check that the delivery address decides in a catch-all mailbox; A's is the only one here."""
        with self.internet():
            self.post(self.record_a, self.desk, subject="Question")
            self.boxes[0].add(self.boxes[1].folders["INBOX"].pop().raw)
            self.fetch_twice()
        self.assertEqual(len(self.taken_in()), 1)
        self.assertEqual(self.taken_in().company_id, self.company_b)

    def test_one_mailbox_of_no_company_for_both(self):
        self.box_a.company_id = False
        self.assert_one_mailbox_for_both()

    def test_one_mailbox_of_the_sender_for_both(self):
        self.assert_one_mailbox_for_both()


@tagged("post_install", "-at_install")
class TestGroupMailDecided(GroupMixin, IncomingCase):
    """Which mails of one company are incoming mail of another, and how it receives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_group()
        cls.alias = cls.desk_alias("desk", cls.domain_b)
        cls.box_b.object_id = cls.env["ir.model"]._get("res.partner")

    @classmethod
    def desk_alias(cls, name, domain, **values):
        model_id = cls.env["ir.model"]._get_id("res.partner")
        values = {"alias_contact": "everyone", "alias_model_id": model_id, "mail_domain_id": domain.id, **values}
        return cls.env["mail.alias"].create({"alias_name": name, **values})

    def sent(self, partners=None, **values):
        """Let ZY write to the desk or to others; return the mail as it left."""
        with self.servers(a="open", b="open"):
            self.post(self.record_a, partners or self.desk, subject="Question", **values)
            return self.last_mail().data

    def assert_own(self, raw, box, kind="own"):
        """Check that a mail is own mail, and becomes nothing."""
        before = self.env["mail.message"].search_count([])
        with QUIET:
            self.assertEqual(self.take_in(raw, box).get("kind"), kind)
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def assert_taken_in_once(self, raw, box=None):
        """Check that a mail becomes one record of B, however often it is fetched; return its message."""
        self.assertEqual(self.take_in(raw, box).get("kind"), "record")
        with QUIET:
            self.assertEqual(self.take_in(raw, box).get("kind"), "duplicate")
            self.assertEqual(self.take_in(raw, self.box_b).get("kind"), "duplicate")
        self.assertEqual(self.taken_in().company_id, self.company_b)
        return self.incoming_of(self.taken_in())

    def test_a_copy_in_the_senders_mailbox(self):
        self.assert_own(self.sent(), self.box_a)

    def test_a_script_that_hands_over_mails_of_all(self):
        self.assert_taken_in_once(self.sent())

    def test_to_both_companies(self):
        """Neither A's own alias nor its mailbox receives it; from B's mailbox only B does."""
        self.desk_alias("info", self.domain_a)
        info = self.desk.copy({"name": "A Info", "email": "info@a.example"})
        self.company_a.write({"mail_restrict_username": False})
        raw = with_header(self.sent(), "Cc", f"{info.email_formatted}, customer@elsewhere.example")
        self.assert_own(raw, self.box_a)
        self.assert_taken_in_once(raw, self.box_b)

    def test_to_two_other_companies(self):
        """One script hands over the mails of all: each of them gets a record, once."""
        company_c = self.env["res.company"].create({"name": "C Trading"})
        domain = self.env["mail.routing.domain"].create({"name": "third.example", "company_id": company_c.id})
        self.desk_alias("shop", domain)
        raw = with_header(self.sent(), "Cc", "shop@third.example, nobody@third.example")
        self.take_in(raw)
        with QUIET:
            self.assertEqual(self.take_in(raw, self.box_b)["kind"], "duplicate")
        self.assertEqual(self.taken_in().company_id, self.company_b | company_c)
        self.assertEqual(len(self.taken_in()), 2)

    def test_to_a_user_who_reads_mail_elsewhere(self):
        """Bob follows A's document; B's mailbox, which gets all mail of the domain, ignores his notifications."""
        self.assert_own(self.sent(self.bob.partner_id), self.box_b)

    def test_to_an_address_that_nothing_is_meant_by(self):
        """It waits among the unrouted mails, or becomes the mailbox's usual record."""
        self.desk.email = "dekc@b.example"
        raw = self.sent()
        contact, self.box_b.object_id = self.box_b.object_id, False
        self.assert_lost(raw, self.box_b)
        self.box_b.object_id = contact
        self.assert_taken_in_once(raw, self.box_b)

    def test_to_a_mailbox_without_a_domain(self):
        self.company_b.mail_domain_id = False
        self.alias.unlink()
        (self.domain_b | self.domain_c).active = False
        self.desk.email = "box@b.example"
        self.assert_taken_in_once(self.sent(), self.box_b)

    def test_the_message_was_deleted_after_sending(self):
        with self.servers(a="open"):
            mail = self.mail(self.record_a, subject="Question", email_to=self.desk.email, auto_delete=True)
            mail.send()
        self.assertFalse(mail.exists())
        self.assert_own(self.last_mail().data, self.box_a)
        self.assert_taken_in_once(self.last_mail().data, self.box_b)

    def test_the_provider_dropped_the_header(self):
        """The Message-Id identifies it as well; the mail then names the author, as in any other."""
        raw = without(self.sent(), "X-Odoo-Routing")
        self.assert_own(raw, self.box_a)
        self.assertNotEqual(self.assert_taken_in_once(raw, self.box_b).author_id, self.zy.partner_id)

    def test_the_provider_replaced_the_message_id(self):
        raw = with_header(self.sent(), "Message-Id", "<tencent_1@qq.com>")
        self.assertEqual(self.assert_taken_in_once(raw, self.box_b).author_id, self.zy.partner_id)

    def test_an_unknown_sender_who_copied_the_header(self):
        """It sets neither the author nor the reply address."""
        raw = with_header(self.sent(), "From", "thief@elsewhere.example", "Reply-To", "thief@elsewhere.example")
        copy = self.assert_taken_in_once(raw, self.box_b)
        self.assertEqual(copy.email_from, "thief@elsewhere.example")
        self.assertNotEqual(copy.author_id, self.zy.partner_id)
        self.assertFalse(copy.answer_to)

    def test_a_header_of_another_database(self):
        raw = with_header(self.sent(), "Message-Id", "<1@elsewhere.example>")
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assertFalse(self.assert_taken_in_once(without(raw, "References"), self.box_b).sender_company_id)

    def test_what_a_person_did_not_write_makes_no_record(self):
        with self.servers(a="open"):
            self.say(self.zy, self.record_a, self.desk, message_type="auto_comment")
            self.assert_own(self.last_mail().data, self.box_b)
        raw = with_header(self.sent(), "Auto-Submitted", "auto-replied")
        self.assert_own(raw, self.box_b)

    def test_a_note_stays_in_its_company(self):
        """Also where B has a document that A wrote to before; a mailbox and a user may share an address."""
        self.assert_taken_in_once(self.sent(), self.box_b)
        self.bob.email = "box@b.example"
        with self.servers(a="open"):
            self.say(self.zy, self.record_a, self.bob.partner_id, subtype_xmlid="mail.mt_note")
        self.assert_own(self.last_mail().data, self.box_b)

    def test_a_customers_mail_that_a_passes_on(self):
        """The desk of B follows A's document; the customer is answered by way of A."""
        self.record_a.message_subscribe(self.desk.ids)
        with self.servers(a="open", b="open"):
            self.post(self.record_a, self.record_a, subject="Question")
            answer = self.answer(self.last_mail(), Subject="Question", To="box@a.example")
            self.take_in(answer, self.box_a)
            raw = self.last_mail().data
            copy = self.assert_taken_in_once(raw, self.box_b)
            self.assertEqual(copy.author_id.email, CUSTOMER)
            self.say(self.bob, self.taken_in())
            self.assertEqual(self.last_mail().rcpt_tos, ("box@a.example",))

    def test_another_question_after_a_long_talk_with_others(self):
        """It goes on in B's record of the first one, whatever A's document has told others since."""
        self.take_in(self.sent(), self.box_b)
        with self.servers(a="open"):
            for _turn in range(4):
                self.post(self.record_a)
        self.take_in(self.sent(), self.box_b)
        self.assertEqual(len(self.taken_in()), 1)
        self.assertEqual(len(self.incoming_of(self.taken_in())), 2)

    def test_another_documents_question_is_a_record_of_its_own(self):
        self.take_in(self.sent(), self.box_b)
        self.record_a = self.record_a.copy()
        self.take_in(self.sent(), self.box_b)
        self.assertEqual(len(self.taken_in()), 2)

    def test_what_b_tells_its_followers_does_not_come_back(self):
        desk_a = self.desk.copy({"name": "A Desk", "email": "back@a.example"})
        self.desk_alias("back", self.domain_a)
        self.take_in(self.sent(), self.box_b)
        self.taken_in().message_subscribe(desk_a.ids)
        raw = self.sent()
        with self.servers(a="open", b="open"):
            self.take_in(raw, self.box_b)
            told = self.last_mail()
        self.assertEqual(told.rcpt_tos, ("back@a.example",))
        self.assert_own(told.data, self.box_a, "duplicate")

    def test_an_alias_for_known_senders(self):
        self.alias.alias_contact = "partners"
        self.assert_taken_in_once(self.sent(), self.box_b)

    def test_a_user_who_reads_in_odoo_is_answered_on_the_document(self):
        """ZY is told by A's document, not a second time by B's, which ZY cannot open."""
        self.assertEqual(self.zy.notification_type, "inbox")
        self.take_in(self.sent(), self.box_b)
        with self.servers(b="open"):
            message = self.say(self.bob, self.taken_in(), self.zy.partner_id)
            self.assertEqual(self.last_mail().rcpt_tos, ("box@a.example",))
        self.assertEqual(message.notification_ids.notification_type, "email")
        self.assertEqual(message.notification_ids.notification_status, "sent")

    def test_an_answer_after_a_long_talk_with_others(self):
        """The newest mails of B's document mean nothing in A: the answer names the mail that it answers."""
        self.company_a.mail_catchall_supported = True
        self.take_in(self.sent(), self.box_b)
        record = self.taken_in()
        record.message_unsubscribe(self.zy.partner_id.ids)
        with self.servers(a="open", b="open"):
            for _turn in range(4):
                self.say(self.bob, record, self.record_b)
            self.say(self.bob, record, self.zy.partner_id)
            answer = self.last_mail()
            self.assertEqual(answer.rcpt_tos, ("catchall@a.example",))
            self.take_in(answer.data)
        self.assertEqual(self.incoming_of(self.record_a).author_id, self.bob.partner_id)

    def test_a_note_to_the_other_companys_user_stays_a_note(self):
        """It does not reach A's document, whichever way ZY is notified."""
        self.take_in(self.sent(), self.box_b)
        note = {"subtype_xmlid": "mail.mt_note"}
        with self.servers(b="open"):
            told = self.say(self.bob, self.taken_in(), self.zy.partner_id, **note)
            self.assertEqual(told.notification_ids.notification_type, "inbox")
            self.zy.notification_type = "email"
            self.say(self.bob, self.taken_in(), self.zy.partner_id, **note)
            self.assertEqual(self.last_mail().rcpt_tos, ("zy@a.example",))

    def test_attached_by_a_person(self):
        """A mail without a place waits; attaching it puts it on the document, from its author."""
        self.desk.email = "dekc@b.example"
        self.box_b.object_id = False
        raw = with_header(self.sent(), "Delivered-To", "dekc@b.example")
        unrouted = self.env["mail.unrouted.message"]._keep(self.box_b, raw, {"company_id": self.company_b.id})
        self.assertTrue(unrouted._try("res.partner", self.record_b.id))
        copy = self.incoming_of(self.record_b)
        self.assertEqual((copy.author_id, copy.sender_company_id), (self.zy.partner_id, self.company_a))
        self.assertEqual((unrouted.res_model, unrouted.res_id), ("res.partner", self.record_b.id))

    def test_the_preview_says_so(self):
        both = self.company_a | self.company_b
        self.user_admin.company_ids |= both
        wizard = self.env["mail.incoming.preview"].with_user(self.user_admin)
        wizard = wizard.with_context(allowed_company_ids=both.ids)
        raw = base64.b64encode(self.sent())
        wizard = wizard.create({"eml": raw, "fetchmail_server_id": self.box_b.id})
        wizard.action_preview()
        self.assertEqual((wizard.result, wizard.company_id), ("New Contact", self.company_b))
        self.assertIn(f"{self.company_a.name} sent it to B Trading", wizard.trace)
        wizard.fetchmail_server_id = self.box_a
        wizard.action_preview()
        self.assertEqual(wizard.result, "Odoo sent it itself, and ignores it.")

    def test_nothing_configured(self):
        """Odoo's own way: a known Message-Id is not taken in again."""
        (self.company_a | self.company_b).write({"mail_restrict_username": False, "mail_catchall_supported": True})
        (self.company_a | self.company_b).mail_domain_id = False
        self.alias.unlink()
        self.env["mail.routing.domain"].search([]).unlink()
        with self.strict_server("open"):
            self.post(self.record_a, self.desk, subject="Question")
        self.assert_own(self.last_mail().data, self.box_b)


def without(raw, *names):
    """Return a mail without some headers."""
    message = email.message_from_bytes(raw, policy=policy.SMTP)
    for name in names:
        del message[name]
    return message.as_bytes()


def with_header(raw, *pairs):
    """Return a mail with some headers replaced or added."""
    message = email.message_from_bytes(raw, policy=policy.SMTP)
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        del message[name]
        message[name] = value
    return message.as_bytes()
