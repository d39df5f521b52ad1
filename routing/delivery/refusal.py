"""Tell an SMTP answer that means "not with this sender" from any other refusal."""

import re
from typing import NamedTuple

from ..server_words import AnswerClass
from .answer import classify

# With a sender that only Odoo's default chose, such a refusal is tried once as the username.
_OF_SENDER = re.compile(
    r"\b(sender|from|identity|identities|relay\w{0,5}|mailfrom|envelope|return.?path|spoof\w{0,5}|on behalf|domain)\b|"
    r"发(件|信)人|expéditeur|absender|remitente",
    re.IGNORECASE,
)
_NEVER_OF_SENDER = (AnswerClass.CONTENT, AnswerClass.RATE, AnswerClass.RECIPIENT, AnswerClass.LOGIN)


class Refusal(NamedTuple):
    """A refused sender: the SMTP code and the server's own words on one line."""

    code: int
    text: str

    def __str__(self):
        return f"{self.code} {self.text}"


def sender_refusal(code, text):
    """Return the :class:`Refusal` in an SMTP answer, or None if it refuses for another reason.

    :param int code: SMTP reply code (RFC 5321, section 4.2)
    :param text: the answer's text, str or bytes as smtplib gives it
    """
    answer = classify(code, text)
    return Refusal(answer.code, answer.text) if answer.answer_class is AnswerClass.SENDER else None


def may_mean_sender(answer, from_address):
    """Tell whether a refusal may be one of the sender, in words that no rule knows: it speaks of it.

    It is worth one try as the username; if that leaves, it was the sender. What speaks of the content, the rate, the
    recipient or the login is none, and a "not now" may pass by itself.

    :param Answer answer: what the server said, or None
    :param str from_address: the address in the From header
    """
    if answer is None or answer.code is None or answer.code < 500 or answer.answer_class in _NEVER_OF_SENDER:
        return False
    return bool(_OF_SENDER.search(answer.text)) or (from_address or "\0").lower() in answer.text.lower()
