from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.strict_server import Account, StrictServer
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from ..optional import need

# What the dialog cannot show without scrolling sideways.
TOO_WIDE = """
    [...document.querySelectorAll(".modal-body *")]
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
        .map((element) => element.outerHTML.slice(0, 200))
"""
BOX = "kevin@strict.example"


@tagged("post_install", "-at_install")
class TestPreviewScreen(ScreenCase):
    """I preview a mail in the browser and send it to me, in my language, on the desk and on the telephone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        need("aiosmtpd")
        cls.env["ir.mail_server"].search([]).unlink()
        cls.admin.email = "admin@strict.example"
        cls.domain = cls.env["mail.routing.domain"].create(
            {"name": "strict.example", "company_id": cls.admin.company_id.id}
        )
        cls.admin.company_id.write({"mail_domain_id": cls.domain.id, "mail_restrict_username": True})
        cls.words = {
            "en_US": {"send": "Send It to Me", "sent": "The mail server accepted it", "rule": "the company's catchall"},
            "zh_CN": {"send": "发给我", "sent": "邮件服务器已接收", "rule": "公司的全收地址"},
        }

    def create_server(self, strict):
        return self.env["ir.mail_server"].create(
            {
                "name": "Exmail",
                "smtp_host": strict.host,
                "smtp_port": strict.port,
                "smtp_user": BOX,
                "smtp_pass": "secret",
                "company_id": self.admin.company_id.id,
            }
        )

    def on_each_screen(self):
        """Yield each language with its words, and each width."""
        for language in LANGUAGES:
            for width in WIDTHS:
                with self.subTest(language=language, width=width):
                    yield language, width, self.words[language]

    def test_three_clicks_from_the_menu_to_a_mail_that_arrived(self):
        action = self.env.ref("mail_company_routing.mail_routing_preview_action").id
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with StrictServer([Account(BOX, "secret")]) as strict, for_real:
            self.create_server(strict)
            for language, width, words in self.on_each_screen():
                with self.screen(f"/web#action={action}", width, language) as screen:
                    screen.click("button[name='action_preview']")
                    screen.see(f"<{BOX}>")
                    screen.see(words["rule"])
                    screen.shot("previewed")
                    self.assertEqual(screen._run(TOO_WIDE), [])
                    screen.click(words["send"])
                    screen.see(words["sent"])
                    screen.shot("sent")
                    self.assertEqual(screen._run(TOO_WIDE), [])
                    self.assertEqual(screen.clicks, 2)
            self.assertEqual(len(strict.mails), len(LANGUAGES) * len(WIDTHS))

    def test_one_click_on_each_form(self):
        """Each fills in what it knows; a company has it on the page Mail, a telephone in the menu Action."""
        model_id = self.env["ir.model"]._get_id("res.partner")
        template = self.env["mail.template"].create({"name": "Welcome", "model_id": model_id, "subject": "Welcome"})
        server = self.env["ir.mail_server"].create({"name": "Exmail", "smtp_host": "x", "smtp_user": BOX})
        mail_page = "a[name='mail_company_routing']"
        for record, width, shown, clicks in (
            (server, WIDTHS[0], "set on the mail or its template", 1),
            (self.domain, WIDTHS[1], "Odoo chose it", 2),
            (template, WIDTHS[0], "Welcome", 1),
            (self.admin, WIDTHS[0], "Odoo chose it", 1),
            (self.admin.company_id, WIDTHS[0], "Odoo chose it", 2),
        ):
            with self.subTest(record._name):
                form = f"model={record._name}&id={record.id}&view_type=form"
                if record == self.admin:
                    # not the short form of a user
                    form += f"&action={self.env.ref('base.action_res_users').id}"
                with self.screen(f"/web#{form}", width) as screen:
                    if record == self.admin.company_id:
                        screen.click(mail_page)
                    screen.press("button[name='action_preview_mail']")
                    screen.see(shown)
                    screen.shot(record._name.replace(".", "_"))
                    self.assertEqual(screen.clicks, clicks)

    def other_company(self):
        company = self.env["res.company"].create({"name": "B Trading"})
        self.admin.company_ids += company
        return company

    def test_the_leak_report(self):
        company = self.admin.company_id
        other = self.other_company()
        action = self.env.ref("mail_company_routing.mail_routing_leak_report_action").id
        self.env["mail.routing.checked"].search([]).unlink()
        self.env["mail.routing.checked"]._note({company.id: 1234})
        for leaks in (0, 2):
            for number in range(leaks):
                self.env["mail.routing.leak"].create(
                    {
                        "company_id": company.id,
                        "date": "2099-01-01",
                        "what": f"server={other.id} from={other.id}",
                        "subject": f"Offer {number}",
                        "server_name": "Exmail b.example",
                        "header_from": "ZY <zy@b.example>",
                    }
                )
            for language, width, _words in self.on_each_screen():
                with self.screen(f"/web#action={action}", width, language) as screen:
                    screen.see("1,234")
                    screen.shot(f"leaks_{leaks}")
                    self.assertFalse(screen.overflows())
