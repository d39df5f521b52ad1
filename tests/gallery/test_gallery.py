import logging
import os
from pathlib import Path
from unittest import SkipTest

from odoo.tests import tagged
from odoo.tools.translate import load_language

from ...wizard.rolled_back import rolled_back
from ..common_screens import LANGUAGES, WIDTHS, ScreenCase
from ..optional import need
from .all_screens import SCREENS
from .folder import Folder
from .stage import Stage
from .visit import Visit
from .words import Words

_logger = logging.getLogger(__name__)


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
        for language in {*cls.languages} - {"en_US", "zh_CN"}:
            load_language(cls.env.cr, language)
        cls.stage = Stage(cls.env)
        cls.addClassCleanup(cls.stage.stop)
        cls.stage.start()
        cls.stage.make()
        anna = cls.stage.ref("user_anna")
        anna.password = anna.login
        (anna + cls.admin).tz = "UTC"

    def test_every_screen(self):
        wanted = os.environ.get("SCREENS", "").split()
        screens = [screen for screen in SCREENS if not wanted or screen.name in wanted]
        complaints = [words for language in self.languages for words in self.look_at_all(screens, language)]
        if complaints:
            self.fail("\n".join(["", *complaints]))

    def look_at_all(self, screens, language):
        """Look at the screens in one language; return what is wrong."""
        folder, words = Folder(Path(os.environ["MCR_GALLERY"]) / language), Words(language)
        complaints = []
        for screen in screens:
            for width in WIDTHS:
                _logger.info("%s %s %s", language, width, screen.name)
                found = self.look_at(screen, language, width, folder, words)
                complaints += [f"{language} {width} {complaint}" for complaint in found]
        folder.write_page()
        return complaints

    def look_at(self, screen, language, width, folder, words):
        """Look at one screen, and take back what was done there; return what is wrong."""
        with rolled_back(self.env.cr):
            self.env = self.stage.env = self.env(context={"lang": language, "tz": "UTC"})
            self.env.user.lang = language
            for happening in screen.before:
                getattr(self.stage, happening)()
            names = {
                data.name.removeprefix("mail_provider_"): self.env["mail.provider"].browse(data.res_id).name
                for data in self.env["ir.model.data"].search([("model", "=", "mail.provider")])
            }
            try:
                with self.screen(self.url(screen), width, language, screen.login) as shown:
                    visit = Visit(shown, self.stage, words, folder, screen.name, width, names)
                    visit.take(screen.steps)
                complaints = visit.complaints
            except Exception as error:  # the other screens are looked at, too
                _logger.exception("%s %s %s", language, width, screen.name)
                complaints = [f"{screen.name}: {str(error)[:600]}"]
        self.env.invalidate_all()
        self.registry.clear_caches()
        return complaints

    def url(self, screen):
        """Return where a screen is, in developer mode: without it, most of its menus are not there."""
        names = ("company_jade", "company_nordwind", "company_mesa", "base.main_company")
        first, *others = sorted(names, key=lambda name: name != screen.company)
        names = (first, *others[:2]) if screen.login == "admin" else (first,)
        companies = ",".join(str(self.stage.ref(name).id) for name in names)
        menu = f"&menu_id={self.stage.ref('base.menu_administration').id}" if screen.login == "admin" else ""
        view = f"&view_type={screen.view}" if screen.view else ""
        record = f"&view_type=form&id={self.stage.ref(screen.record).id}" if screen.record else view
        return f"/web?debug=1#action={self.stage.ref(screen.action).id}&cids={companies}{menu}{record}"
