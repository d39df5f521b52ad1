import email
from email import policy

from odoo.tests import tagged

from ..common import CUSTOMER
from .common_incoming import QUIET, IncomingCase

REPLACED = "<tencent_ABCDEF@qq.com>"


@tagged("post_install", "-at_install")
class TestOwnMail(IncomingCase):
    """Odoo's own mail, found in the mailbox it was sent from or to, does not come in as a new one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box_a.object_id = cls.env["ir.model"]._get("res.partner")

    def arrived(self):
        """Return the last mail on the wire as it lies in the mailbox, to be changed by the provider."""
        message = email.message_from_bytes(self.last_mail().data, policy=policy.SMTP)
        message["Delivered-To"] = "box@a.example"
        return message

    def replaced(self):
        """Return the last mail with a Message-Id that the provider put in the place of Odoo's."""
        message = self.arrived()
        message.replace_header("Message-Id", REPLACED)
        return message

    def sent(self, **values):
        with self.servers(a="open"):
            mail = self.mail(self.record_a, **values)
            mail.send()
        return mail

    def assert_own(self, message):
        """Check that a mail is skipped, and that its outcome says so."""
        partners, messages = (self.env[model].search_count([]) for model in ("res.partner", "mail.message"))
        self.assertEqual(self.take_in(message, self.box_a)["kind"], "own")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def assert_new(self, message):
        """Check that a mail is received like any other."""
        partners = self.env["res.partner"].search_count([])
        self.assertNotEqual(self.take_in(message, self.box_a).get("kind"), "own")
        self.assertEqual(self.env["res.partner"].search_count([]), partners + 1)

    @QUIET
    def test_a_known_message_id(self):
        self.sent()
        self.assert_own(self.arrived())

    @QUIET
    def test_the_message_was_deleted_after_sending(self):
        self.assertFalse(self.sent(auto_delete=True).exists())
        self.assert_own(self.arrived())

    @QUIET
    def test_the_provider_replaced_the_message_id(self):
        self.sent()
        self.assert_own(self.replaced())

    @QUIET
    def test_the_provider_replaced_the_message_id_of_a_deleted_one(self):
        self.sent(auto_delete=True)
        self.assert_own(self.replaced())

    @QUIET
    def test_a_mail_that_code_sent_by_itself(self):
        with self.servers(a="open"):
            servers = self.env["ir.mail_server"]
            servers.send_email(servers.build_email("zy@a.example", [CUSTOMER], "Direct", "Body", message_id="<1@long>"))
        self.assert_own(self.arrived())
        self.assert_own(self.replaced())

    @QUIET
    def test_a_long_message_id_survives_the_folding_of_headers(self):
        long_id = f"<{'1' * 60}-openerp-7-res.partner@{'host' * 12}.example>"
        with self.servers(a="open"):
            servers = self.env["ir.mail_server"]
            servers.send_email(servers.build_email("zy@a.example", [CUSTOMER], "X", "Body", message_id=long_id))
        self.assert_own(self.replaced())

    @QUIET
    def test_a_chatter_message(self):
        with self.servers(a="open"):
            self.post(self.record_a)
        self.assert_own(self.arrived())
        self.assert_own(self.replaced())

    def test_the_header_of_another_database_does_not_count(self):
        self.sent(auto_delete=True)
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assert_new(self.replaced())

    def test_a_changed_header_does_not_count(self):
        self.sent(auto_delete=True)
        message = self.replaced()
        text = message["X-Odoo-Routing"]
        message.replace_header("X-Odoo-Routing", text.replace("<", "<1"))
        self.assert_new(message)

    def test_a_header_that_is_no_ascii_does_not_count(self):
        self.sent(auto_delete=True)
        message = self.replaced()
        message.replace_header("X-Odoo-Routing", "<1@a> 签名")
        self.assert_new(message)

    def test_an_answer_that_copied_the_header_is_none(self):
        self.sent()
        answer = self.answer(self.last_mail(), **{"X-Odoo-Routing": self.arrived()["X-Odoo-Routing"]})
        self.assert_taken_in(self.record_a, answer, self.box_a)

    def test_a_mail_that_encloses_one_is_none(self):
        self.sent(auto_delete=True)
        message = self.answer(self.last_mail(), **{"In-Reply-To": None, "References": None})
        message.add_attachment(self.replaced())
        self.assert_new(message)

    def test_a_customers_mail_twice_is_no_own_mail(self):
        self.sent(auto_delete=True)
        message = self.answer(self.last_mail(), **{"In-Reply-To": None, "References": None})
        self.take_in(message, self.box_a)
        with QUIET:
            self.assertNotEqual(self.take_in(message, self.box_a).get("kind"), "own")

    @QUIET
    def test_by_the_id_that_a_later_odoo_writes(self):
        mail = self.sent()
        message = self.replaced()
        del message["X-Odoo-Routing"]
        message["X-Odoo-Message-Id"] = mail.message_id
        self.assert_own(message)

    def test_without_the_header_it_would_come_in(self):
        """Guards the other tests."""
        self.sent(auto_delete=True)
        message = self.replaced()
        del message["X-Odoo-Routing"]
        self.assert_new(message)

    def test_nothing_set_no_header(self):
        companies = self.company_a | self.company_b
        companies.write({"mail_catchall_supported": True, "mail_restrict_username": False, "mail_domain_id": False})
        self.env["mail.routing.domain"].search([]).unlink()
        with self.strict_server("open"):
            self.create_mail().send()
        self.assertNotIn("X-Odoo-Routing", self.last_mail().message)
