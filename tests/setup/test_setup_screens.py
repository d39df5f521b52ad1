import time

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..common import CUSTOMER
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from .common_setup import BOX_A, SetupCase

SETTINGS = "/web#action=base_setup.action_general_configuration"
ARRIVED = "The answer of %(sender)s has arrived in the chatter of %(contact)s. Company mail is set up."
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
        # read before: while the browser is open, its requests use the same cursor
        contact, action = self.company.name, self.ref("mail_company_routing.mail_routing_setup_action")
        with self.screen(SETTINGS, width, language) as screen:
            # the menu, Settings
            screen.clicks += 2
            screen.click(f"button[name='{action}']")
            screen.fill("email", BOX_A)
            screen.see("Loopback")
            screen.fill("password", "wrong")
            screen.shot("1_mailbox")
            screen.click(".modal-footer button[data-hotkey='q']")
            screen.see("535")
            screen.shot("2_wrong_password")
            self.assertFalse(screen.overflows())
            screen.fill("password", "secret")
            screen.click(".modal-footer button[data-hotkey='q']")
            screen.see(self.translated("Replies go to %s.", language) % BOX_A)
            screen.shot("3_works")
            screen.click("button[name='action_send']")
            self.wait_for_mail()
            self.answer_newest()
            screen.click("button[name='action_fetch']")
            screen.see(self.translated(ARRIVED, language, sender=CUSTOMER, contact=contact))
            screen.shot("4_answered")
            screen.click("button[name='action_open_contact']")
            screen.see("Re: ")
            screen.shot("5_contact")
            self.assertLessEqual(screen.clicks, CLICKS)

    def test_a_provider_fills_in_a_server(self):
        forms = (
            ("base.action_ir_mail_server_list", "office365", "smtp.o"),
            ("mail.action_email_server_tree", "exmail", "imap.exmail.qq.com"),
        )
        for language in LANGUAGES:
            providers = self.env["mail.provider"].with_context(lang=language)
            names = {form[1]: providers.env.ref(f"mail_company_routing.mail_provider_{form[1]}").name for form in forms}
            for width in WIDTHS:
                for action, provider, words in forms:
                    with (
                        self.subTest(action=action, provider=provider, language=language, width=width),
                        self.screen(f"/web#action={action}&view_type=form", width, language) as screen,
                    ):
                        self.choose(screen, names[provider])
                        screen.see(words)
                        screen.shot(f"{action.split('_')[1]}_{provider}")
                        self.assertFalse(screen.overflows())
                        # a page with changes asks before it closes
                        screen.click(".o_form_button_cancel")

    def choose(self, screen, name):
        """Choose a provider by its name."""
        screen.click("[name='provider_id'] input")
        screen.fill("provider_id", name)
        screen.click(name)

    def translated(self, source, language, **values):
        """Return a sentence of the addon as its reader has it."""
        sentence = code_translations.get_python_translations("mail_company_routing", language).get(source, source)
        return sentence % values if values else sentence

    def wait_for_mail(self):
        """Wait until the customer has the mail."""
        until = time.monotonic() + 30
        while not any(CUSTOMER in mail.rcpt_tos for mail in self.strict.mails):
            self.assertLess(time.monotonic(), until, "No mail has arrived.")
            time.sleep(0.05)
