"""Read an answer of a mail server: its words first, then its enhanced status, its code only if both are silent."""

from datetime import timedelta

from . import about_mail as mail
from . import about_us as us
from .answer_class import AnswerClass
from .providers import PROVIDERS
from .rule import CONNECT, DATA, LOGIN, MAIL, OPENING, RCPT, TEXT_LIMIT, Rest, Rule, words

# The first that fits wins: special words before general ones, and what is said of the server and the account before
# what is said of one mail.
GENERAL = (
    us.ENCRYPTION,
    us.GREETING,
    mail.LOOP,
    us.ACCOUNT_SENDING,
    mail.MULTIPLE_FROM,
    mail.SENDER_VERIFIED,
    us.PASSWORD,
    mail.NOT_OWN,
    mail.SENDER_UNKNOWN,
    us.UNSIGNED_RATE,
    mail.DOMAIN_CHECK,
    us.RECIPIENT_RATE,
    us.SESSION_RATE,
    us.DAY_RATE,
    us.ACCOUNT_QUOTA,
    us.RATE,
    us.BUSY_LOGIN,
    mail.MANY_RECIPIENTS,
    us.ACCOUNT_USER,
    us.LOGIN_NEEDED,
    mail.FULL,
    mail.SIZE,
    mail.CONTENT,
    mail.GREYLIST,
    us.BLOCKLIST,
    mail.RELAY,
    mail.UNKNOWN,
    mail.SENDER_INVALID,
    mail.ABOUT_SENDER,
)
RULES = (*PROVIDERS, *GENERAL)
# What is said of an account lasts until somebody has done something about it, or until the provider's next day.
_RESTS = {AnswerClass.ACCOUNT: Rest(timedelta(hours=4), today=True)}
_CLOSES = words(r"closing (connection|transmission|channel)|authentication|\bauth error|\bTLS\b|time.?out")
_NOT_THE_MAILBOX = words(r"system (storage|resources)|recipients")
_LOGIN_CODES = (523, 524, 526, 530, 534, 535, 538)
_RECIPIENT_CODES = (550, 551, 553)
# What fails a mail if a server says it with a 5xx; with a 4xx it has to wait.
_OF_A_MAIL = (AnswerClass.SENDER, AnswerClass.RECIPIENT, AnswerClass.CONTENT, AnswerClass.PERMANENT)
# What may be said before anything is known of a mail.
_OF_THE_SERVER = (AnswerClass.RATE, AnswerClass.ACCOUNT, AnswerClass.LOGIN, AnswerClass.CONNECTION)


def read(reply):
    """Return the :class:`Rule` that an answer follows, of the class that it has at this stage with this code.

    >>> from .rule import Reply
    >>> read(Reply(550, "5.1.1", "5.1.1 User unknown", "rcpt")).answer_class.value
    'recipient'
    >>> read(Reply(535, "", "Error: system busy", "login")).answer_class.value
    'rate'
    """
    reply = reply._replace(text=reply.text[:TEXT_LIMIT])
    rule = _first(PROVIDERS, reply) or _first(GENERAL, reply) or Rule("code", _by_code(reply))
    found = _at_stage(rule, reply)
    return rule._replace(answer_class=found, rest=rule.rest or _RESTS.get(found))


def _first(rules, reply):
    """Return the rule that fits by its words, else by its status."""
    by_words = (rule for rule in rules if rule.fits(reply))
    return next(by_words, None) or next((rule for rule in rules if rule.fits_status(reply)), None)


def _at_stage(rule, reply):
    """Return what a class amounts to: before a mail is spoken of, and if the server only says "not now"."""
    found = rule.answer_class
    if reply.stage in OPENING and found not in _OF_THE_SERVER:
        return AnswerClass.LOGIN if reply.stage == LOGIN and reply.is_final else AnswerClass.CONNECTION
    if found is AnswerClass.LOGIN and reply.stage == CONNECT:
        return AnswerClass.CONNECTION
    if reply.is_final:
        return found
    if found is AnswerClass.LOGIN and rule.name != "password":
        return AnswerClass.CONNECTION
    # no other 4xx says "later" (RFC 5321); 440 is Aliyun's, 403 SendGrid's
    is_later = reply.code in (421, *range(450, 460))
    if found in _OF_A_MAIL and (is_later or found is not AnswerClass.SENDER):
        return AnswerClass.CONNECTION if reply.code == 421 else AnswerClass.TEMPORARY
    return found


def _by_code(reply):
    """Return the class that RFC 5321 (4.2.1 to 4.2.3) gives a code where it was said."""
    return _by_4xx(reply) if not reply.is_final else _by_5xx(reply)


def _by_4xx(reply):
    if reply.stage in OPENING or reply.code == 421 or reply.enhanced == "4.4.2" or _CLOSES.search(reply.text):
        return AnswerClass.CONNECTION
    is_open = reply.enhanced[1:] in ("", ".0.0", ".2.0", ".2.2") and not _NOT_THE_MAILBOX.search(reply.text)
    return AnswerClass.MAILBOX_FULL if reply.code == 452 and is_open and reply.stage != MAIL else AnswerClass.TEMPORARY


def _by_5xx(reply):
    if reply.stage == CONNECT:
        return AnswerClass.CONNECTION
    if reply.stage == LOGIN or reply.code in _LOGIN_CODES:
        return AnswerClass.LOGIN
    if reply.code == 552:
        return AnswerClass.CONTENT if reply.stage in (MAIL, DATA) else AnswerClass.MAILBOX_FULL
    is_open = reply.enhanced[:4] in ("", "5.0.", "5.1.", "5.2.")
    is_recipient = reply.stage == RCPT and reply.code in _RECIPIENT_CODES and is_open
    return AnswerClass.RECIPIENT if is_recipient else AnswerClass.PERMANENT
