from odoo.tests import tagged

from ..common_screens import LANGUAGES, WIDTHS, ScreenCase


@tagged("post_install", "-at_install")
class TestIncomingPreviewScreen(ScreenCase):
    """I try an incoming mail in the browser, in my language, on the desk and on the telephone."""

    def test_the_dialog_opens_and_closes(self):
        action = self.env.ref("mail_company_routing.mail_incoming_preview_action").id
        words = {"en_US": ("Try an Incoming Mail", "Close"), "zh_CN": ("测试收件", "关闭")}
        for language in LANGUAGES:
            for width in WIDTHS:
                with self.subTest(language=language, width=width):
                    with self.screen(f"/web#action={action}", width, language) as screen:
                        title, close = words[language]
                        screen.see(title)
                        screen.shot("dialog")
                        self.assertFalse(screen.overflows())
                        screen.click(close)
                        self.assertEqual(screen.clicks, 1)
