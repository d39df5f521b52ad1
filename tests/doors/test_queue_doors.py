from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_doors import RpcCase

GUESS = [["record_company_id.mail_domain_id.mail_server_id.smtp_pass", "=like", "s%"]]


class QueueDoors:
    """The queue sends for all companies, and nobody learns or chooses by it what is another company's."""

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].search([]).unlink()
        self.enterContext(self.servers(a="open", b="open"))
        self.domain_b.mail_server_id = self.server_of["b"]
        for subject, company in (("A", self.company_a), ("B", self.company_b)):
            self.create_mail(subject=subject, record_company_id=company.id)

    def run_queue(self, user, *args, **context):
        """Run the queue as somebody; return the subjects of all that have left."""
        self.rpc(user, "mail.mail", "process_email_queue", *args, context=context)
        return self.left()

    def left(self):
        return sorted(stored.message["Subject"] for stored in self.strict.mails)

    def test_a_customer_reads_no_password_by_what_leaves(self):
        for user in self.portal + self.employee:
            for args in ((), (self.ids("B"),)):
                for context in ({}, {"filters": GUESS}):
                    with self.subTest(user.login, args=args, context=context), self.assertRaises(AccessError):
                        self.run_queue(user, *args, **context)
        self.assertFalse(self.left())

    def test_what_an_administrator_chooses_is_of_its_companies(self):
        self.assertEqual(self.run_queue(self.administrator, self.ids("B")), [])
        self.assertEqual(self.run_queue(self.administrator, filters=GUESS), [])
        self.assertEqual(self.run_queue(self.administrator, self.ids("A", "B")), ["A"])

    def test_the_whole_queue_is_everybodys_who_may_run_it(self):
        """As before: a scheduled action may run as the administrator of one company."""
        self.assertEqual(self.run_queue(self.administrator, default_state="cancel", active_test=False), ["A", "B"])

    def ids(self, *subjects):
        return self.env["mail.mail"].search([("subject", "in", subjects)]).ids


@tagged("post_install", "-at_install")
class TestQueueDoorsJson(QueueDoors, RpcCase):
    protocol = "json"


@tagged("post_install", "-at_install")
class TestQueueDoorsXml(QueueDoors, RpcCase):
    protocol = "xml"
