"""Read the text of a bounce as a person would: does it name a failure, for whom, and why."""

import re

from .. import address
from . import reader, subject
from .bounce_reason import OTHER, find_code, reason_kind
from .returned_mail import ODOO_ID

_MAX_WORDS = 500
_MAX_LINES = 200
_FAILURE_SUBJECT = re.compile(
    r"^(\[[^\]]{1,40}\] ?)?(undeliver|returned mail|returned to sender|failure notice|non[- ]?deliver|not delivered|"
    r"mail(er)? (delivery |system )?(fail|error)|mail delivery (system|subsystem)|mail could not be|"
    r"delivery (status notification ?\(fail|notification: delivery has failed)|"
    r"delivery (has failed|failed|failure|error) ?(:|$)|message not delivered|"
    r"message (undeliver|could not)|unzustellbar|rejected: |your (mail|message|email).{0,40}(not|n't) (be )?deliver)|"
    r"退信|投递失败|无法投递|无法送达|未能送达|未送达|送达失败|发送失败|被退回|退回(的)?邮件|邮件退回|投遞失敗|無法傳遞|未能傳遞|无法传递|未传递",
    re.IGNORECASE,
)
_DELAY_SUBJECT = re.compile(
    r"\bdelay|still being retried|could not send message for past|延迟|延遲|暂未送达", re.IGNORECASE
)
_FAILURE_WORDS = re.compile(
    r"(could|can|was|were|has)( ?not|n't) (yet )?be(en)? (deliver|sent)|could not deliver|couldn't be delivered|"
    r"wasn't delivered|not delivered|undeliver|delivery.{0,40}fail|permanent (fatal )?error|failed permanently|"
    r"退信|退回|投递失败|无法投递|无法送达|未能送达|未送达|发送失败|無法傳遞",
    re.IGNORECASE,
)
# After it comes the original mail, in the words of its author.
_COPY = re.compile(
    r"^.{0,20}(below this line is a copy|this is a copy of|original message (headers|follows)|"
    r"headers of the original|-+ ?original message|-+ ?原始邮件|邮件原文)",
    re.IGNORECASE | re.MULTILINE,
)
# qmail, Postfix and Exim begin a line with the recipient, and go on with the reason.
_NAMED = re.compile(r"^[ \t]{0,4}<([^<>@\s]+@[^<>@\s]+)>[ \t]?(?:\([^)\n]{0,200}\))?:", re.MULTILINE)
_ADDRESS = re.compile(r"(?<![\w.+=@-])[A-Za-z0-9_.+=-]{1,64}@[A-Za-z0-9.-]{1,250}[A-Za-z0-9]", re.ASCII)


def has_failure_subject(message):
    """Tell whether the subject names a failure; answers to such a mail, and forwarded ones, do not count."""
    text = reader.header(message, "Subject")
    return bool(_FAILURE_SUBJECT.search(text)) and not subject.is_answer(text)


def has_delay_subject(message):
    """Tell whether the subject says that the mail is only late; "Undeliverable: Delayed order" says it is not."""
    return bool(_DELAY_SUBJECT.search(reader.header(message, "Subject"))) and not has_failure_subject(message)


def shown_text(message):
    """Return the text of a mail that a person reads, without attachments."""
    texts = [
        reader.text(part)
        for part in reader.parts(message)
        if reader.content_type(part) in ("text/plain", "text/html")
        and not reader.header(part, "Content-Disposition").lower().startswith("attachment")
    ]
    return "\n".join(texts)[: reader.MAX_TEXT]


def without_copy(text):
    """Return the text of a bounce without the copy of the original mail."""
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def speaks_of_failure(said):
    """Tell whether a text names a failure, in words or by a server's code."""
    return bool(_FAILURE_WORDS.search(said) or find_code(said))


def telling_line(text):
    """Return the line that says most about the reason: a known reason first, then a code, then words of failure."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()][:_MAX_LINES]
    coded = [line for line in lines if find_code(line)]
    known = [line for line in coded + lines if reason_kind(find_code(line), line) != OTHER]
    worded = [line for line in lines if _FAILURE_WORDS.search(line)]
    return next(iter(known + coded + worded + lines), "")


def named_recipients(said):
    """Return the addresses that a text names as mail systems do: ``<kevin@a.com>: no such user``."""
    return [email for match in _NAMED.findall(said) if (email := address.find(match))]


def mentioned_addresses(message, said):
    """Return the addresses anywhere in a text, without message ids and the sender's own address."""
    own = address.first(reader.header(message, "From"))
    found = map(address.find, _ADDRESS.findall(ODOO_ID.sub(" ", said))[: reader.MAX_PARTS])
    return [email for email in found if email and not address.same(email, own)]


def words(text):
    """Return a server's words on one line, cut to a sensible length."""
    return " ".join(text.split())[:_MAX_WORDS]
