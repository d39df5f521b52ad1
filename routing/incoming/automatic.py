"""Tell which mails a program wrote, and which of these a mail system."""

import re

from .. import address
from . import reader

_DAEMON = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|post-?master|mail[-_.]?delivery([-_.]?(sub)?system)?|mdaemon|"
    r"microsoftexchange[0-9a-f]{16,}|((sys|system|mail)[-_.]?)?bounces?",
    re.IGNORECASE,
)
_VACATION_SUBJECT = re.compile(
    r"^\W*(out of (the )?office|auto(matic)?[- :]?(reply|response|matic)|autoreply|away|vacation|abwesen|absence|"
    r"自动(回复|答复|应答)|自動(回覆|回复)|休假|外出)",
    re.IGNORECASE,
)
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
    """Tell whether the sender's local part is one that mail systems use."""
    sender = address.first(reader.header(message, "From"))
    return bool(sender and _DAEMON.fullmatch(address.local(sender)))


def has_no_sender(message):
    """Tell whether the envelope sender is empty, so that nobody may answer (RFC 5321, section 4.5.5)."""
    return any(value in ("<>", "< >") for value in reader.headers(message, "Return-Path"))


def is_vacation(message):
    """Tell whether a mail is an automatic answer for a person, e.g. out of office."""
    if _VACATION_SUBJECT.search(reader.header(message, "Subject")):
        return True
    return not is_daemon(message) and any(reader.header(message, name) for name in _VACATION_HEADERS)


def is_report(message):
    """Tell whether the mail as a whole is a report (RFC 6522); an attached report does not count."""
    return reader.content_type(message) == "multipart/report"


def is_receipt(message):
    """Tell whether the mail reports that another one was read, or deleted unread (RFC 8098)."""
    is_declared = "disposition-notification" in reader.header(message, "Content-Type").lower()
    return is_declared or any(
        reader.content_type(part) == "message/disposition-notification" for part in reader.parts(message)
    )
