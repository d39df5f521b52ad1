"""Read the text of a bounce as a person would: does it name a failure, for whom, and why."""

import re

from .. import address
from . import reader, subject
from .bounce_reason import OTHER, find_code, reason_kind
from .returned_mail import ODOO_ID

_MAX_WORDS = 500
_MAX_LINES = 200
_MAX_LINE = 1000
_FAILURE_SUBJECT = re.compile(
    r"^(\[[^\]]{1,40}\] ?)?(undeliver|returned (e?-?mail|to sender)|failure notice|non[- ]?deliver|not delivered|"
    r"(e?-?mail|message)(er)? (delivery |system )?(fail|error|problem)|mail delivery (system|subsystem)|"
    r"(mail|message) (could )?not (be )?deliver|delivery status notification ?(\(fail|: ?error)|"
    r"delivery notification: delivery has failed|(permanent )?delivery (has failed|failed|failure|error) ?(:|$)|"
    r"fail(ed|ure) delivery$|there was an error sending your mail|failed mail\b|automatically rejected mail|"
    r"warning: .{0,80} - user unknown|"
    r"message (undeliver|could not)|unzustellbar|rejected: |your (mail|message|email).{0,40}(not|n't) (be )?deliver|"
    r"(mensaje|correo) (no|devuelto)|mensagem não|courrier non|message non (remis|distribu)|mancata consegna|"
    r"ваше сообщение не доставлено|недоставленн)|"
    r"退信|投递失败|无法投递|无法送达|未能送达|未送达|送达失败|发送失败|被退回|退回(的)?邮件|邮件退回|投遞失敗|無法傳遞|未能傳遞|"
    r"无法传递|未传递|无法递送|递送失败|配信不能|配信できません|送信できません",
    re.IGNORECASE,
)
_DELAY_SUBJECT = re.compile(
    r"\bdelay|still being retried|could not send message for past|延迟|延遲|暂未送达", re.IGNORECASE
)
_FAILURE_WORDS = re.compile(
    r"(could|can|was|were|has)( ?not|n't) (yet )?be(en)? (deliver|sent)|(could|can|was|were) ?not (able to )?deliver|"
    r"couldn't be delivered|wasn't delivered|not delivered|undeliver|delivery.{0,40}fail|permanent (fatal )?error|"
    r"failed permanently|unable to deliver|wasn't able to deliver|did not (receive|reach)|"
    r"had delivery (errors|problems)|"
    r"error (has )?(occurred|delivering)|(was|been) (automatically )?(rejected|returned)|failed recipient|"
    r"was aborted|rejected recipient|trouble delivering|not (be )?reached|unable to find (the )?user|"
    r"given up|giving up|"
    r"退信|退回|投递失败|无法投递|无法送达|未能送达|未送达|发送失败|無法傳遞|无法递送|無法送達|"
    r"не может быть доставлено|не доставлено|送信できません|配信できません|no se pudo entregar|non remis|n'a pas pu",
    re.IGNORECASE,
)
# After it comes the original mail, in the words of its author.
_COPY = re.compile(
    r"^.{0,20}(below this line is a copy|(this|here) is a copy of|(below is )?a copy of the original|"
    r"original message(:$| headers| follows)|(message|mail) headers follow|returned (mail|message)( follows| -)|"
    r"headers? (and .{0,30})?of the (original|message|source)|-{1,80} ?original message|"
    r"-{1,80} ?(unsent|returned) (message|mail)|"
    r"-{1,80} ?原始邮件|邮件原文|下面是.{0,20}(原信|原始)|原信件)|"
    # its headers tell a copy that nothing announces
    r"^[> ]{0,4}(received: (from|by)\b|return-path: ?<)",
    re.IGNORECASE | re.MULTILINE,
)
# qmail, Postfix and Exim begin a line with the recipient, and go on with the reason.
# Others say what follows (OpenSMTPD, MailEnable, Exchange), or mark it as an item of a list.
_NAMED = re.compile(
    r"^[ \t]{0,4}<([^<>@\s]{1,300}@[^<>@\s]{1,300})>(?:[ \t]{1,4}\([^)\n]{0,200}\)|[ \t]?(?:\([^)\n]{0,200}\))?:)|"
    r"^[ \t]{0,4}([^<>@\s:;,]{1,64}@[^<>@\s:;,]{1,250}): [45]\d\d\b|"
    r"^[ \t]{0,8}(?:(?:final |failed |intended |original )?(?:recipients?|rcpt to|address)\b|e?-?mail to|"
    r"delivering your mail to|(?:not|n't) (?:be )?delivered to|收件人)[ \t]{0,3}[:：]?[ \t]{0,3}[\[(]?(?:smtp:)?[<\"]?"
    r"([^<>@\s:;,\"\]]{1,64}@[A-Za-z0-9.-]{1,250})|"
    r"^[ \t]{1,4}[*>][ \t]{1,4}([^<>@\s:;,]{1,64}@[A-Za-z0-9.-]{1,250})[ \t\r]{0,4}$|"
    r"^[ \t]{0,8}([^<>@\s:;,]{1,64}@[A-Za-z0-9.-]{1,250})[ \t]{1,4}"
    r"(?:\[[^\]\n]{1,80}\][ \t\r]{0,4}$|on (?:[A-Z][a-z]{2}, )?\d)|"
    r"^[ \t]{1,8}([^<>@\s:;,]{1,64}@[A-Za-z0-9.-]{1,250})[ \t\r]{0,4}$|"
    r"^[ \t]{0,8}<([^<>@\s]{1,300}@[^<>@\s]{1,300})>[ \t\r]{0,4}$|"
    r"dda:smtp=([^<>@\s:;,]{1,64}@[A-Za-z0-9.-]{1,250});",
    re.MULTILINE | re.IGNORECASE,
)
# The line of a delivery agent: "There was an error delivering your mail to <kevin@a.com>."
_ERROR_FOR = re.compile(
    r"(?:delivering (?:your )?(?:mail|message) to|(?:message|mail) to|recipient:|addressed to|"
    r"delivered to(?: the following (?:user|address))?:?)[ \t\r\n]{1,8}['\"<]{0,2}"
    r"([^<>@\s:;,'\"]{1,64}@[A-Za-z0-9.-]{1,250}[A-Za-z0-9])",
    re.IGNORECASE,
)
_CODE_AND_ADDRESS = re.compile(r"[45]\d\d[ -].{0,80}?[A-Za-z0-9_.+=-]{1,64}@[A-Za-z0-9]")
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
        or (reader.is_broken(part) and not reader.header(part, "Content-Disposition").lower().startswith("attachment"))
    ]
    return "\n".join(texts)[: reader.MAX_TEXT]


