"""The test mails of a probe: how they look, and how they are recognised where they arrive."""

import email
import re
from email import policy
from email.message import EmailMessage
from email.utils import formatdate

from .. import address
from ..incoming import reader
from ..incoming.bounce import read_bounce
from ..mailbox import raw_mail
from . import facts

_MARK = re.compile(r"odoo-probe-([0-9a-f]{12})-(kept|behalf|plain|sub|unknown)")
_RAW_MARK = re.compile(rb"odoo-probe-([0-9a-f]{12})-")
# Bytes that are read of a new mail to see whether it is a test mail; a report of a failure is shorter.
BEGINNING = 64 * 1024


def mark(token, kind):
    """Return the words by which one test mail is known: its subject, and a part of its Message-Id.

    :param str token: twelve hexadecimal digits, chosen at random for each probe
    """
    return f"odoo-probe-{token}-{kind}"


def unknown_address(token, domain):
    """Return an address of a domain that nobody has, or None where that is no domain."""
    return address.find(f"{mark(token, facts.UNKNOWN)}@{domain}")


def sub_address(token, email):
    """Return a sub-address of a mailbox, or None if its name is too long for one."""
    return address.find(f"{address.local(email)}+{mark(token, facts.SUB)}@{address.domain(email)}")


def build(token, kind, header_from, to, text, sender=""):
    """Return a test mail as an ``EmailMessage``; no machine shall answer it (RFC 3834)."""
    message = EmailMessage(policy.SMTP.clone(cte_type="7bit"))
    message["From"] = header_from
    if sender and not address.same(sender, header_from):
        message["Sender"] = sender
    message["To"] = to
    message["Subject"] = mark(token, kind)
    message["Message-Id"] = f"<{mark(token, kind)}@{address.domain(header_from)}>"
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def token_in(raw):
    """Return the token of the probe that raw bytes speak of, or an empty text."""
    found = _RAW_MARK.search(raw)
    return found[1].decode() if found else ""


def read(raw, token):
    """Return the :class:`Found` that a raw message is, or None if it is neither a test mail nor a report about one."""
    head = raw_mail.read_head(raw)
    itself = _MARK.fullmatch(reader.header(head, "Subject").strip())
    if itself and itself[1] == token:
        header_from = address.first(reader.header(head, "From"))
        return facts.Found(itself[2], True, header_from or "", reader.header(head, "Message-Id").strip())
    if token not in token_in(raw) and not _may_be_report(head):
        return None
    bounce = read_bounce(email.message_from_bytes(raw, policy=policy.compat32))
    said = bounce and " ".join((*bounce.message_ids, *bounce.recipients, *bounce.mentioned))
    named = [found[2] for found in _MARK.finditer(said or "") if found[1] == token]
    return facts.Found(named[0], False) if named else None


def _may_be_report(head):
    """Tell whether a message comes from a machine, whose report may be encoded."""
    return reader.content_type(head) == "multipart/report" or "daemon" in reader.header(head, "From").lower()
