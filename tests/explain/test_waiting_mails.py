from contextlib import contextmanager

from odoo.tests import tagged

from ...models.words.mail_routing_words_delivery import MEANINGS
from ...routing.delivery.answer_class import AnswerClass
from ..delivery.common_delivery import DeliveryCase


@tagged("post_install", "-at_install")
class TestWaitingMails(DeliveryCase):
    """I open a mail that waits, and read in my language why, and until when."""

    COMPANIES = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    @contextmanager
    def waiting(self, fault):
        """Give a mail that waits for a server in trouble."""
        with self.servers(fault):
            mail = self.create_company_mails(1, self.companies[0])
            self.run_queue()
            self.assertEqual(mail.state, "outgoing")
            yield mail

    def test_it_says_why_in_the_readers_language(self):
        chinese = self.env["mail.routing.words"].with_context(lang="zh_CN")._meaning(AnswerClass.TEMPORARY.value)
        meaning = str(MEANINGS[AnswerClass.TEMPORARY])
        with self.waiting("451 at RCPT") as mail:
            self.assertIn(meaning, mail.failure_info)
            self.assertIn(chinese, mail.with_context(lang="zh_CN").failure_info)
            self.assertNotIn(meaning, mail.with_context(lang="zh_CN").failure_info)

    def test_it_says_once_when_it_is_tried_again(self):
        """Its mail server rests until the same moment."""
        with self.waiting("down") as mail:
            mail.route_server_id.delivery_rest_until = mail.scheduled_date
            until = self.env["mail.routing.words"]._moment(mail.scheduled_date)
            self.assertEqual(mail.failure_info.count(until), 1)

    def test_a_limit_is_no_trouble(self):
        """What the mail server said to an earlier attempt does not matter any more."""
        with self.servers("451 at RCPT"):
            mail = self.create_company_mails(1, self.companies[0])
            self.run_queue()
            self.troubled.faults.clear()
            self.server.limit_per_minute = 1
            self.create_company_mails(1, self.companies[0]).send()
            mail.scheduled_date = False
            self.run_queue()
            self.assertIn("as many mails as its limit allows", mail.failure_info)
            chinese = mail.with_context(lang="zh_CN").failure_info
            self.assertNotIn("as many mails as its limit allows", chinese)
            self.assertNotIn("451", chinese)
