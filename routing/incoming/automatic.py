"""Tell which mails a program wrote, and which of these a mail system."""

import re

from .. import address
from . import reader

_DAEMON = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|mail[-_.]?delivery([-_.]?(sub)?system)?|mdaemon|"
    r"microsoftexchange[0-9a-f]{16,}|((sys|system|mail)[-_.]?)?bounces?|ndr|\"?system[-_. ]administrator\"?",
    re.IGNORECASE,
)
# Mail systems and persons write from it.
_POSTMASTER = re.compile(r"post[-_]?master", re.IGNORECASE)
# An address that is none: nobody but a mail system has one.
_NO_ADDRESS = re.compile(r"<\s{0,5}(mailer-daemon|postmaster)?\s{0,5}>$|^(mailer-daemon|postmaster)$", re.IGNORECASE)
_REPORT_TYPE = re.compile(r"report-type\s{0,5}=\s{0,5}\"?([\w-]{1,60})", re.IGNORECASE)
_VACATION_SUBJECT = re.compile(
    r"^\W*(out of (the )?office|auto(matic)?[- :]?(reply|response)|"
    r"automat(ic\b|isch|ique|ico)|autoreply|away|vacation|abwesen|absence|"
    r"自动(回复|答复|应答)|自動(回覆|回复)|休假|外出)",
    re.IGNORECASE,
)
# A challenge: its sender wants a person to confirm that a person wrote (Boxbe, Spamarrest, TMDA and others).
_CHALLENGE_SUBJECT = re.compile(
    r"^\W{0,10}(please )?(confirm|verify) (your|that|the) (e-?mail|message|request|sender|identity|you)|"
    r"\b(action|confirmation|verification) required\b|challenge.?response|\(verification\)$|boxbe|spam ?arrest",
    re.IGNORECASE,
)
_OUTLOOK_COMPLAINT = re.compile(r"complaint about message from \[?\d{1,3}\.\d{1,3}\.", re.IGNORECASE)
_VACATION_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Vacation")


def is_automatic(message):
    """Tell whether a program wrote a mail (RFC 3834): a mail system, or one that answers for a person."""
    return (
        is_daemon(message)
        or has_no_sender(message)
        or reader.header(message, "Auto-Submitted").lower().startswith("auto-")
        or bool(reader.header(message, "X-Failed-Recipients"))
    )


def is_daemon(message):
    """Tell whether the sender's local part is one that mail systems use; persons share one of them."""
    return is_mail_system(message) or is_postmaster(message)


def is_mail_system(message):
    """Tell whether the sender can be no person: its local part is a mail system's, or it has no address at all."""
    sender = reader.header(message, "From")
    return _is_named(sender, _DAEMON) or bool(_NO_ADDRESS.search(sender.strip()))


def is_postmaster(message):
    """Tell whether the sender is a postmaster, which mail systems and persons write as."""
    return _is_named(reader.header(message, "From"), _POSTMASTER)


def _is_named(sender, names):
    found = address.first(sender)
    return bool(found and names.fullmatch(address.local(found)))


def has_no_sender(message):
    """Tell whether the envelope sender is empty, so that nobody may answer (RFC 5321, section 4.5.5).

    Some mail systems write their own name where they should write nothing.
    """
    values = reader.headers(message, "Return-Path")
    return any(value in ("<>", "< >") or _is_no_sender(value) or _NO_ADDRESS.search(value) for value in values)


def _is_no_sender(value):
    """Tell whether an envelope sender is a mail system's name; mails of persons come from a bounce address, too."""
    return _is_named(value, _DAEMON) and "bounce" not in value.lower()


def answers(message):
    """Tell whether a mail says that it answers another one."""
    return any(reader.header(message, name) for name in ("In-Reply-To", "References"))


def is_vacation(message):
    """Tell whether a mail is an automatic answer for a person, e.g. out of office."""
    if _VACATION_SUBJECT.search(reader.header(message, "Subject")):
        return True
    return not is_daemon(message) and any(reader.header(message, name) for name in _VACATION_HEADERS)


def is_challenge(message):
    """Tell whether an automatic mail wants somebody to confirm that a person wrote, before it lets a mail through."""
    return is_automatic(message) and bool(_CHALLENGE_SUBJECT.search(reader.header(message, "Subject")))


def is_report(message):
    """Tell whether the mail as a whole is a report (RFC 6522); an attached report does not count."""
    return reader.content_type(message) == "multipart/report"


def is_receipt(message):
    """Tell whether the mail reports that another one was read, or deleted unread (RFC 8098).

    A mailbox that is full, or a filter that refuses, reports in the same form (Dovecot): that is no receipt.
    """
    is_refusal = "rejected" in reader.header(message, "Auto-Submitted").lower()
    return not is_refusal and _reports(message, "disposition-notification", "message/disposition-notification")


def is_complaint(message):
    """Tell whether the mail reports that a recipient took another one for spam (ARF, RFC 5965; Outlook.com's JMRP)."""
    is_of_outlook = bool(_OUTLOOK_COMPLAINT.match(reader.header(message, "Subject")))
    return is_of_outlook or _reports(message, "feedback-report", "message/feedback-report")


def _reports(message, report_type, part_type):
    declared = _REPORT_TYPE.search(reader.header(message, "Content-Type"))
    if declared and declared[1].lower() == report_type:
        return True
    return any(reader.content_type(part) == part_type for part in reader.parts(message))
