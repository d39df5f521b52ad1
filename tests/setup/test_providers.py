from unittest.mock import patch

from markupsafe import escape

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...dev.dns_server import DnsServer
from ...routing.domain.mail_host import includes
from ...routing.provider import names
from ..common import StrictMailCase
from ..optional import need


@tagged("post_install", "-at_install")
class TestProviders(StrictMailCase):
    """I choose my provider, and need not look up a host or a port."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.providers = cls.env["mail.provider"]
        cls.exmail = cls.env.ref("mail_company_routing.mail_provider_exmail")
        cls.netease = cls.env.ref("mail_company_routing.mail_provider_netease_163")
        cls.microsoft = cls.env.ref("mail_company_routing.mail_provider_office365")
        cls.google = cls.env.ref("mail_company_routing.mail_provider_gmail")

    def known_as(self, provider):
        return provider.get_external_id()[provider.id].partition("mail_provider_")[2]

    def without_oauth(self):
        """Let the modules that log in by OAuth be missing, as in a plain Odoo."""
        return patch.object(self.registry["mail.provider.user"], "_has_oauth", lambda _self, _oauth: False)

    def need_module(self, name):
        if name not in self.env["ir.module.module"]._installed():
            self.skipTest(f"The module {name} is not installed.")

    def outgoing_form(self, provider=None):
        form = Form(self.env["ir.mail_server"])
        form.name = "My server"
        if provider:
            form.provider_id = provider
        return form

    def incoming_form(self, provider=None):
        form = Form(self.env["fetchmail.server"])
        form.name = "My mailbox"
        if provider:
            form.provider_id = provider
        return form

    def doors(self, form):
        return form.smtp_host, form.smtp_port, form.smtp_encryption

    def test_a_public_domain_tells_its_provider(self):
        for email, provider in (
            ("kevin@QQ.com", "qq"),
            ("kevin@foxmail.com", "qq"),
            ("kevin@163.com", "netease_163"),
            ("kevin@126.com", "netease_126"),
            ("kevin@gmail.com", "gmail"),
            ("kevin@hotmail.com", "outlook"),
            ("kevin@me.com", "icloud"),
        ):
            with self.subTest(email):
                self.assertEqual(self.known_as(self.providers._of_address(email)), provider)

    def test_another_domain_tells_it_by_its_mail_exchangers(self):
        need("dns")
        records = {
            ("exmail.cn", "MX"): ["5 mxbiz1.qq.com.", "10 mxbiz2.qq.com."],
            ("xn--fsqu00a.cn", "MX"): ["5 mx1.qiye.aliyun.com."],
            ("old.cn", "MX"): ["5 mxn.mxhichina.com."],
            ("qiye.cn", "MX"): ["5 qiye163mx01.mxmail.netease.com."],
            ("hz.cn", "MX"): ["5 hzmx01.mxmail.netease.com."],
            ("corp.com", "MX"): ["1 corp-com.mail.protection.outlook.com."],
            ("work.com", "MX"): ["1 smtp.google.com."],
            ("own.com", "MX"): ["1 mx.own.com."],
        }
        expected = {
            "exmail.cn": "exmail",
            "例子.cn": "aliyun",
            "old.cn": "aliyun",
            "qiye.cn": "netease_qiye",
            "hz.cn": "netease_qiye_hz",
            "corp.com": "office365",
            "work.com": "gmail",
        }
        with DnsServer(records, broken={"broken.com"}) as dns:
            self.env["ir.config_parameter"].set_param("mail_company_routing.nameserver", dns.address)
            for domain, provider in expected.items():
                with self.subTest(domain):
                    self.assertEqual(self.known_as(self.providers._of_address(f"kevin@{domain}")), provider)
            for email in ("kevin@own.com", "kevin@gone.com", "kevin@broken.com", "kevin", "", False):
                with self.subTest(email):
                    self.assertFalse(self.providers._of_address(email))
            self.assertNotIn(("", "MX"), dns.asked)

    def test_a_known_domain_is_not_looked_up(self):
        with patch.object(self.registry["mail.routing"], "_resolver", side_effect=AssertionError):
            self.assertTrue(self.providers._of_address("kevin@qq.com"))

    def test_an_administrator_adds_a_provider(self):
        own = self.providers.create(
            {"name": "Ours", "domains": "@Ours.example, b.example", "smtp_host": "mx.o.example"}
        )
        self.assertEqual(self.providers._of_address("kevin@ours.example"), own)
        self.assertEqual(self.providers._of_host("smtp.o.example"), own)
        own.active = False
        self.assertFalse(self.providers._of_host("smtp.o.example"))

    def test_a_provider_fills_in_an_outgoing_server(self):
        for provider, doors, limits in (
            (self.exmail, ("smtp.exmail.qq.com", 465, "ssl"), (30, 0, 1500)),
            (self.netease, ("smtp.163.com", 465, "ssl"), (10, 100, 500)),
            (
                self.env.ref("mail_company_routing.mail_provider_icloud"),
                ("smtp.mail.me.com", 587, "starttls"),
                (0, 0, 1000),
            ),
        ):
            with self.subTest(provider.name):
                form = self.outgoing_form(provider)
                self.assertEqual(self.doors(form), doors)
                self.assertEqual((form.limit_per_minute, form.limit_per_hour, form.limit_per_day), limits)
                self.assertEqual(form.sender_policy, "username")
                self.assertIn(escape(provider.password_help), form.provider_help)
                self.assertIn(provider.console_url, form.provider_help)

    def test_another_provider_replaces_what_the_first_one_filled_in(self):
        form = self.outgoing_form(self.exmail)
        form.provider_id = self.env.ref("mail_company_routing.mail_provider_icloud")
        self.assertEqual(self.doors(form), ("smtp.mail.me.com", 587, "starttls"))
        self.assertEqual((form.limit_per_minute, form.limit_per_day), (0, 1000))

    def test_also_when_the_server_was_saved_in_between(self):
        form = self.outgoing_form(self.exmail)
        form.smtp_user = "kevin@example.com"
        server = form.save()
        with Form(server) as form:
            form.provider_id = self.netease
        self.assertEqual((server.smtp_host, server.limit_per_hour), ("smtp.163.com", 100))

    def test_what_was_typed_stays(self):
        form = self.outgoing_form()
        form.smtp_host = "relay.example.com"
        form.smtp_encryption = "starttls"
        form.smtp_port = 2525
        form.sender_policy = "on_behalf"
        form.limit_per_day = 7
        form.provider_id = self.exmail
        self.assertEqual(self.doors(form), ("relay.example.com", 2525, "starttls"))
        self.assertEqual((form.sender_policy, form.limit_per_day, form.limit_per_minute), ("on_behalf", 7, 0))

    def test_what_was_changed_after_a_provider_stays_for_the_next_one(self):
        form = self.outgoing_form(self.exmail)
        form.smtp_host = "127.0.0.1"
        form.provider_id = self.netease
        self.assertEqual(form.smtp_host, "127.0.0.1")
        self.assertEqual(form.limit_per_day, 500)

    def test_a_port_does_not_come_without_its_encryption(self):
        form = self.outgoing_form()
        form.smtp_encryption = "starttls"
        form.provider_id = self.exmail
        self.assertEqual(self.doors(form), ("smtp.exmail.qq.com", 25, "starttls"))

    def test_a_provider_fills_in_an_incoming_server(self):
        form = self.incoming_form(self.exmail)
        self.assertEqual((form.server, form.port, form.is_ssl), ("imap.exmail.qq.com", 993, True))
        form.server_type = "pop"
        self.assertEqual((form.server, form.port, form.is_ssl), ("pop.exmail.qq.com", 995, True))
        form.provider_id = self.netease
        self.assertEqual((form.server, form.port), ("pop.163.com", 995))
        self.assertFalse(form.reply_token)

    def test_what_was_typed_on_an_incoming_server_stays(self):
        form = self.incoming_form()
        form.server, form.is_ssl = "localhost", True
        form.port = 1993
        form.provider_id = self.env.ref("mail_company_routing.mail_provider_icloud")
        self.assertEqual((form.server, form.port, form.is_ssl), ("localhost", 1993, True))
        self.assertTrue(form.reply_token)

    def test_microsoft_and_google_lead_to_oauth(self):
        """The redirect address is there to copy, and the steps are told."""
        for module, provider, kind, hosts in (
            ("microsoft_outlook", self.microsoft, "outlook", ("smtp.outlook.com", "imap.outlook.com")),
            ("google_gmail", self.google, "gmail", ("smtp.gmail.com", "imap.gmail.com")),
        ):
            self.need_module(module)
            with self.subTest(module):
                form, box = self.outgoing_form(provider), self.incoming_form(provider)
                self.assertEqual((form.smtp_authentication, *self.doors(form)), (kind, hosts[0], 587, "starttls"))
                self.assertEqual((box.server_type, box.server, box.port, box.is_ssl), (kind, hosts[1], 993, True))
                address = f"{self.env['ir.config_parameter'].get_param('web.base.url')}/{module}/confirm"
                self.assertEqual((form.provider_redirect_uri, box.provider_redirect_uri), (address, address))
                self.assertIn("client ID", form.provider_help)
                self.assertFalse(form.provider_module)

    def test_a_password_that_was_typed_keeps_the_login_by_password(self):
        self.need_module("google_gmail")
        form = self.outgoing_form()
        form.smtp_user, form.smtp_pass = "kevin@gmail.com", "app password"
        form.provider_id = self.google
        self.assertEqual((form.smtp_authentication, form.smtp_port), ("login", 587))

    def test_without_the_module_the_form_says_which_one_to_install(self):
        with self.without_oauth():
            form = self.outgoing_form(self.microsoft)
            self.assertEqual(self.doors(form), ("smtp.office365.com", 587, "starttls"))
            self.assertEqual(form.provider_module, "microsoft_outlook")
            self.assertIn("install the module microsoft_outlook", form.provider_help)
            self.assertFalse(form.provider_redirect_uri)
            form.smtp_user = "kevin@example.com"
            action = form.save().action_provider_module()
        module = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(module.mapped("name"), ["microsoft_outlook"])

    def test_only_administrators_see_providers(self):
        user = new_test_user(self.env, "mcr_provider_user", "base.group_user,base.group_erp_manager")
        for ask in (lambda rows: rows.search([]), lambda rows: rows.create({"name": "x"})):
            with self.assertRaises(AccessError):
                ask(self.providers.with_user(user))
        with self.assertRaises(AccessError):
            self.exmail.with_user(user).read(["name"])

    def test_the_check_of_the_dns_knows_them(self):
        """It would propose the host by which I hand in my mails, and mails leave through others."""
        for provider in self.providers.search([("mx_suffixes", "!=", False)]):
            # nobody has a domain of one's own there
            if self.known_as(provider) != "yahoo":
                for host in names(f"{provider.smtp_host} {provider.other_smtp_hosts or ''}"):
                    self.assertTrue(includes(host), host)

    def test_the_provider_of_a_server_survives_its_preset(self):
        own = self.providers.create({"name": "Ours", "smtp_host": "smtp.ours.example"})
        form = self.outgoing_form(own)
        server = form.save()
        own.unlink()
        self.assertEqual((server.smtp_host, server.provider_id.id), ("smtp.ours.example", False))
