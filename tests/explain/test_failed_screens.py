from odoo.tests import tagged

from ..common_screens import LANGUAGES, WIDTHS, ScreenCase

ANSWER = "553 Mail from must equal authorized user"


@tagged("post_install", "-at_install")
class TestFailedScreens(ScreenCase):
    """I open a mail that failed, read why, and am one click away from what has to change."""

    WORDS = {
        "en_US": ("It does not accept this sender.", "Open the Setting", "Forget"),
        "zh_CN": ("它不接受此发件人", "打开相关设置", "忘记"),
    }

    def setUp(self):
        super().setUp()
        self.env["ir.mail_server"].search([]).unlink()
        values = {"name": "NetEase", "smtp_host": "smtp.example", "smtp_user": "kevin@strict.example"}
        self.server = self.env["ir.mail_server"].create(values)
        self.server.write({"sender_refusal": ANSWER, "sender_refusal_date": "2026-01-05 08:00:00"})
        self.mail = self.env["mail.mail"].create(
            {
                "subject": "Order",
                "email_from": "zhi@corp.example",
                "email_to": "customer@elsewhere.example",
                "state": "exception",
                "failure_reason": "Mail Delivery Failed",
                "delivery_class": "sender",
                "delivery_answer": ANSWER,
                "route_server_id": self.server.id,
            }
        )

    def test_from_the_failed_mail_to_the_setting(self):
        for language in LANGUAGES:
            meaning, button, forget = self.WORDS[language]
            for width in WIDTHS:
                with self.subTest(language=language, width=width):
                    url = f"/web#id={self.mail.id}&model=mail.mail&view_type=form"
                    with self.screen(url, width, language) as screen:
                        screen.see(meaning)
                        screen.see(ANSWER)
                        screen.shot("mail")
                        self.assertFalse(screen.overflows())
                        screen.click(button)
                        screen.see(forget)
                        screen.shot("server")
                        self.assertFalse(screen.overflows())
                        self.assertEqual(screen.clicks, 1)
