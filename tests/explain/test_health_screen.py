from itertools import product

from odoo import fields
from odoo.tests import tagged

from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from .test_health import HealthCase

WORDS = {
    "en_US": {"all well": "All is well", "mend": "Open Mail Server", "again": "Check Again", "form": "FROM Filtering"},
    "zh_CN": {"all well": "一切正常", "mend": "打开发信邮件服务器", "again": "重新检查", "form": "发件人筛选"},
}


@tagged("post_install", "-at_install")
class TestHealthScreen(HealthCase, ScreenCase):
    """I open one page, see what is wrong, and mend it with a click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.company_ids |= cls.companies
        cls.admin.company_id = cls.a
        cls.servers[0].write(
            {
                "delivery_state": "stopped",
                "delivery_class": "login",
                "delivery_failing_since": "2026-01-02 03:04:05",
                "delivery_failure": "535 5.7.8 Error: authentication failed: authentication code required",
            }
        )
        cls.mailbox("new@a.example", cls.a, state="draft")
        cls.b.write({"mail_catchall_supported": True})

    def test_a_fault_is_one_click_from_where_it_is_mended(self):
        action = self.env.ref("mail_company_routing.mail_health_action").id
        companies = ",".join(map(str, self.companies.ids))
        url = f"/web#action={action}&cids={companies}"
        for width, language in product(WIDTHS, LANGUAGES):
            words = WORDS[language]
            with self.subTest(width=width, language=language), self.screen(url, width, language) as screen:
                screen.see("535 5.7.8")
                screen.see(words["all well"])
                screen.shot("health")
                self.assertFalse(screen.overflows())
                screen.click(words["mend"])
                screen.see(words["form"])
                self.assertEqual(screen.clicks, 1)
                screen.shot("server")

    def test_it_opens_in_developer_mode(self):
        """Most of our menus are there only then, and the browser checks what components hand to each other."""
        action = self.env.ref("mail_company_routing.mail_health_action").id
        with self.screen(f"/web?debug=1#action={action}&cids={self.a.id}") as screen:
            screen.see("535 5.7.8")

    def test_failed_mails_are_one_click_away(self):
        mail = self.env["mail.mail"].create({"state": "exception", "subject": "Offer 4711"})
        mail.mail_message_id.record_company_id = self.a
        action = self.env.ref("mail_company_routing.mail_health_action").id
        with self.screen(f"/web#action={action}&cids={self.a.id}") as screen:
            screen.click(".o_mail_health_failed")
            screen.see("Offer 4711")
            self.assertEqual(screen.clicks, 1)

    def test_the_charts_show(self):
        """A bar for each day, a colour for each result."""
        days = [fields.Datetime.subtract(fields.Datetime.now(), days=days) for days in range(7)]
        amounts = {"sent": 40, "waited": 6, "failed": 2}
        self.env["mail.delivery.count"].create(
            [
                {
                    "key": f"{day} {result}",
                    "date": day,
                    "result": result,
                    "count": amount + 3 * day.day,
                    "company_id": self.a.id,
                    "server_name": "SMTP box@a.example",
                    "answer_class": result != "sent" and "temporary",
                }
                for day in days
                for result, amount in amounts.items()
            ]
        )
        action = self.env.ref("mail_company_routing.mail_delivery_count_action").id
        for width, language in zip(WIDTHS, LANGUAGES, strict=True):
            words = {"en_US": ("Measures", "Failed"), "zh_CN": ("测量", "失败")}[language]
            url = f"/web#action={action}&cids={self.a.id}"
            for view, word in zip(("graph", "pivot"), words, strict=True):
                with (
                    self.subTest(view=view, width=width),
                    self.screen(f"{url}&view_type={view}", width, language) as page,
                ):
                    page.see(word)
                    page.shot(view)
                    self.assertFalse(page.overflows())
