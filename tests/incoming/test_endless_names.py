from odoo.tests import tagged

from ...routing import address
from ..common import mailboxes
from .common_incoming import QUIET, IncomingCase

NAME = "Zhi " * 25_000


@tagged("post_install", "-at_install")
class TestEndlessNames(IncomingCase):
    """A stranger's name is as long as a book, and everybody works on."""

    @QUIET
    def test_a_mail_of_an_endless_name_is_taken_in_and_notified(self):
        document = self.env["res.partner"].create({"name": "Order", "company_id": self.company_a.id})
        document.with_company(self.company_a).message_subscribe(self.customer.ids)
        with self.servers(a="tencent"):
            sent = self.post(document, self.customer)
            answer = self.answer(self.last_mail(), From=None)
            raw = f"From: {NAME}<stranger@outside.example>\r\n".encode() + answer.as_bytes()
            message = self.assert_taken_in(document, raw, self.box_a)
            self.assertEqual(address.first(message.email_from), "stranger@outside.example")
            self.assertEqual(message.parent_id, sent)
            self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)]).send()
            [(name, email)] = mailboxes(self.last_mail(), "From")
        self.assertEqual(email, "box@a.example")
        self.assertEqual(name, NAME[: address.LONGEST_NAME].strip())
