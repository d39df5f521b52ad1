import base64
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ..common_contacts import ContactsCase


@tagged("post_install", "-at_install")
class TestIncomingPreview(ContactsCase):
    """I try a mail: I see where it would go and why, and nothing happens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin.company_ids += cls.company_b
        cls.wizards = cls.env["mail.incoming.preview"].with_user(cls.user_admin)

    def preview(self, message, server=None):
        """Try a mail, and check that it leaves no trace."""
        wizard = self.wizards.create(
            {"eml": base64.b64encode(message.as_bytes()), "fetchmail_server_id": server and server.id}
        )
        before = self.counts()
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with for_real, patch("smtplib.SMTP", side_effect=AssertionError("a session")):
            wizard.action_preview()
        self.assertEqual(self.counts(), before)
        return wizard

    def counts(self):
        """Return the number of rows of each model that a mail could create or change."""
        # with what is tracked of the records made before
        self.cr.flush()
        models = ("res.partner", "mail.message", "mail.mail", "mail.notification", "mail.followers", "ir.attachment")
        self.cr.execute(" UNION ALL ".join(f"SELECT count(*) FROM {name.replace('.', '_')}" for name in models))
        rows = self.cr.fetchall()
        self.cr.execute("SELECT id, message_bounce, write_date FROM res_partner ORDER BY id")
        return rows, self.cr.fetchall()

    def test_a_new_record(self):
        self.alias(mail_domain_id=self.domain_b.id)
        wizard = self.preview(self.incoming("desk@b.example"))
        self.assertEqual((wizard.company_id, wizard.mail_domain_id), (self.company_b, self.domain_b))
        self.assertEqual((wizard.result, wizard.alias_names), ("New Contact", "desk@b.example"))
        self.assertIn("To is desk@b.example, which belongs to B Trading", wizard.trace)

    def test_a_reply(self):
        parent = self.record_b.message_post(body="Offer")
        wizard = self.preview(self.incoming("catchall@b.example", References=parent.message_id))
        self.assertEqual(wizard.result, f"Contact: Customer B (res.partner,{self.record_b.id})")

    def test_the_incoming_server(self):
        server = self.fetched_mailbox("box@elsewhere.example", company_id=self.company_b.id)
        server.object_id = self.env["ir.model"]._get("res.partner")
        wizard = self.preview(self.incoming("box@elsewhere.example"), server)
        self.assertEqual((wizard.company_id, wizard.result), (self.company_b, "New Contact"))
        self.assertIn("the incoming server belongs to B Trading", wizard.trace)

    def test_an_automatic_answer(self):
        self.env["ir.mail_server"].create({"name": "B out", "smtp_host": "localhost", "company_id": self.company_b.id})
        wizard = self.preview(self.incoming("catchall@b.example"))
        self.assertIn("Would answer unknown@elsewhere.example", wizard.result)
        self.assertIn("bounce@b.example", wizard.result)
        self.assertIn("(B out)", wizard.result)

    def test_what_cannot_be_placed(self):
        self.assertIn("match no alias", self.preview(self.incoming("nobody@b.example")).result)

    def test_a_mail_that_is_there_already(self):
        self.alias()
        message = self.incoming()
        message.replace_header("To", "desk@b.example")
        self.env["mail.thread"].message_process(None, message.as_bytes())
        self.assertIn("already", self.preview(message).result)

    def test_a_bounce_changes_nothing(self):
        self.customer.message_bounce = 3
        result = self.preview(self.incoming("bounce@b.example")).result
        self.assertEqual(result, "It reports that a mail could not be delivered.")
        # core sets the count back for a sender who is heard of again
        self.alias()
        self.preview(self.incoming("desk@b.example", sender=self.customer.email))
        self.assertEqual(self.customer.message_bounce, 3)

    def test_what_is_no_mail(self):
        wizard = self.wizards.create({"eml": base64.b64encode(b"\x00\xff no mail")})
        wizard.action_preview()
        self.assertTrue(wizard.result)

    def test_only_administrators(self):
        with self.assertRaises(AccessError):
            self.env["mail.incoming.preview"].with_user(self.zy).create({})