def without_copy(text):
    """Return the text of a bounce without the copy of the original mail."""
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def speaks_of_failure(said):
    """Tell whether a text names a failure in words; a number alone is none: "our 500 engineers"."""
    return bool(_FAILURE_WORDS.search(said))


def has_copy(text):
    """Tell whether a text ends with a copy of the original mail."""
    return bool(_COPY.search(text))


def quotes_a_server(said):
    """Tell whether a text quotes a server: an enhanced status, or a code beside an address or words of a rule."""
    return bool(find_code(said, basic=False)) or any(
        code and (_CODE_AND_ADDRESS.match(line) or reason_kind(code, line) != OTHER)
        for line in _lines(said)
        if (code := find_code(line))
    )


def telling_line(text):
    """Return the line that says most about the reason: a known reason first, then a code, then words of failure."""
    lines = _lines(text)
    coded = [line for line in lines if find_code(line)]
    known = [line for line in coded + lines if reason_kind(find_code(line), line) != OTHER]
    worded = [line for line in lines if _FAILURE_WORDS.search(line)]
    return next(iter(known + coded + worded + lines), "")


def _lines(text):
    """Return the first lines of a text that are not empty, cut to a sensible length."""
    return [" ".join(line[:_MAX_LINE].split()) for line in text.splitlines() if line.strip()][:_MAX_LINES]


def named_recipients(said):
    """Return the addresses that a text names as mail systems do: ``<kevin@a.com>: no such user``."""
    found = [group for match in _NAMED.findall(said) for group in match if group] or _ERROR_FOR.findall(said)
    return [email for text in found[: reader.MAX_PARTS] if (email := address.find(text))]


def mentioned_addresses(message, said):
    """Return the addresses anywhere in a text, without message ids and the sender's own address."""
    own = address.first(reader.header(message, "From"))
    found = map(address.find, _ADDRESS.findall(ODOO_ID.sub(" ", said))[: reader.MAX_PARTS])
    return [email for email in found if email and not address.same(email, own)]


def words(text):
    """Return a server's words on one line, cut to a sensible length."""
    return " ".join(text.split())[:_MAX_WORDS]
