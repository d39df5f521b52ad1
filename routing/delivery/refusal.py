"""Tell an SMTP answer that means "not with this sender" from any other refusal."""

import re
from typing import NamedTuple

_ANOTHER_REASON = re.compile(
    # spam, frequency, blacklists (NetEase), no basic authentication (Exchange), login
    r"\bDT:SPM|\bMI:SFQ|\bHL:[A-Z]|\b5\.7\.30\b|^(421|45\d|535)\b",
    re.IGNORECASE,
)
_WORDS = (
    # Tencent Exmail, QQ; NetEase (DT:SUM: envelope and header differ); Aliyun; checkers of the From header
    r"must (be (the )?same as|equal|match) (the )?auth",
    r"doesn't conform with authentication",
    r"MAIL FROM\W{1,3}is non-local account",
    r"\bDT:SUM\b",
    # Postfix, Yandex, Yahoo, iCloud
    r"not owned by (auth )?user",
    r"sender address (is )?(rejected|not allowed|not accepted)",
    r"from address is not one of your addresses",
    # Exchange, Office 365
    r"permissions? to send as",
    r"SendAsDenied",
    r"\b5\.7\.60\b",
    # Exim, Sendmail and others
    r"not (allowed|authori[sz]ed|permitted) to (use|send (from|as)) (this |the )?(sender|address|from)",
)
_SENDER = re.compile("|".join(_WORDS), re.IGNORECASE)


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
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = " ".join(text.split())
    if _ANOTHER_REASON.search(f"{code} {text}") or not _SENDER.search(text):
        return None
    return Refusal(code, text)
