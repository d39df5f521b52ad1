from odoo.tests import tagged

from ..common import USERNAME
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from .common_probe import ProbeCase


@tagged("post_install", "-at_install")
class TestProbeScreen(ScreenCase, ProbeCase):
    """I probe a server in the browser, see what it says, and apply what it needs."""

    def test_three_clicks_from_the_server_to_its_sender_policy(self):
        """On a telephone a fourth opens the menu of the form's buttons."""
        for language in LANGUAGES:
            for width in WIDTHS:
                with self.subTest(language=language, width=width), self.provider("netease", returns=True):
                    url = f"/web#model=ir.mail_server&id={self.server.id}&view_type=form"
                    words = self.server.with_context(lang=language)._sender_policy_sentence("on_behalf", USERNAME)
                    with self.screen(url, width, language) as screen:
                        self.probe_on(screen, words)
                        self.assertLessEqual(screen.clicks, 4)
                    self.assertEqual(self.server.sender_policy, "on_behalf")
                    self.assertFalse(self.company.mail_catchall_supported)
                    self.company.mail_catchall_supported = True

    def probe_on(self, screen, words):
        """Press the three buttons, and look at each answer, the last one in these words."""
        screen.see("Strict kevin")
        screen.press("[name=action_probe]")
        screen.see("553 Mail from must equal authorized user")
        screen.shot("senders")
        self.assertFalse(screen.overflows())
        screen.click("button[name=action_send]")
        screen.see("-unknown@strict.example")
        screen.shot("mails")
        self.assertFalse(screen.overflows())
        screen.click("button[name=action_apply]")
        screen.see(words)
        screen.shot("applied")
