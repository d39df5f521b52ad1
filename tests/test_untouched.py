import re

from odoo.tests import tagged

from .common import StrictMailCase
from .overrides import without_the_addon


def comparable(data):
    """Return a raw mail without what differs from mail to mail: date, ids and MIME boundaries."""
    data = re.sub(rb"(?im)^(message-id|date|references): .*(\r\n[ \t].*)*\r\n", b"", data)
    return re.sub(rb"={5,}\d+==", b"BOUNDARY", data)


@tagged("post_install", "-at_install")
class TestUntouched(StrictMailCase):
    """I installed the addon and ticked nothing: my mails are what they were, byte for byte."""

    MAILS = (
        {},
        {"email_from": '"作者 0, Co." <zhi@corp.example>', "reply_to": "sales@corp.example"},
        {"email_from": '"A" <a@corp.example>, "B" <b@corp.example>'},
        {"email_from": "zhi@test.com", "email_cc": "copy@elsewhere.example"},
        {"email_from": False},
        {"headers": "{'Return-Path': 'verp+1@test.com', 'X-Own': 'yes'}"},
        {"attachment_ids": [(0, 0, {"name": "a.txt", "raw": b"attached"})]},
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_employee.groups_id += cls.env.ref("base.group_partner_manager")
        model = cls.env["ir.model"]._get("res.partner").id
        cls.env["mail.alias"].create({"alias_name": "known", "alias_model_id": model, "alias_contact": "partners"})

    def send_all(self):
        """Send the same mails once more and return what arrived, in a form that can be compared."""
        before = len(self.strict.mails)
        mails = self.env["mail.mail"].concat(*(self.create_mail(**values) for values in self.MAILS))
        mails.send()
        servers = self.env["ir.mail_server"]
        servers.send_email(servers.build_email("Zhi <zhi@corp.example>", ["x@elsewhere.example"], "Direct", "Body"))
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.write_and_answer()
        return sorted(
            (stored.mail_from, stored.rcpt_tos, comparable(stored.data)) for stored in self.strict.mails[before:]
        )

    def write_and_answer(self):
        """Let a user write in the chatter, and core's gateway answer a stranger whose mails it does not take."""
        notified = self.customer.with_user(self.user_employee)
        notified.message_post(body="Hi", partner_ids=self.customer.ids, message_type="comment")
        stranger = "From: stranger@elsewhere.example\r\nTo: known@test.com\r\n"
        self.env["mail.thread"].message_process(None, stranger + "\r\nHello")
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()

    def compare(self, **server):
        with self.strict_server("open"):
            self.server.write(server)
            installed = self.send_all()
            with without_the_addon(self.registry):
                stock = self.send_all()
        self.assertEqual(len(installed), len(self.MAILS) + 3)
        self.assertEqual(installed, stock)

    def test_without_a_filter(self):
        self.compare()

    def test_with_a_domain_filter(self):
        self.compare(from_filter="test.com")

    def test_with_an_address_filter(self):
        self.compare(from_filter="notifications@test.com")

    def test_with_another_companys_option_on(self):
        """The option of one company leaves the mails of another alone."""
        self._activate_multi_company()
        self.company_2.mail_restrict_username = True
        self.compare()

    def test_the_comparison_sees_a_difference(self):
        """Guards the other tests: with an option on they would fail."""
        self.company.mail_restrict_username = True
        with self.assertRaises(AssertionError):
            self.compare()
