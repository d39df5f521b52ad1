import email
import html
from email import policy
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ...routing.tests.incoming import bounces
from ..common import CUSTOMER
from .common_incoming import QUIET, IncomingCase


@tagged("post_install", "-at_install")
class TestBounces(IncomingCase):
    """A mail comes back to the mailbox that it was sent from: its author sees why, and nothing else is created."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box_a.object_id = cls.env["ir.model"]._get("res.partner")
        cls.env["res.lang"]._activate_lang("zh_CN")

    def sent(self, partners=None):
        """Let ZY write to the customer, and to these partners; return the message."""
        with self.servers(a="tencent"):
            return self.post(self.record_a, partners=self.record_a | (partners or self.record_a))

    def come_back(self, sample, message_id=None, gone=CUSTOMER):
        """Take in a sample as the bounce of the last mail; return its outcome."""
        data = sample.as_bytes()
        returned = message_id or self.last_mail().message["Message-Id"]
        for old, new in ((bounces.OUR_ID, returned), (bounces.GONE, gone)):
            data = data.replace(old.encode(), new.encode())
            data = data.replace(html.escape(old).encode(), html.escape(new).encode())
        # core cannot read a mail in an unknown charset at all
        data = data.replace(b"no-such-charset", b"utf-8").replace(b"To: bounce@a.com", b"To: box@a.example")
        partners, messages = (self.env[model].search_count([]) for model in ("res.partner", "mail.message"))
        outcome = self.take_in(data, self.box_a)
        self.created = (
            self.env["res.partner"].search_count([]) - partners,
            self.env["mail.message"].search_count([]) - messages,
        )
        return outcome

    def notification(self, message, partner=None):
        return message.notification_ids.filtered(lambda n: n.res_partner_id == (partner or self.record_a))

    def assert_bounced(self, message, reason, partner=None):
        """Check that the notification says that the mail came back, and why; that nothing was created."""
        notification = self.notification(message, partner)
        self.assertEqual(notification.notification_status, "bounce")
        self.assertEqual(notification.failure_type, "mail_bounce")
        self.assertIn(reason, notification.failure_reason)
        self.assertEqual(notification.format_failure_reason(), notification.failure_reason)
        self.assertEqual(self.created, (0, 0))

    def others(self):
        """Return two more customers."""
        names = ("other", "third")
        return self.env["res.partner"].create([{"name": n, "email": f"{n}@elsewhere.example"} for n in names])

    @QUIET
    def test_what_providers_send(self):
        """Each to the mailbox itself, and not to a bounce address."""
        for name, reason in (
            ("QMAIL", "does not know this address"),
            ("EXIM", "550"),
            ("QQ", "550 Mailbox not found"),
            ("NETEASE", "mailbox is full"),
            ("ALIYUN", "DT:SPM"),
            ("EXCHANGE", "5.1.10"),
            ("EXCHANGE_REPORT", "too big"),
            ("OFFICE_365_SENDER", "does not accept the sender"),
            ("GMAIL", "5.7.26"),
            ("UNKNOWN_WORDS", "sent this mail back"),
            ("BROKEN_REPORT", "550 5.1.1"),
        ):
            with self.subTest(name=name):
                message = self.sent()
                self.assertEqual(self.come_back(getattr(bounces, name))["kind"], "bounce")
                self.assert_bounced(message, reason)

    @QUIET
    def test_a_report_to_the_bounce_address_has_the_reason_too(self):
        """Core recognises it by itself."""
        message = self.sent()
        sample = bounces.report(bounces.recipient())
        sample.replace_header("To", "bounce@a.example")
        self.come_back(sample)
        self.assert_bounced(message, "User unknown")

    @QUIET
    def test_the_reason_is_in_the_language_of_the_author(self):
        self.zy.lang = "zh_CN"
        message = self.sent()
        chinese = {"The recipient's mail server does not know this address.": "收件方邮件服务器上没有此地址。"}
        known = code_translations.python_translations
        with patch.dict(known, {("mail_company_routing", "zh_CN"): chinese}):
            self.come_back(bounces.QQ)
        reason = self.notification(message).failure_reason
        self.assertIn("收件方邮件服务器上没有此地址。", reason)
        self.assertIn("550 Mailbox not found", reason)

    @QUIET
    def test_what_arrived_is_no_bounce_of_a_contact(self):
        """Core takes each report for a bounce, and counts it."""
        for name in ("COMPLAINT", "RECEIPT"):
            with self.subTest(name=name):
                message = self.sent()
                self.come_back(getattr(bounces, name))
                self.assertEqual(self.record_a.message_bounce, 0)
                self.assertEqual(self.notification(message).notification_status, "sent")
                self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_only_those_that_failed_of_several(self):
        other, third = self.others()
        message = self.sent(other | third)
        self.come_back(bounces.report(bounces.recipient(), bounces.recipient(final=third.email, said="550 5.2.2 full")))
        self.assert_bounced(message, "User unknown")
        self.assert_bounced(message, "", third)
        self.assertEqual(self.notification(message, other).notification_status, "sent")

    @QUIET
    def test_each_that_failed_counts_it(self):
        other, third = self.others()
        self.sent(other | third)
        self.come_back(bounces.report(bounces.recipient(final=other.email), bounces.recipient(final=third.email)))
        self.assertEqual((other.message_bounce, third.message_bounce), (1, 1))

    @QUIET
    def test_a_forwarded_mail_bounces_for_the_one_it_was_sent_to(self):
        message = self.sent()
        self.come_back(bounces.report(bounces.recipient(final="hidden@provider.example")), gone="x@y.example")
        self.assert_bounced(message, "User unknown")

    @QUIET
    def test_one_of_several_that_nothing_names_is_not_guessed(self):
        other, _third = self.others()
        message = self.sent(other)
        self.come_back(bounces.report(bounces.recipient(final="hidden@provider.example")), gone="x@y.example")
        self.assertEqual(set(message.notification_ids.mapped("notification_status")), {"sent"})
        self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_the_same_address_elsewhere_is_left_alone(self):
        """Customer B has the same address; the mail was not sent to that partner."""
        message = self.sent()
        self.come_back(bounces.QMAIL)
        self.assertEqual(message.notification_ids.mapped("res_partner_id"), self.record_a)

    @QUIET
    def test_by_the_references_where_the_provider_replaced_the_message_id(self):
        message = self.sent()
        sample = bounces.report(bounces.recipient())
        data = sample.as_bytes().replace(b"\nMessage-Id: " + bounces.OUR_ID.encode(), b"\nMessage-Id: <1@qq.com>")
        self.come_back(email.message_from_bytes(data, policy=policy.SMTP))
        self.assert_bounced(message, "User unknown")

    @QUIET
    def test_of_a_mail_that_is_gone_nothing_is_created(self):
        self.sent().unlink()
        self.assertEqual(self.come_back(bounces.QQ)["kind"], "bounce")
        self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_two_messages_of_one_id_do_not_crash(self):
        message = self.sent()
        self.env["mail.message"].create({"message_id": message.message_id, "body": "again"})
        self.come_back(bounces.report(bounces.recipient()))
        self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_a_delay_is_no_failure(self):
        message = self.sent()
        outcome = self.come_back(bounces.report(bounces.recipient("delayed", "4.4.7", "450 4.4.7 delayed")))
        self.assertEqual(outcome["kind"], "bounce")
        self.assertEqual(self.notification(message).notification_status, "sent")
        self.assertEqual(self.record_a.message_bounce, 0)
        self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_a_receipt_stays_what_core_makes_of_it(self):
        message = self.sent()
        self.come_back(bounces.RECEIPT)
        self.assertEqual(self.notification(message).notification_status, "sent")
        self.assertEqual(self.created, (0, 0))

    @QUIET
    def test_answers_are_no_bounces(self):
        """They land on the document, because they answer the mail."""
        for name in ("OUT_OF_OFFICE", "SILENT_VACATION", "CUSTOMER_ANSWER", "A_PERSON_AT_POSTMASTER"):
            with self.subTest(name=name):
                message = self.sent()
                sample = getattr(bounces, name)
                sample.add_header("Message-Id", f"<{name}@customer.com>")
                self.assertNotEqual(self.come_back(sample).get("kind"), "bounce")
                self.assertEqual(self.created, (0, 1))
                self.assertEqual(self.notification(message).notification_status, "sent")

    @QUIET
    def test_a_customer_who_forwards_one_is_none(self):
        self.sent()
        self.assertNotEqual(self.come_back(bounces.FORWARDED_BOUNCE).get("kind"), "bounce")
        self.assertEqual(self.created[0], 1)

    @QUIET
    def test_words_of_a_failure_do_not_do_without_a_known_mail(self):
        self.sent()
        self.assertNotEqual(self.come_back(bounces.UNKNOWN_WORDS, "<1@unknown.example>").get("kind"), "bounce")
        self.assertEqual(self.created[0], 1)

    @QUIET
    def test_nothing_set_nothing_changes(self):
        """To stock Odoo, QQ's report is a mail like any other."""
        message = self.sent()
        companies = self.company_a | self.company_b
        companies.write({"mail_catchall_supported": True, "mail_restrict_username": False, "mail_domain_id": False})
        self.env["mail.routing.domain"].search([]).unlink()
        self.come_back(bounces.QQ)
        self.assertEqual(self.created[0], 1)
        self.assertEqual(self.notification(message).notification_status, "sent")

    def test_the_author_sees_the_reason_when_asked_to_send_again(self):
        with QUIET:
            message = self.sent()
            self.come_back(bounces.QQ)
        wizard = self.env["mail.resend.message"].with_user(self.zy).with_context(mail_message_to_resend=message.id)
        self.assertIn("Mailbox not found", wizard.create({}).partner_ids.message)
