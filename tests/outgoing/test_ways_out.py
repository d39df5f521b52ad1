from email.message import EmailMessage
from unittest.mock import patch

from odoo import fields, tools
from odoo.tests import tagged

from ..common import CUSTOMER, USERNAME, StrictMailCase


@tagged("post_install", "-at_install")
class TestWaysOut(StrictMailCase):
    """Restrict Username is on; whatever sends a mail, my provider takes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.mail_restrict_username = True
        cls.customer.message_subscribe(cls.customer.ids)
        cls.record = cls.customer.with_user(cls.env.ref("base.user_admin"))

    def setUp(self):
        super().setUp()
        self.enter(self.strict_server("header"))

    def enter(self, context):
        """Enter a context for the whole test, as ``enterContext`` of Python 3.11 does it."""
        result = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return result

    def template(self, **values):
        return self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_from": '"Marc 陈" <marc@corp.example>',
                "email_to": CUSTOMER,
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
                "auto_delete": False,
                **values,
            }
        )

    def assert_sent(self, name, count=1):
        """Check that so many mails arrived, all of them from the server's own address with this name."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertEqual(len(self.strict.mails), count, f"refused: {self.strict.refusals}")
        for stored in self.strict.mails:
            self.assert_only_own_sender(stored)
            self.assertEqual(self.from_header(stored), f'"{name}" <{USERNAME}>')

    def needs(self, model, module):
        """Skip the test where a neighbour is not installed."""
        if model not in self.env:
            self.skipTest(f"The module {module} is not installed.")

    def test_composer(self):
        composer = self.env["mail.compose.message"].with_user(self.user_admin)
        composer = composer.create(
            {
                "model": "res.partner",
                "res_id": self.customer.id,
                "body": "<p>Hi</p>",
                "email_from": self.user_employee.email_formatted,
                "partner_ids": self.customer.ids,
            }
        )
        composer._action_send_mail()
        self.assert_sent("陈 志, Sales")

    def test_composer_in_mass_mode(self):
        partners = self.customer.create([{"name": f"P{i}", "email": f"p{i}@elsewhere.example"} for i in range(3)])
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "body": "<p>Hi</p>",
                "subject": "Hi",
                "email_from": '"Zhi" <zhi@corp.example>',
            }
        )
        composer.with_context(active_ids=partners.ids, active_model="res.partner")._action_send_mail()
        self.assert_sent("Zhi", count=3)

    def test_template(self):
        self.template().send_mail(self.customer.id, force_send=True)
        self.assert_sent("Marc 陈")

    def test_template_with_a_forced_server(self):
        """Core then looks for no server, and uses the author as the sender."""
        other = self.create_server(self.strict, USERNAME, name="Forced", sequence=99)
        self.template(mail_server_id=other.id).send_mail(self.customer.id, force_send=True)
        self.assert_sent("Marc 陈")

    def test_notification_of_a_follower(self):
        self.customer.with_user(self.user_admin).message_post(
            body="Hi", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
        )
        self.assert_sent(self.user_admin.name)

    def test_queue(self):
        """The cron runs as OdooBot, in the main company."""
        self.create_mail()
        self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.assert_sent("Zhi")

    def test_password_reset(self):
        if not hasattr(self.env["res.users"], "action_reset_password"):
            self.skipTest("The module auth_signup is not installed.")
        self.user_employee.with_context(create_user=False).action_reset_password()
        self.assertEqual(len(self.strict.mails), 1)
        self.assert_only_own_sender(self.last_mail())

    def test_digest(self):
        self.needs("digest.digest", "digest")
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "periodicity": "weekly", "next_run_date": fields.Date.today()}
        )
        digest._action_subscribe_users(self.user_employee)
        digest.with_context(digest_slowdown=False).action_send()
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        self.assertTrue(self.strict.mails)
        for stored in self.strict.mails:
            self.assert_only_own_sender(stored)

    def test_mass_mailing(self):
        self.needs("mailing.mailing", "mass_mailing")
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": [("id", "=", self.customer.id)],
                "email_from": '"News" <news@corp.example>',
                "body_html": "<p>News</p>",
                "mail_server_id": self.server.id,
            }
        )
        mailing.action_send_mail(self.customer.ids)
        self.assert_sent("News")

    def message(self, **headers):
        """Return a message as built by code without ``mail.mail`` (event, calendar)."""
        return self.env["ir.mail_server"].build_email(
            email_from='"Zhi" <zhi@corp.example>',
            email_to=[CUSTOMER],
            subject="Direct",
            body="Direct",
            headers=headers,
        )

    def test_send_email_without_a_mail(self):
        self.env["ir.mail_server"].send_email(self.message(Sender="foreign@corp.example"))
        self.assert_sent("Zhi")

    def test_send_email_with_a_given_server(self):
        self.env["ir.mail_server"].send_email(self.message(), mail_server_id=self.server.id)
        self.assert_sent("Zhi")

    def test_send_email_with_a_given_host(self):
        self.env["ir.mail_server"].send_email(
            self.message(),
            smtp_server=self.strict.host,
            smtp_port=self.strict.port,
            smtp_user=USERNAME,
            smtp_password="secret",
        )
        self.assert_sent("Zhi")

    def test_send_email_of_several_authors(self):
        message = self.message()
        message.replace_header("From", '"A" <a@corp.example>, "B" <b@corp.example>')
        self.assertIsInstance(message, EmailMessage)
        self.env["ir.mail_server"].send_email(message)
        self.assert_sent("A")

    def config(self, **values):
        """Set options of odoo.conf for the whole test; no server has a record then."""
        self.server.unlink()
        values = {
            "smtp_server": self.strict.host,
            "smtp_port": self.strict.port,
            "smtp_password": "secret",
            **values,
        }
        self.enter(patch.dict(tools.config.options, values))

    def test_server_in_odoo_conf(self):
        self.config(smtp_user=USERNAME)
        self.create_mail().send()
        self.assert_sent("Zhi")

    def test_server_in_odoo_conf_beside_a_default_sender(self):
        """email_from is for mails without an author; the login is the mailbox all the same."""
        self.config(smtp_user=USERNAME, email_from="odoo@corp.example")
        self.create_mail().send()
        self.assert_sent("Zhi")

    def test_a_user_beside_a_server_record_is_not_the_login(self):
        """Core takes the record's login then."""
        self.env["ir.mail_server"].send_email(
            self.message(), mail_server_id=self.server.id, smtp_server="ignored", smtp_user="other@x.example"
        )
        self.env["ir.mail_server"].send_email(self.message(), smtp_user="other@x.example")
        self.assert_sent("Zhi", count=2)

    def test_two_authors_share_the_session_of_odoo_conf(self):
        self.config(smtp_user=USERNAME)
        (self.create_mail() + self.create_mail('"Zhi" <zhi2@corp.example>')).send()
        self.assert_sent("Zhi", count=2)
        self.assertEqual(self.strict.sessions, 1)


@tagged("post_install", "-at_install")
class TestOAuth(StrictMailCase):
    """Gmail and Outlook log in with a token; smtplib does not tell the user of such a session."""

    def check_oauth(self, module, authentication):
        """Log in with XOAUTH2 as the module does it; only the token is made up."""
        token = f"{module}_access_token"
        if token not in self.env["ir.mail_server"]._fields:
            self.skipTest(f"The module {module} is not installed.")
        self.company.mail_restrict_username = True
        with self.strict_server("header", tls="starttls"):
            self.server.write(
                {
                    "smtp_authentication": authentication,
                    "smtp_pass": False,
                    token: "token",
                    f"{token}_expiration": 2**31 - 1,
                }
            )
            self.create_mail().send()
            self.assertEqual(self.strict.logins, [USERNAME])
        self.assert_only_own_sender(self.last_mail())

    def test_gmail(self):
        self.check_oauth("google_gmail", "gmail")

    def test_outlook(self):
        self.check_oauth("microsoft_outlook", "outlook")
