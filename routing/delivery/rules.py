"""The rules that tell the class of an SMTP answer: code, enhanced status (RFC 3463), the providers' own words."""

import re
from typing import NamedTuple

from .answer_class import AnswerClass
from .refusal import sender_refusal

# Where in the session an answer came; empty where nobody knows.
CONNECT, LOGIN, MAIL, RCPT, DATA = "connect", "login", "mail", "rcpt", "data"


class Reply(NamedTuple):
    """An answer of a server: a 4xx or 5xx code, its enhanced status or "", its words on one line, its stage or ""."""

    code: int
    enhanced: str
    text: str
    stage: str

    @property
    def is_final(self):
        return self.code >= 500


def _words(*patterns):
    return re.compile("|".join(patterns), re.IGNORECASE)


_RATE_STATUS = re.compile(
    # Gmail: an unusual rate; its sending limit of a day
    r"[45]\.7\.28|5\.4\.5|"
    # Office 365: the recipients of a day, thresholds of an IP and a tenant, traffic that is not taken, throttling
    r"5\.1\.90|5\.7\.(508|705|708)|4\.7\.[56]\d\d"
)
_RATE = _words(
    # NetEase: mails and recipients of a session, a quarter of an hour, a day; hosts that it holds back
    r"\b(MI:(SFQ|STC|DMC|CCL)|RP:(QRC|TRC|DRC|CCL)|HL:[A-Z])",
    # Tencent; Aliyun, which means the frequency by behaviour
    r"frequency (is )?(limit|exceed)|behaviou?r spam|RCPT(s| attempts) is achieved the maximum",
    r"\b(rate|sending|relay|thread|connections?) (limit|quota|threshold) (is |was |has been )?"
    r"(exceeded|reached)",
    r"(messages?|submission) ?quota ?(was |has been )?(exceeded|reached)|policy rejection\W{1,4}quota",
    r"\b(sending|send|submission|connection|message|mail) rate\b|\brate.?limit|unusual rate|throttl",
    r"\bdaily .{0,40}(limit|quota)|\bper (minute|hour|day)\b|(received|sent) (this|in one|today)",
    r"exceeded .{0,40}(sending|outgoing|hourly|daily)|outgoing messages was exceeded",
    r"too (many|much) (concurrent|simultaneous|connections?|sessions|messages?|mails?|e-?mails?|login|requests)",
    # what Postfix' anvil counts; without "from", 452 is about the recipients of this mail
    r"too many (recipients|AUTH commands) from\b",
    r"concurrent connections|sent too (many|much|fast|quickly)|发(信|送)(频率|数量)|过于频繁|频率(超|限|过)",
)
_LOGIN_CODES = (523, 524, 526, 530, 534, 535, 538)
_LOGIN_STATUS = ("5.7.30", "5.7.57", "5.7.139")
_LOGIN = _words(
    r"authentication (is )?(required|fail)|client .{0,10}not authenticated|need .{0,20}auth|"
    r"(\bauth( command)?|authenticate|log ?in) first",
    # an account that may log in and not send any more (Aliyun, Office 365)
    r"account (isn't|is not) allowed to send|bad outbound sender",
)
# These authenticate the mail, not who logs in.
_MAIL_CHECK = _words(r"\b(SPF|DKIM|DMARC)\b")
# A 4xx about the login or TLS: nothing of this mail's.
_UNREACHED = _words(r"authentication|\bauth error|\bTLS\b", r"closing (connection|transmission|channel)")
_NOT_THE_MAILBOX = _words(r"system (storage|resources)|recipients")
_FULL = _words(
    r"(mailbox|mail box|inbox|account).{0,30}\bfull\b|over ?quota|quota.{0,20}exceed|exceed.{0,30}quota|"
    r"storage (allocation|space|limit)|out of storage|已满|空间不足|容量(不足|已满|超)",
)
_CONTENT_STATUS = re.compile(r"5\.3\.4|5\.2\.3|5\.6\.[0-6]")
_CONTENT = _words(
    r"\bDT:(SPM|SPB)|\bspam(med)?\b|\bjunk|unsolicited|\bvirus|malware|infected|phish|垃圾|病毒",
    r"content (is |was |has been )?(denied|reject|present)|rejected .{0,20}content|illegal attachment",
    r"(message|mail|attachment|size|data)\b.{0,30}too (large|big|long)|exceed.{0,30}size|size.{0,30}(exceed|limit)|"
    r"(length|number) of .{0,12}(data|attach).{0,40}maximum|过大|太大",
)
_RECIPIENT_STATUS = re.compile(r"5\.1\.(0|1|2|3|4|6|10)|5\.2\.1|5\.4\.1")
_RECIPIENT = _words(
    r"(user|recipient|rcpt|mailbox|address|account)\b.{0,60}(unknown|not found|does(n't| not) exist|dosn't exist|"
    r"disabled|inactive|suspended|unavailable|not listed|invalid)",
    r"(unknown|no such|invalid|bad) (local )?(user|recipient|mailbox)|no mailbox here|RecipientNotFound|"
    r"recipient address rejected|isn't allowed to receive|收件人.{0,20}(不存在|错误|无效)",
)


