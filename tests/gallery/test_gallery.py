import logging
import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import SkipTest

from odoo.tests import tagged
from odoo.tools.translate import load_language

from ...wizard.rolled_back import rolled_back
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from ..optional import need
from .all_screens import SCREENS
from .folder import Folder
from .hostile import said_by_servers, say_everywhere
from .stage import Stage
from .visit import HostileVisit, Visit
from .words import Words

_logger = logging.getLogger(__name__)
# Screens with words of ours and of the administrator alone, or drawn on a canvas.
SHOW_NO_WORDS = {"leak_report", "provider", "providers", "statistics"}


@tagged("-standard", "-at_install", "post_install", "mcr_gallery")
class TestGallery(ScreenCase):
    """Looks at every screen of ours as a reader does, in each language, on the desk and on the telephone."""

    @classmethod
    def setUpClass(cls):
        if not os.environ.get("MCR_GALLERY"):
            raise SkipTest("The gallery is made by: make gallery")
        super().setUpClass()
        for package in ("aiosmtpd", "dns", "polib"):
            need(package)
        cls.languages = os.environ.get("LANGS", "").split() or LANGUAGES
        cls.widths = [int(width) for width in os.environ.get("WIDTHS", "").split()] or WIDTHS
        for language in {*cls.languages} - {"en_US", "zh_CN"}:
            load_language(cls.env.cr, language)
        cls.stage = Stage(cls.env)
        cls.addClassCleanup(cls.stage.stop)
        cls.stage.start()
        cls.stage.make()
        anna = cls.stage.ref("user_anna")
        anna.password = anna.login
        (anna + cls.admin).tz = "UTC"

    def start_browser(self):
        """Let the browser keep its cache from one screen to the next: they load much faster."""
        started = super().start_browser()
        ask = self.browser._websocket_request
        if not hasattr(self.browser, "asks_all"):
            self.browser.asks_all = ask
            self.browser._websocket_request = lambda method, **options: (
                None if method == "Network.clearBrowserCache" else ask(method, **options)
            )
        return started

    @staticmethod
    def wanted():
        """Return the screens to look at."""
        wanted = os.environ.get("SCREENS", "").split()
        return [screen for screen in SCREENS if not wanted or screen.name in wanted]

    def test_every_screen(self):
        complaints = [words for language in self.languages for words in self.look_at_all(self.wanted(), language)]
        if complaints:
            self.fail("\n".join(["", *complaints]))

    def test_no_word_of_others_becomes_an_element(self):
        """In one language and width; each screen that shows what others say shows it as text."""
        language, width = self.languages[0], self.widths[0]
        self.speak(language)
        complaints, silent = [], set()
        with said_by_servers(self.stage.names):
            for screen in self.wanted():
                _logger.info("hostile %s", screen.name)
                visit = self.look_at(screen, language, width, HostileVisit)
                complaints += visit.complaints
                if not visit.shows_words:
                    silent.add(screen.name)
        self.assertFalse(complaints, "\n".join(["", *complaints]))
        self.assertLessEqual(silent, SHOW_NO_WORDS, "They show nothing of what others say: is the stage right?")

    def look_at_all(self, screens, language):
        """Look at the screens in one language; return what is wrong."""
        self.speak(language)
        complaints = []
        for screen in screens:
            for width in self.widths:
                _logger.info("%s %s %s", language, width, screen.name)
                visit = self.look_at(screen, language, width)
                complaints += [f"{language} {width} {complaint}" for complaint in visit.complaints]
        self.folder.write_page()
        return complaints

    def speak(self, language):
        """Let everybody read a language."""
        self.env = self.stage.env = self.env(context={"lang": language, "tz": "UTC"})
        self.env["res.users"].search([]).lang = language
        self.providers = self.stage.provider_names()
        self.folder, self.words = Folder(Path(os.environ["MCR_GALLERY"]) / language), Words(language)
        # makes the assets, which else were taken back with each screen, and made again for the next
        with self.screen("/web", language=language) as shown:
            shown.find(".o_main_navbar")

    def look_at(self, screen, language, width, kind=Visit):
        """Look at one screen, and take back what was done there; return the visit, with what is wrong."""
        visit = kind(None, self.stage, self.words, self.folder, screen.name, width, self.providers)
        with self.taken_back(screen, is_hostile=kind is HostileVisit):
            try:
                with self.screen(self.url(screen), width, language, screen.login) as visit.screen:
                    visit.take(screen.steps)
            except Exception as error:  # the other screens are looked at, too
                _logger.exception("%s %s %s", language, width, screen.name)
                visit.complaints.append(f"{screen.name}: {str(error)[:600]}")
        return visit

    @contextmanager
    def taken_back(self, screen, is_hostile=False):
        """Let happen what the screen needs, and take back all that was done there.

        Requests use the same cursor: a late one must not be in the middle of something.
        """
        with ExitStack() as stack:
            with self.registry.test_lock:
                happened = stack.enter_context(ExitStack())
                happened.enter_context(rolled_back(self.env.cr))
                for happening in screen.before:
                    getattr(self.stage, happening)()
                if is_hostile:
                    say_everywhere(self.env)
            yield
            with self.registry.test_lock:
                happened.close()
                self.env.invalidate_all()
                self.registry.clear_caches()

    def url(self, screen):
        """Return where a screen is, in developer mode: without it, most of its menus are not there."""
        with self.registry.test_lock:
            return self.place_of(screen)

    def place_of(self, screen):
        """Return the path of a screen, with the companies that are switched on."""
        names = ("company_jade", "company_nordwind", "company_mesa", "base.main_company")
        first, *others = sorted(names, key=lambda name: name != screen.company)
        names = (first, *others[:2]) if screen.login == "admin" else (first,)
        companies = ",".join(str(self.stage.ref(name).id) for name in names)
        menu = f"&menu_id={self.stage.ref('base.menu_administration').id}" if screen.login == "admin" else ""
        view = f"&view_type={screen.view}" if screen.view else ""
        record = f"&view_type=form&id={self.stage.ref(screen.record).id}" if screen.record else view
        return f"/web?debug=1#action={self.stage.ref(screen.action).id}&cids={companies}{menu}{record}"
