from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...dev.dns_server import DnsServer
from ...models.setup import mail_routing_dns
from ...routing import dns
from ..common import StrictMailCase
from ..optional import need

GOOD = {
    ("b.example", "MX"): ["5 mxbiz1.qq.com.", "10 mxbiz2.qq.com."],
    ("b.example", "TXT"): ['"v=spf1 include:spf.mail.qq.com -all"'],
    ("spf.mail.qq.com", "TXT"): ['"v=spf1 ip4:198.51.100.0/24 -all"'],
    ("_dmarc.b.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("s1._domainkey.b.example", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIGfMA0G"'],
}


class DomainCase(StrictMailCase):
    """Company B sends from b.example through Exmail, and fetches there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need("dns.resolver")
        cls.env["fetchmail.server"].search([]).unlink()
        cls.env["mail.routing.domain"].search([]).unlink()
        cls.company_b = cls.env["res.company"].create({"name": "B"})
        cls.domain = cls.env["mail.routing.domain"].create(
            {"name": "b.example", "company_id": cls.company_b.id, "dkim_selector": "s1"}
        )
        cls.company_b.mail_domain_id = cls.domain
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Exmail B",
                "smtp_host": "smtp.exmail.qq.com",
                "smtp_user": "box@b.example",
                "smtp_pass": "secret",
                "company_id": cls.company_b.id,
                "sender_policy": "username",
            }
        )
        cls.mailbox = cls.env["fetchmail.server"].create(
            {
                "name": "Exmail B",
                "server": "imap.exmail.qq.com",
                "user": "box@b.example",
                "company_id": cls.company_b.id,
                "state": "done",
            }
        )
        cls.admin_b = cls.administrator("admin_b", cls.company_b)

    @classmethod
    def administrator(cls, login, company):
        groups = "base.group_user,base.group_system"
        return new_test_user(cls.env, login, groups, company_id=company.id, company_ids=[Command.set(company.ids)])

    @contextmanager
    def name_server(self, changes=(), **troubles):
        """Answer from a good zone with other records, or without those that are None."""
        records = {key: texts for key, texts in {**GOOD, **dict(changes)}.items() if texts}
        with DnsServer(records, **troubles) as served:
            self.env["ir.config_parameter"].set_param("mail_company_routing.nameserver", served.address)
            yield served

    def check_dns(self, user=None, domain=None):
        """Press Check DNS."""
        action = (domain or self.domain).with_user(user or self.admin_b).action_check_dns()
        return self.env["mail.domain.check"].with_user(user or self.admin_b).browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestDomainCheck(DomainCase):
    """I see whether receivers will trust the mails of my domain, and what to publish if not."""

    def test_a_good_domain(self):
        with self.name_server():
            check = self.check_dns()
        self.assertEqual(check.level, "ok", check.findings)
        self.assertFalse(check.summary or check.spf_value or check.dmarc_value)
        self.assertIn("Odoo fetches them at imap.exmail.qq.com", check.findings)
        self.assertIn("(1 of 10 look-ups)", check.findings)

    def test_without_spf_there_is_a_record_to_publish(self):
        with self.name_server({("b.example", "TXT"): None}):
            check = self.check_dns()
        self.assertEqual((check.level, check.spf_name), ("error", "b.example"))
        self.assertEqual(check.spf_value, "v=spf1 include:spf.mail.qq.com ~all")
        self.assertIn("has no SPF record", check.summary)

    def test_spf_without_the_provider(self):
        with self.name_server({("b.example", "TXT"): ['"v=spf1 mx -all"']}):
            check = self.check_dns()
        self.assertEqual(check.spf_value, "v=spf1 mx include:spf.mail.qq.com -all")
        self.assertIn("does not name the provider", check.summary)

    def test_two_spf_records(self):
        with self.name_server({("b.example", "TXT"): ['"v=spf1 mx -all"', '"v=spf1 include:spf.mail.qq.com -all"']}):
            check = self.check_dns()
        self.assertIn("has 2 SPF records", check.summary)
        self.assertEqual(check.spf_value, "v=spf1 include:spf.mail.qq.com mx -all")

    def test_dmarc_that_rejects_a_sender_on_behalf_of_another_domain(self):
        """The username is of another domain than the author, and nobody signs."""
        self.server.write({"sender_policy": "on_behalf", "smtp_user": "box@a.example"})
        self.domain.dkim_selector = False
        with self.name_server({("a.example", "TXT"): ['"v=spf1 include:spf.mail.qq.com -all"']}):
            check = self.check_dns()
            self.assertEqual(check.level, "error")
            self.assertIn("Receivers reject mails of b.example", check.summary)
            self.server.sender_policy = "username"
            check.action_look_up()
            self.assertNotEqual(check.level, "error")
            self.assertIn("so the records of a.example count", check.findings)

    def test_a_name_server_that_does_not_answer(self):
        with (
            self.name_server(silent=["b.example", "_dmarc.b.example", "s1._domainkey.b.example"]),
            patch.object(mail_routing_dns, "Resolver", partial(dns.Resolver, timeout=0.3)),
        ):
            check = self.check_dns()
        self.assertEqual(check.level, "warning")
        self.assertIn("No name server answered the question for b.example", check.findings)
        self.assertFalse(check.spf_value or check.dmarc_value)

    def test_without_dnspython_the_page_says_how_to_install_it(self):
        with patch.object(dns, "_load", lambda _name: None), self.assertRaisesRegex(UserError, "pip install dnspython"):
            self.check_dns()

    def test_a_company_without_a_server_is_told(self):
        self.server.active = False
        self.env["ir.mail_server"].create({"name": "Exmail A", "smtp_host": "localhost", "company_id": self.company.id})
        with self.name_server():
            check = self.check_dns()
        self.assertEqual(check.level, "error")
        self.assertIn("B has no outgoing mail server", check.findings)

    def test_a_kept_author_has_the_bounce_address_in_the_envelope(self):
        self.server.sender_policy = "keep"
        self.domain.bounce_alias = "returns"
        routing = self.env["mail.routing"]
        question = routing._domain_question(self.domain)
        [sender] = question.senders
        self.assertEqual((sender.header_domain, sender.envelope_domain), ("b.example", "b.example"))
        self.server.from_filter = "other.example"
        [sender] = routing._domain_question(self.domain).senders
        self.assertEqual(sender.envelope_domain, "b.example")

    def test_a_selector_is_one_name(self):
        for selector in ("a b", "s1._domainkey.b.example/", "-", "x" * 300, "s1\nTXT"):
            with self.subTest(selector), self.assertRaises(ValidationError), mute_logger("odoo.sql_db"):
                self.domain.dkim_selector = selector
        self.domain.dkim_selector = "k1.mail"


@tagged("post_install", "-at_install")
class TestDomainCheckCompanies(DomainCase):
    """Each administrator checks the domains of its own companies, and learns nothing of other servers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin_a = cls.administrator("admin_a", cls.company)
        cls.shared = cls.env["mail.routing.domain"].create({"name": "shared.example"})

    def test_all_domains_of_ones_companies_are_listed(self):
        with self.name_server():
            action = self.env["mail.domain.check"].with_user(self.admin_b).action_check_all()
            checks = self.env["mail.domain.check"].with_user(self.admin_b).search(action["domain"])
            self.assertEqual(checks.domain_id, self.domain + self.shared)
            action = self.env["mail.domain.check"].with_user(self.admin_a).action_check_all()
            checks_a = self.env["mail.domain.check"].with_user(self.admin_a).search(action["domain"])
            self.assertEqual(checks_a.domain_id, self.shared)
            self.assertNotIn("Exmail B", "".join(checks_a.mapped("findings")))
            self.assertNotIn("imap.exmail", "".join(checks_a.mapped("findings")))

    def test_another_companys_domain_is_refused(self):
        with self.name_server(), mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                self.check_dns(self.admin_a)
            mine = self.check_dns()
            with self.assertRaises(AccessError):
                mine.with_user(self.admin_a).read(["findings"])
            forged = self.env["mail.domain.check"].with_user(self.admin_a).create({"domain_id": self.domain.id})
            with self.assertRaises(AccessError):
                forged.action_look_up()

    def test_an_ordinary_user_checks_nothing(self):
        with self.assertRaises(AccessError):
            self.check_dns(self.user_employee, self.shared)
        with self.assertRaises(AccessError):
            self.env["mail.domain.check"].with_user(self.user_employee).action_check_all()
