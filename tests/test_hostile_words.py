from unittest.mock import patch

from lxml import html

from odoo.tests import new_test_user, tagged

from ..dev.strict_server.faults import Fault
from ..models.words.badge_list import badge_list
from ..wizard.mail_routing_setup_check import Step
from .delivery.common_delivery import DeliveryCase

HOSTILE = '<img src=x onerror="alert(1)"><b class="evil">'


@tagged("post_install", "-at_install")
class TestHostileWords(DeliveryCase):
    """What a stranger or a mail server says may look like HTML; I read it as text, wherever it is shown.

    ``make gallery`` sees the same on every screen.
    """

    COMPANIES = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.companies[0]
        values = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        cls.admin = new_test_user(cls.env, "admin0", "base.group_user,base.group_system", **values)

    def assert_text(self, value):
        """Check that HTML shows the hostile words, and has no element of them."""
        page = html.fromstring(f"<div>{value}</div>")
        self.assertFalse(page.xpath("//img | //*[@onerror] | //*[contains(@class, 'evil')]"), value)
        self.assertIn(HOSTILE, page.text_content())

    def test_each_html_field_of_ours_is_tried(self):
        ours = {
            (model._name, name)
            for model in map(self.env.get, self.env)
            for name, field in model._fields.items()
            if field.type == "html" and "mail_company_routing" in field._modules and not model._abstract
        }
        values = self.values_of_words()
        self.assertEqual(ours, set(values), "Say in values_of_words what makes its value")
        for field, value in values.items():
            with self.subTest(field=field):
                self.assert_text(value)

    def values_of_words(self):
        """Return the value of each HTML field that is made of hostile words."""
        provider = self.env["mail.provider"].create(
            {"name": HOSTILE, "password_help": HOSTILE, "console_url": f"https://x.example/{HOSTILE}"}
        )
        values = {"name": "S", "provider_id": provider.id}
        server = self.env["ir.mail_server"].create({**values, "smtp_host": "localhost"})
        mailbox = self.env["fetchmail.server"].create({**values, "server_type": "imap"})
        setup = self.env["mail.routing.setup"].create({"email": "a@b.example", "provider_id": provider.id})
        steps = [Step(False, HOSTILE, HOSTILE, f"{HOSTILE}\n{HOSTILE}")]
        rows = badge_list([("danger", HOSTILE, HOSTILE, HOSTILE, HOSTILE)])
        return {
            ("ir.mail_server", "provider_help"): server.provider_help,
            ("fetchmail.server", "provider_help"): mailbox.provider_help,
            ("mail.routing.setup", "provider_help"): setup.provider_help,
            ("mail.routing.setup", "result"): setup._result_html(steps),
            ("mail.routing.setup", "try_result"): self.tried(setup, mailbox),
            ("mail.server.probe", "senders_html"): rows,
            ("mail.server.probe", "mails_html"): rows,
            ("mail.domain.check", "findings"): rows,
            ("mail.incoming.preview", "trace"): self.env["mail.incoming.preview"]._trace_html([("alias", HOSTILE)]),
        }

    def tried(self, setup, mailbox):
        """Return what the assistant shows after it fetched in vain."""
        setup.write({"company_id": self.companies[0].id, "fetchmail_server_id": mailbox.id})
        mailbox.last_error = HOSTILE
        with patch.object(type(mailbox), "fetch_mail"):
            setup.action_fetch()
        return setup.try_result

    def test_the_activity_about_a_server_in_trouble(self):
        with self.servers():
            self.troubled.faults.set(Fault("login", f"535 5.7.8 {HOSTILE}"))
            self.create_company_mails(1)
            self.run_queue()
            self.assertIn(HOSTILE, self.server.delivery_info)
            self.assert_text(self.notes())

    def test_the_activity_about_a_refused_sender(self):
        with self.servers():
            self.server.write({"sender_refusal": f"553 {HOSTILE}", "sender_refusal_date": "2030-01-01"})
            self.server._tell_of_refusal()
            self.assert_text(self.notes())

    def notes(self):
        """Return the one note of the administrator."""
        [activity] = self.env["mail.activity"].search([("user_id", "=", self.admin.id)])
        return activity.note

    def test_the_notification_about_a_mail_that_waits(self):
        """The web client shows a message as text, unless it is said to be HTML."""
        with self.servers(), patch.object(type(self.env["bus.bus"]), "_sendmany") as sendmany:
            self.troubled.faults.set(Fault("rcpt", f"451 4.7.1 {HOSTILE}"))
            self.create_company_mails(1, self.companies[0], author_id=self.user_employee.partner_id.id).send()
        shown = [row[2] for call in sendmany.call_args_list for row in call.args[0] if row[1] == "simple_notification"]
        [shown] = shown
        self.assertIn(HOSTILE, shown["message"])
        self.assertNotIn("message_is_html", shown)

    def test_the_chatter_of_a_mail_that_failed(self):
        """The reason stands beside the message; its body is the author's, and nobody else's."""
        with self.servers():
            self.troubled.faults.set(Fault("rcpt", f"550 5.1.1 {HOSTILE}"))
            mail = self.create_company_mails(1, self.companies[0], auto_delete=False)
            mail.send()
        self.assertIn(HOSTILE, mail.failure_reason)
        self.assertNotIn("onerror", mail.mail_message_id.body)
