"""The class of each SMTP answer and of each failure to get one; all that follows from an answer reads it here."""

import codecs
import re
import smtplib
from itertools import islice
from typing import NamedTuple

from ..server_words import CONNECT, DATA, LOGIN, MAIL, RCPT, TEXT_LIMIT, AnswerClass, Reply, Rest, read
from .answer_class import CONSEQUENCES, PRECEDENCE

# Read before anything else looks at it: servers and proxies can say any amount.
_READ_LIMIT = 4 * TEXT_LIMIT
_ENHANCED = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_CAUSES = 10
_STAGES = (
    (smtplib.SMTPAuthenticationError, LOGIN),
    (smtplib.SMTPSenderRefused, MAIL),
    (smtplib.SMTPDataError, DATA),
    # Also the one that smtplib raises for an answer to STARTTLS.
    (smtplib.SMTPResponseException, CONNECT),
)


class Answer(NamedTuple):
    """What a server said: SMTP code or None, enhanced status (RFC 3463) or "", words on one line, class.

    ``rule`` is the name of the rule about its words, ``rest`` how long the server means it, if the rule knows.
    """

    code: int | None
    enhanced: str
    text: str
    answer_class: AnswerClass
    rule: str = ""
    rest: Rest | None = None

    def __str__(self):
        return f"{self.code} {self.text}" if self.code else self.text

    @property
    def is_temporary(self):
        """Whether the mail waits; else it fails, or (sender) goes again as the username."""
        return CONSEQUENCES[self.answer_class].waits

    @property
    def server_rests(self):
        return CONSEQUENCES[self.answer_class].rests

    @property
    def server_stops(self):
        """Whether the server is left alone until it changes or somebody says so."""
        return CONSEQUENCES[self.answer_class].stops

    @property
    def wants_new_session(self):
        """Whether the server takes more mail in another session."""
        return self.rest is not None and self.rest.new_session

    @property
    def probe_harms(self):
        """Whether each try before the rest is over makes it longer."""
        return self.rest is not None and self.rest.probe_harms


def parse(text):
    """Return the :class:`Answer` that was written down as text, e.g. in the database; its stage is forgotten.

    >>> parse("535 Login fail, system is busy").code
    535
    """
    code, _space, words = (text or "").partition(" ")
    return classify(int(code), words) if len(code) == 3 and code.isascii() and code.isdecimal() else _silent(text or "")


def _silent(text):
    return Answer(None, "", text, AnswerClass.CONNECTION)


def _one_line(text):
    """Return an answer's words on one line, in UTF-8 or the GBK that QQ speaks; without its repeated status."""
    text = (text if isinstance(text, bytes) else str(text))[:_READ_LIMIT]
    if isinstance(text, bytes):
        try:
            # Not the last word: the cut may have hit the middle of a character.
            text = codecs.getincrementaldecoder("utf-8")().decode(text)
        except UnicodeDecodeError:
            text = text.decode("gb18030", "replace")
    lines = text.splitlines()
    enhanced = _ENHANCED.match(lines[0]) if lines else None
    if enhanced:
        lines[1:] = [line.removeprefix(enhanced[0]) for line in lines[1:]]
    # A database takes neither NUL nor half a surrogate pair.
    text = "".join(char if char.isprintable() else " " for char in " ".join(lines))
    return " ".join(text.split())[:TEXT_LIMIT].rstrip()


def classify(code, text, stage=""):
    r"""Return the :class:`Answer` that an SMTP reply is.

    :param code: the reply code; one that is no 4xx or 5xx, or None, is an answer that did not come
    :param text: str or bytes as smtplib gives it
    :param str stage: "connect", "login", "mail", "rcpt", "data", or "" where nobody knows

    >>> classify(550, b"5.1.1 User unknown").answer_class.value
    'recipient'
    >>> str(classify(450, "4.2.0 Greylisted,\n4.2.0 see you later", "rcpt"))
    '450 4.2.0 Greylisted, see you later'
    """
    text = _one_line(text)
    if not isinstance(code, int) or not 400 <= code <= 599:
        return Answer(code if isinstance(code, int) and code > 0 else None, "", text, AnswerClass.CONNECTION)
    found = _ENHANCED.search(text)
    enhanced = found[0] if found else ""
    rule = read(Reply(code, enhanced, text, stage))
    return Answer(code, enhanced, text, rule.answer_class, rule.name, rule.rest)


class AnsweredError(smtplib.SMTPResponseException):
    """An answer that was read already: what is said at one command may end more than that command."""

    def __init__(self, answer):
        super().__init__(answer.code, answer.text)
        self.answer = answer


def of_recipients(error):
    """Return {address: Answer} of the refused recipients.

    :param error: a ``SMTPRecipientsRefused``, or the dict that ``SMTP.sendmail`` returns
    """
    refused = getattr(error, "recipients", error)
    return {address: classify(code, text, RCPT) for address, (code, text) in refused.items()}


def of_exception(error, stage=""):
    """Return the :class:`Answer` that an exception stands for, also where core wrapped it.

    :param str stage: where it was raised; what nobody knows is "connection" at "connect" and "login", else "permanent"
    """
    return next(filter(None, map(_of_known, islice(_causes(error), _CAUSES))), None) or _without_code(
        error, AnswerClass.CONNECTION if stage in (CONNECT, LOGIN) else AnswerClass.PERMANENT
    )


def _causes(error):
    """Yield an exception and those that led to it: MailDeliveryException has it as argument, cause or context."""
    waiting, seen = [error], set()
    while waiting:
        error = waiting.pop(0)
        if id(error) not in seen:
            seen.add(id(error))
            yield error
            nested = (*error.args[:_CAUSES], error.__cause__, error.__context__)
            waiting += [cause for cause in nested if isinstance(cause, BaseException)]


def _of_known(error):
    """Return the Answer of an exception of smtplib, ssl or the network; None of any other."""
    if isinstance(error, AnsweredError):
        return error.answer
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        return min(of_recipients(error).values(), key=lambda answer: PRECEDENCE.index(answer.answer_class))
    if isinstance(error, smtplib.SMTPResponseException):
        stage = next(stage for kind, stage in _STAGES if isinstance(error, kind))
        return classify(error.smtp_code, error.smtp_error, stage)
    # The name of a host that is none; other text that cannot be encoded is the mail's own.
    if isinstance(error, OSError) or (isinstance(error, UnicodeError) and "idna" in str(error)):
        return _without_code(error, _class_without_code(error))
    return None


def _class_without_code(error):
    text = str(error) if isinstance(error, smtplib.SMTPException) else ""
    if "UTF8" in text:
        return AnswerClass.PERMANENT  # the address of this mail needs SMTPUTF8 (RFC 6531)
    # smtplib: no AUTH, or no method that both know
    return AnswerClass.LOGIN if re.search(r"\bAUTH\b|authentication method", text) else AnswerClass.CONNECTION


def _without_code(error, answer_class):
    # Python's number in front, as in "[Errno -2]", tells an administrator nothing
    text = re.sub(r"^\[Errno -?\d+\] ", "", _one_line(str(error)))
    return Answer(None, "", text or type(error).__name__, answer_class)
