"""Compare subjects without the prefixes that mail programs add to answers and forwarded mails."""

import re

# Prefixes of common mail programs: English, German, French, Scandinavian, Polish, Spanish, Italian, Chinese, Japanese.
_WORDS = (
    r"re|fwd?|aw|antw|wg|tr|réf|ref|sv|vs|vb|odp|pd|rv|res|enc|r|i|rif|"
    r"回复|答复|转发|回覆|答覆|轉寄|轉發|回信|返信|転送"
)
# No two repetitions of one character side by side: that would try each way to share out a run of spaces.
_PREFIX = re.compile(rf"\s*(?:{_WORDS})\s*(?:(?:[\[(（]\s*\d{{1,3}}\s*[\])）]|\^\d{{1,3}})\s*)?[:：]\s*", re.IGNORECASE)


def normalise(text):
    """Return a subject without any prefixes, in lower case and with single spaces.

    >>> normalise("Re: 回复：AW: Order  S01")
    'order s01'
    """
    text = " ".join((text or "").split())
    begin = 0
    while match := _PREFIX.match(text, begin):
        begin = match.end()
    return text[begin:].casefold()


def is_answer(text):
    """Tell whether a subject says that the mail answers or forwards another one."""
    return bool(_PREFIX.match(text or ""))
