import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parents[1] / "i18n"
# The module calendar, where it is installed, adds it to all that has activities.
FOREIGN = "__activity_calendar_event_id"
LANGUAGES = ("zh_CN", "zh_TW", "de", "fr", "es")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")


def _parts(text):
    """Return what a translation must have as well."""
    return sorted(PLACEHOLDER.findall(text))


def _is_foreign(entry):
    """Tell whether a term is only there because another module is installed."""
    return all(place.endswith(FOREIGN) for place, _line in entry.occurrences)


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
