import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parents[1] / "i18n"
# The module calendar, where it is installed, adds it to all that has activities.
FOREIGN = "__activity_calendar_event_id"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")


def _is_foreign(entry):
    """Tell whether a term is only there because another module is installed."""
    return all(place.endswith(FOREIGN) for place, _line in entry.occurrences)


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """The first users read Chinese; nothing they see is left in English."""

    def test_the_template_is_current(self):
        exported = io.BytesIO()
        trans_export(False, ["mail_company_routing"], exported, "po", self.env.cr)
        terms = {entry.msgid for entry in polib.pofile(exported.getvalue().decode()) if not _is_foreign(entry)}
        self.assertEqual(terms, {entry.msgid for entry in polib.pofile(str(I18N / "mail_company_routing.pot"))})

    def test_chinese_is_complete(self):
        template = polib.pofile(str(I18N / "mail_company_routing.pot"))
        chinese = {entry.msgid: entry for entry in polib.pofile(str(I18N / "zh_CN.po"))}
        self.assertEqual({entry.msgid for entry in template}, set(chinese))
        for entry in chinese.values():
            with self.subTest(entry.msgid):
                self.assertTrue(entry.msgstr)
                self.assertFalse(entry.fuzzy)
                self.assertEqual(*(sorted(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgstr)))
