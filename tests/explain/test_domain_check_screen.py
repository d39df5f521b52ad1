from odoo.tests import tagged

from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from .test_domain_check import DomainCase


@tagged("post_install", "-at_install")
class TestDomainCheckScreen(ScreenCase, DomainCase):
    """I see in the browser what to publish for my domain, and copy it."""

    def test_one_click_shows_what_to_publish(self):
        self.admin.write({"company_ids": [(4, self.company_b.id)]})
        self.admin.company_id = self.company_b
        for language in LANGUAGES:
            for width in WIDTHS:
                changes = {("b.example", "TXT"): ['"v=spf1 mx -all"'], ("_dmarc.b.example", "TXT"): None}
                with self.subTest(language=language, width=width), self.name_server(changes):
                    url = f"/web#model=mail.routing.domain&id={self.domain.id}&view_type=form"
                    with self.screen(f"{url}&cids={self.company_b.id}", width, language) as screen:
                        screen.see("s1")
                        screen.shot("domain")
                        screen.press("[name=action_check_dns]")
                        screen.see("v=spf1 mx include:spf.mail.qq.com -all")
                        screen.shot("check")
                        self.assertFalse(screen.overflows())

    def test_the_list_of_all_domains(self):
        action = self.env.ref("mail_company_routing.mail_domain_check_action").id
        self.env["mail.routing.domain"].create({"name": "shared.example"})
        self.admin.write({"company_ids": [(4, self.company_b.id)]})
        for language in LANGUAGES:
            for width in WIDTHS:
                with self.subTest(language=language, width=width), self.name_server():
                    url = f"/web#action={action}&cids={self.company_b.id}"
                    with self.screen(url, width, language) as screen:
                        screen.see("shared.example")
                        screen.shot("list")
                        self.assertFalse(screen.overflows())
