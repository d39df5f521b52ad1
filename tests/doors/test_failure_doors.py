from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_doors import RpcCase

ANSWER = "550 5.1.1 nobody of that name here"


class FailureDoors:
    """Why a mail failed is told to those who see its message."""

    def setUp(self):
        super().setUp()
        self.record = self.customer.create({"name": "B's own", "company_id": self.company_b.id})
        message = self.record.message_post(body="Offer", message_type="comment", subtype_xmlid="mail.mt_note")
        mail = self.create_mail(mail_message_id=message.id, state="exception")
        mail.write({"delivery_class": "recipient", "delivery_answer": ANSWER, "failure_reason": ANSWER})
        self.notification = self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "mail_mail_id": mail.id,
                "res_partner_id": self.customer.id,
                "notification_type": "email",
                "notification_status": "exception",
                "failure_type": "mail_smtp",
            }
        )

    def reason(self, user):
        return self.rpc(user, "mail.notification", "format_failure_reason", self.notification.ids)

    def test_a_customer_is_refused(self):
        with self.assertRaises(AccessError):
            self.reason(self.portal)

    def test_who_may_not_read_the_message_gets_what_core_says(self):
        said = self.reason(self.employee)
        self.assertNotIn("550", said)
        self.assertEqual(said, dict(self.notification._fields["failure_type"].selection)["mail_smtp"])

    def test_who_reads_the_message_is_told(self):
        self.employee.company_ids += self.company_b
        self.record.company_id = self.company_a
        self.assertIn(ANSWER, self.reason(self.employee))


@tagged("post_install", "-at_install")
class TestFailureDoorsJson(FailureDoors, RpcCase):
    protocol = "json"


@tagged("post_install", "-at_install")
class TestFailureDoorsXml(FailureDoors, RpcCase):
    protocol = "xml"
