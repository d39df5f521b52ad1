from odoo.tests import tagged

from ..common import CUSTOMER
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from .common_setup import BOX_A, SetupCase

SETTINGS = "/web#action=base_setup.action_general_configuration"
ASSISTANT = "/web#action=mail_company_routing.mail_routing_setup_action"
CLICKS = 12


@tagged("post_install", "-at_install")
class TestSetupScreens(SetupCase, ScreenCase):
    """From an empty database to a mail delivered and its answer received, as I see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin.email = CUSTOMER

    def test_from_nothing_to_an_answer(self):
        for language in LANGUAGES:
            for width in WIDTHS:
                with self.subTest(language=language, width=width), self.internet():
                    self.walk(width, language)
                    for records in self.records()[1:]:
                        records.unlink()
                    self.company.mail_domain_id = False
                    self.records()[0].unlink()

    def walk(self, width, language):
        """Set up the first mailbox, write a mail and get its answer."""
        with self.screen(SETTINGS, width, language) as screen:
            # the menu, Settings
            screen.clicks += 2
            screen.click("#mail_routing_setup_setting button")
            screen.fill("email", BOX_A)
            screen.see("Strict")
            screen.fill("password", "wrong")
            screen.shot("1_mailbox")
            screen.click(".modal-footer button[data-hotkey='q']")
            screen.see("535")
            screen.shot("2_wrong_password")
            self.assertFalse(screen.overflows())
            screen.fill("password", "secret")
            screen.click(".modal-footer button[data-hotkey='q']")
            screen.see('"Author Name"' if language == "en_US" else BOX_A)
            screen.click("button[name='action_send']")
            screen.see("Fetch the Answer")
            screen.shot("3_sent")
            self.answer_newest()
            screen.click("button[name='action_fetch']")
            screen.see(self.company.partner_id.display_name)
            screen.click("button[name='action_open_contact']")
            screen.see("Re: ")
            screen.shot("4_answer")
            self.assertLessEqual(screen.clicks, CLICKS)
