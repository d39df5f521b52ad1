import re
from pathlib import Path

from odoo.modules.module import get_module_path

I18N = Path(__file__).parents[2] / "i18n"
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]*>|\n")
# Letters of a piece of a sentence that nothing else has by chance.
LONG = 25


def plain(words):
    """Return words with single spaces, as the browser gives them."""
    return re.sub(r"\s+", " ", words).strip()


class Words:
    """Knows our words in a language; finds those that stand on its screen in English all the same."""

    def __init__(self, language):
        from polib import pofile  # one of test-requirements.txt

        names = (language, language.partition("_")[0])
        path = next((I18N / f"{name}.po" for name in names if (I18N / f"{name}.po").exists()), None)
        entries = pofile(str(path)) if path else ()
        all_terms = pofile(str(I18N / "mail_company_routing.pot"))
        self.ours = {plain(term) for entry in (*entries, *all_terms) for term in (entry.msgid, entry.msgstr)}
        terms = {entry.msgid: entry.msgstr for entry in entries if entry.msgid != entry.msgstr}
        if not terms:
            self.whole = self.pieces = set()
            return
        foreign = {plain(translation) for translation in terms.values()}
        self.whole = {plain(term) for term in terms} - foreign - set(self.core_leaves(language))
        pieces = (max(map(plain, HOLE.split(term)), key=len) for term in terms)
        self.pieces = {piece for piece in pieces if len(piece) >= LONG}

    @staticmethod
    def core_leaves(language):
        """Yield the terms that Odoo itself shows in English: whether we translate them makes no difference there."""
        from polib import pofile

        for module in ("base", "base_setup", "web", "mail"):
            path = Path(get_module_path(module), "i18n", f"{language}.po")
            path = path if path.exists() else path.with_stem(language.partition("_")[0])
            yield from (entry.msgid for entry in pofile(str(path)) if entry.msgstr in ("", entry.msgid))

    def left(self, texts):
        """Return the texts that are in English."""
        return [text for text in texts if text in self.whole or any(piece in text for piece in self.pieces)]
