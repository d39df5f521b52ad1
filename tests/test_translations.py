import io
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parents[1] / "i18n"
# The module calendar, where it is installed, adds it to all that has activities.
FOREIGN = "__activity_calendar_event_id"
LANGUAGES = ("zh_CN", "zh_TW", "de", "fr", "es")
# Labels of Odoo that our sentences send people to, and the modules that translate them.
LABELS = (
    "General Settings",
    "Outgoing Mail Servers",
    "Incoming Mail Servers",
    "Test Connection",
    "Custom Email Servers",
)
MODULES = ("base", "base_setup", "mail")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")


def _parts(text):
    """Return what a translation must have as well."""
    return sorted(PLACEHOLDER.findall(text))


def _is_foreign(entry):
    """Tell whether a term is only there because another module is installed."""
    return all(place.endswith(FOREIGN) for place, _line in entry.occurrences)


def _by_odoo(language):
    """Return how Odoo itself translates its labels: for each all the words it uses."""
    words = {label: set() for label in LABELS}
    for module in MODULES:
        for entry in polib.pofile(str(Path(get_module_path(module)) / "i18n" / f"{language}.po")):
            if entry.msgid in words and entry.msgstr:
                words[entry.msgid].add(entry.msgstr)
    return words


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """The first users read Chinese, others German, French or Spanish; nothing they see is left in English."""

    def test_the_template_is_current(self):
        exported = io.BytesIO()
        trans_export(False, ["mail_company_routing"], exported, "po", self.env.cr)
        terms = {entry.msgid for entry in polib.pofile(exported.getvalue().decode()) if not _is_foreign(entry)}
        self.assertEqual(terms, {entry.msgid for entry in polib.pofile(str(I18N / "mail_company_routing.pot"))})

    def test_each_language_is_complete(self):
        template = {entry.msgid for entry in polib.pofile(str(I18N / "mail_company_routing.pot"))}
        for language in LANGUAGES:
            with self.subTest(language):
                entries = polib.pofile(str(I18N / f"{language}.po"))
                self.assertEqual({entry.msgid for entry in entries}, template)
                self.assertFalse([entry.msgid for entry in entries if not entry.msgstr or entry.fuzzy])
                self.assertFalse([entry.msgid for entry in entries if _parts(entry.msgid) != _parts(entry.msgstr)])

    def test_odoo_s_labels_are_named_as_odoo_translates_them(self):
        for language in LANGUAGES:
            own = polib.pofile(str(I18N / f"{language}.po"))
            for label, words in _by_odoo(language).items():
                lost = [
                    entry.msgstr
                    for entry in own
                    if label in entry.msgid and words and not any(word in entry.msgstr for word in words)
                ]
                with self.subTest(language=language, label=label):
                    self.assertFalse(lost)
