import re
from pathlib import Path

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
        foreign = {plain(translation) for translation in terms.values()}
        self.whole = {plain(term) for term in terms} - foreign
        pieces = (max(map(plain, HOLE.split(term)), key=len) for term in terms)
        self.pieces = {piece for piece in pieces if len(piece) >= LONG}

    def left(self, texts):
        """Return the texts that are in English."""
        return [text for text in texts if text in self.whole or any(piece in text for piece in self.pieces)]
