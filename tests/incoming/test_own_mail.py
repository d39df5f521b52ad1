import email
from email import policy

from odoo.tests import tagged

from ...models.outgoing.mail_signature import HEADER, read_signature
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

    def test_the_signature_of_another_database_does_not_count(self):
        self.sent(auto_delete=True)
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assert_new(self.replaced())

    def test_a_changed_signature_does_not_count(self):
        """Neither another company nor another Message-Id."""
        self.sent(auto_delete=True)
        signed = self.arrived()["References"]
        for other in (signed.replace("<mcr-own-", "<mcr-own-1"), signed.replace("-openerp-", "-openerp-1")):
            message = self.replaced()
            message.replace_header("References", other)
            with self.subTest(other=other):
                self.assertNotEqual(other, signed)
                self.assertFalse(read_signature(self.env, message))
        self.assert_new(message)

    def test_references_that_are_no_ascii_do_not_count(self):
        self.sent(auto_delete=True)
        message = self.replaced()
        message.replace_header("References", "<mcr-own-1-签名@a>")
        self.assert_new(message)

    def test_an_answer_that_kept_the_signature_last_is_none(self):
        """Some mail programs copy the references and add none; a provider may have replaced the Message-Id before."""
        with self.servers(a="open"):
            self.post(self.record_a)
        for message_id in (self.last_mail().message["Message-Id"], REPLACED):
            headers = {"In-Reply-To": message_id, "References": self.last_mail().message["References"]}
            with self.subTest(message_id=message_id):
                self.assert_taken_in(self.record_a, self.answer(self.last_mail(), **headers), self.box_a)

    def test_an_answer_without_in_reply_to_is_none(self):
        """It names what it answers behind the signature."""
        with self.servers(a="open"):
            self.post(self.record_a)
        for message_id in (self.last_mail().message["Message-Id"], REPLACED):
            references = f"{self.last_mail().message['References']} {message_id}"
            answer = self.answer(self.last_mail(), **{"In-Reply-To": None, "References": references})
            with self.subTest(message_id=message_id):
                self.assert_taken_in(self.record_a, answer, self.box_a)

    @QUIET
    def test_a_mail_that_answers_another(self):
        """Code may set In-Reply-To itself."""
        self.sent(headers="{'In-Reply-To': '<1@elsewhere.example>'}")
        self.assertEqual(self.arrived()["In-Reply-To"], "<1@elsewhere.example>")
        self.assert_own(self.replaced())

    @QUIET
    def test_a_mail_to_ourselves_alone_has_a_header(self):
        """It is known without its references, too; an answer that copied the header is none."""
        with self.servers(a="open"):
            message = self.post(self.record_a, self.env["res.partner"].create({"name": "Z", "email": "z@b.example"}))
        self.assertNotIn("mcr-own", self.last_mail().message["References"])
        arrived = self.replaced()
        del arrived["References"]
        answer = self.answer(self.last_mail(), **{HEADER: arrived[HEADER]})
        other = self.replaced()
        other.replace_header(HEADER, other[HEADER].replace("<", "<1"))
        self.assert_own(arrived)
        self.assert_taken_in(self.record_a, answer, self.box_a)
        for header in (other[HEADER], "<1@a> 签名"):
            arrived.replace_header(HEADER, header)
            self.assertFalse(read_signature(self.env, arrived))
        self.assertTrue(message.exists())

    def test_the_references_of_the_message_stay_before_the_signature(self):
        with self.servers(a="open"):
            message = self.post(self.record_a)
        references = self.last_mail().message["References"].split()
        self.assertEqual(references[-2], message.message_id)
        self.assertIn(message.message_id.strip("<>"), references[-1])
        self.assertTrue(references[-1].startswith(f"<mcr-own-{self.company_a.id}-"))

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
        del message["References"]
        message["X-Odoo-Message-Id"] = mail.message_id
        self.assert_own(message)

    def test_without_the_signature_it_would_come_in(self):
        """Guards the other tests."""
        self.sent(auto_delete=True)
        message = self.replaced()
        del message["References"]
        self.assert_new(message)

    def test_no_mail_to_a_customer_has_a_header_of_ours(self):
        """Google and Microsoft put mails with one among spam; X-Odoo-Objects is core's, about the record."""
        with self.servers(a="open"):
            self.post(self.record_a)
            self.mail(self.record_a, email_to=f"{CUSTOMER}, box@a.example, desk@b.example").send()
            servers = self.env["ir.mail_server"]
            servers.send_email(servers.build_email("zy@a.example", [CUSTOMER], "Direct", "Body"))
            servers.send_email(servers.build_email("zy@a.example", ["x@b.example"], "B", "B", email_bcc=[CUSTOMER]))
        self.assertEqual(len(self.strict.mails), 4)
        for stored in self.strict.mails:
            own = {name.lower() for name, _value in stored.message.items() if name.lower().startswith("x-")}
            self.assertLessEqual(own, {"x-odoo-objects"})
            self.assertIn("<mcr-own-", stored.message["References"])

    def test_nothing_set_no_signature(self):
        companies = self.company_a | self.company_b
        companies.write({"mail_catchall_supported": True, "mail_restrict_username": False, "mail_domain_id": False})
        self.env["mail.routing.domain"].search([]).unlink()
        with self.strict_server("open"):
            self.create_mail().send()
        self.assertNotIn("References", self.last_mail().message)
