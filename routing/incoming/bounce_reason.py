"""Why a mail bounced: the kind of reason, by a server's code and words."""

import re
from functools import lru_cache

from ..server_words import DATA, MAIL, RCPT, TEXT_LIMIT, AnswerClass, Reply, read

UNKNOWN_USER, MAILBOX_FULL, REFUSED_SENDER = "unknown_user", "mailbox_full", "refused_sender"
SPAM, TOO_BIG, OTHER = "spam", "too_big", "other"

_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.@-])([45]\d\d)(?=[\s#\-:;,，：<(]|$)")

_STAGE = re.compile(r"\(in reply to (?:end of )?(MAIL|RCPT|DATA)\b", re.IGNORECASE)
_STAGES = {"mail": MAIL, "rcpt": RCPT, "data": DATA}
_KINDS = {
    AnswerClass.RECIPIENT: UNKNOWN_USER,
    AnswerClass.MAILBOX_FULL: MAILBOX_FULL,
    AnswerClass.SENDER: REFUSED_SENDER,
    AnswerClass.CONTENT: SPAM,
}
# Rules whose class says less than a reader of the bounce wants to know.
_KINDS_BY_RULE = {"size": TOO_BIG, "domain_check": REFUSED_SENDER, "blocklist": SPAM}


def find_code(text, basic=True):
    """Return the status code in a server's answer: the enhanced one (RFC 3463), else the SMTP code, else ""."""
    match = _ENHANCED.search(text) or (basic and _BASIC.search(text))
    return match[1] if match else ""


def reason_kind(code, text):
    """Return the kind of reason for a bounce, by what its words mean on the wire.

    >>> reason_kind("5.1.1", "User unknown")
    'unknown_user'
    >>> reason_kind("554", "DT:SPM 163 smtp5")
    'spam'
    """
    return _kind(code, text[:TEXT_LIMIT])


# the lines of one bounce are looked at several times
@lru_cache(maxsize=256)
def _kind(code, text):
    basic = _BASIC.search(text)
    stage = _STAGE.search(text)
    reply = Reply(
        code=int(code) if code.isdigit() else int(basic[1]) if basic else 550,
        enhanced=code if "." in code else find_code(text, basic=False),
        text=text,
        stage=_STAGES[stage[1].lower()] if stage else "",
    )
    # what a server put off for good has failed, so its 4xx says no more than a 5xx
    rule = read(reply._replace(code=max(reply.code, 500)))
    return _KINDS_BY_RULE.get(rule.name) or _KINDS.get(rule.answer_class, OTHER)
