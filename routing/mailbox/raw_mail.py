"""Read what a raw message says about itself, however damaged it is."""

import email.message
import email.policy
import hashlib
import re
from contextlib import suppress
from datetime import datetime, timezone
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from ..incoming import reader

# Bytes of headers that are read for a summary; no honest mail has more. LONGEST: characters of one of its texts.
HEAD = 256 * 1024
LONGEST = 1000
# RFC 5322, section 2.1.1: a line has no more. The parser of Message-Ids takes more than linear time.
LONGEST_ID = 998
# What a database or a list cannot hold: control characters, and lone halves of surrogate pairs.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
# Where the headers end: after the first empty line, with line ends of any kind.
END = re.compile(rb"(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)")
HEADERS = {"subject": "subject", "from": "email_from", "to": "email_to", "message-id": "message_id"}


def checksum(raw: bytes) -> str:
    """Return the SHA-256 of a message, in hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def with_message_id(raw: bytes) -> bytes:
    """Return the message with a Message-Id; one that we add is the same each time the message is fetched.

    If there is none, Odoo makes one up from the clock, and takes the message in each time it is fetched. If it is
    damaged, e.g. <order 7@a.example>, Odoo reads <order, and drops the next such message as a duplicate.
    """
    if _has_message_id(raw):
        return raw
    return b"Message-Id: <%s@localhost>\r\n%s" % (checksum(raw).encode(), raw)


def _has_message_id(raw: bytes) -> bool:
    """Tell whether Odoo finds a whole Message-Id; reads it the way Odoo does.

    One of more than LONGEST_ID characters is as good as none.
    """
    headers = BytesHeaderParser(policy=email.policy.SMTP).parsebytes(head(raw))
    written = next((value for name, value in headers.raw_items() if name.lower() == "message-id"), "")
    if len(written) > LONGEST_ID:
        return False
    try:
        value = headers.get("Message-Id")
    except Exception:
        # the parser raises on some, and would do so in Odoo
        return False
    if not value or not value.isprintable():
        return False
    return not value.defects or len(value) >= len(written.strip())


def longest_header(raw: bytes) -> int:
    """Return the size of the longest header; Python takes hours to read one of some megabytes."""
    return max((len(value) for _name, value in read_head(raw).raw_items()), default=0)


def head(raw: bytes) -> bytes:
    """Return the headers of a message."""
    end = END.search(raw)
    return raw[: end.end()] if end else raw


def read_head(raw: bytes) -> email.message.Message:
    """Return the headers of a message, as a message without a body."""
    return BytesHeaderParser(policy=email.policy.compat32).parsebytes(head(raw))


def summary(raw: bytes) -> dict:
    """Return the texts of the headers, fit for a database, and the date in UTC."""
    read = read_head(raw[:HEAD])
    found: dict = {key: clean(reader.header(read, name))[:LONGEST] for name, key in HEADERS.items() if name in read}
    if "date" in read:
        found["date"] = _utc(reader.header(read, "date"))
    return found


def clean(text: str) -> str:
    """Return a text that a database takes, on one line."""
    return " ".join(UNFIT.sub("\ufffd", re.sub(r"[\r\n\t]+", " ", text)).split())


def _utc(value: str) -> datetime | None:
    """Return a date as Odoo stores it."""
    with suppress(Exception):
        date = parsedate_to_datetime(value)
        return date.astimezone(timezone.utc).replace(tzinfo=None) if date.tzinfo else date
    return None
