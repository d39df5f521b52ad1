from odoo.tests import tagged
from odoo.tools import mute_logger

from ..outgoing.test_companies import MUTED
from .test_preview import PreviewCase


@tagged("post_install", "-at_install")
class TestSendItToMe(PreviewCase):
    """I press Send It to Me, get the mail, and see what was on the wire beside what was previewed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin.email = "me@home.example"

    def sent_to_me(self, record, **values):
        wizard = self.as_admin["mail.routing.preview"].create(
            {"user_id": self.zy.id, "resource_ref": f"{record._name},{record.id}", **values}
        )
        # with what is tracked of the records made before
        self.cr.flush()
        messages = self.env["mail.message"].search_count([])
        wizard.action_send_to_me()
        self.assertEqual(self.env["mail.message"].search_count([]), messages, "The mail stayed")
        self.assertTrue(wizard.has_sent)
        return wizard

    def test_what_was_on_the_wire_is_what_was_previewed(self):
        self.company_b.mail_restrict_username = True
        with self.servers(b="tencent"):
            wizard = self.sent_to_me(self.record_b)
        [(login, header_from, _sender, envelope, reply_to)] = self.sent()
        self.assertEqual(self.strict.mails[0].rcpt_tos, ("me@home.example",))
        self.assertTrue(wizard.has_left)
        self.assertIn("me@home.example", wizard.sent_result)
        self.assertEqual((login, header_from, envelope), ("box@b.example",) * 3)
        self.assertEqual(wizard.sent_server, f"Strict {login}")
        self.assertEqual(wizard.sent_envelope_from, envelope)
        self.assertIn(reply_to, wizard.sent_reply_to)
        self.assertEqual(
            (wizard.sent_server, wizard.sent_from, wizard.sent_envelope_from, wizard.sent_reply_to),
            (wizard.server_name, wizard.header_from, wizard.envelope_from, wizard.reply_to),
        )

    def test_a_template_is_sent_as_well(self):
        template = self.template("shop@b.example", auto_delete=True, email_to="customer@elsewhere.example")
        with self.servers(b="open"):
            wizard = self.sent_to_me(self.record_b, template_id=template.id)
        self.assertEqual(self.last_mail().rcpt_tos, ("me@home.example",))
        self.assertEqual(wizard.sent_from, "shop@b.example")

    def test_the_server_says_why_it_refuses(self):
        with self.servers(b="tencent"), mute_logger(*MUTED):
            self.server_of["b"].sender_policy = "keep"
            wizard = self.sent_to_me(self.record_b)
        self.assertFalse(wizard.has_left)
        self.assertIn("501", wizard.sent_result)
        self.assertFalse(self.strict.mails)

    def test_a_mail_without_a_server_says_so(self):
        with self.servers(b="open"):
            wizard = self.sent_to_me(self.record_a)
        self.assertFalse(wizard.has_left)
        self.assertIn("has no outgoing mail server", wizard.sent_result)

    def test_a_server_that_rests_is_not_asked(self):
        with self.servers(b="open"):
            self.server_of["b"].write({"delivery_state": "stopped", "delivery_failing_since": "2026-01-02 03:04:05"})
            wizard = self.sent_to_me(self.record_b)
        self.assertFalse(wizard.has_left)
        self.assertIn("has been stopped since 1/2/26", wizard.sent_result)
        self.assertFalse(self.strict.mails)
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "outgoing")]).filtered("failure_reason"))