def _is_login(reply):
    if not reply.is_final or reply.stage == CONNECT:
        return False
    if reply.code in _LOGIN_CODES or reply.enhanced in _LOGIN_STATUS:
        return True
    # A provider that is asked too often says so at the login, too.
    if reply.stage == LOGIN:
        return not _is_rate(reply)
    return bool(_LOGIN.search(reply.text)) and not _MAIL_CHECK.search(reply.text)


def _is_sender(reply):
    return reply.stage not in (CONNECT, LOGIN) and sender_refusal(reply.code, reply.text)


def _is_rate(reply):
    if _RATE_STATUS.fullmatch(reply.enhanced) or _RATE.search(reply.text):
        return True
    return reply.code == 421 and "too many" in reply.text.lower()


def _is_connection(reply):
    """Nothing was said about a mail yet, or the server closes the connection (421; x.4.2: it broke off)."""
    if reply.stage in (CONNECT, LOGIN):
        return True
    return not reply.is_final and (
        reply.code == 421 or reply.enhanced == "4.4.2" or bool(_UNREACHED.search(reply.text))
    )


def _is_mailbox_full(reply):
    """By status; where it tells nothing by words, and 452 unless it speaks of the server."""
    status = reply.enhanced[1:]
    if reply.stage == MAIL or status not in ("", ".0.0", ".2.0", ".2.2"):
        return False
    if status == ".2.2" or _FULL.search(reply.text):
        return True
    return reply.code == 452 and not _NOT_THE_MAILBOX.search(reply.text)


def _is_content(reply):
    return bool(_CONTENT_STATUS.fullmatch(reply.enhanced) or _CONTENT.search(reply.text))


def _is_recipient(reply):
    """By status and words; at RCPT also by the three codes that RFC 5321 (4.2.3) has for a mailbox."""
    if reply.stage == MAIL:
        return False
    if _RECIPIENT_STATUS.fullmatch(reply.enhanced) or _RECIPIENT.search(reply.text):
        return True
    return reply.stage == RCPT and reply.code in (550, 551, 553) and reply.enhanced[:4] in ("", "5.0.", "5.1.", "5.2.")


# The first that fits wins: what is said of the account and the server comes before what is said of one mail.
_LADDER = (
    (AnswerClass.LOGIN, _is_login),
    (AnswerClass.SENDER, _is_sender),
    (AnswerClass.RATE, _is_rate),
    (AnswerClass.CONNECTION, _is_connection),
    (AnswerClass.MAILBOX_FULL, _is_mailbox_full),
    (AnswerClass.TEMPORARY, lambda reply: not reply.is_final),
    (AnswerClass.CONTENT, _is_content),
    (AnswerClass.RECIPIENT, _is_recipient),
)


def class_of(reply):
    """Return the class of an answer; what no rule names is read by its first digit (RFC 5321, 4.2.1)."""
    return next((name for name, fits in _LADDER if fits(reply)), AnswerClass.PERMANENT)
