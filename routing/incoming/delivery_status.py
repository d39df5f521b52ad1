"""Read the machine-readable part of a delivery report (RFC 3464)."""

import re
from typing import NamedTuple

from .. import address
from . import reader

_FAILED = ("fail", "error", "expired", "undeliver", "reject", "bounce")
# A failure among them: servers write other words than RFC 3464 knows.
_NO_FAILURE = ("delay", "deliver", "relay", "expand", "sent", "warning")
_FIELDS = ("original-recipient", "final-recipient", "action", "status", "diagnostic-code")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


class Recipient(NamedTuple):
    """What a report says about one recipient; ``others`` are other addresses of the same recipient."""

    email: str
    failed: bool
    status: str
    diagnostic: str
    others: tuple = ()


def read_delivery_status(message):
    """Return what the report in a mail says about each recipient; an empty list if it has none, or a broken one."""
    parts = [
        part for part in reader.parts(message) if reader.content_type(part) in REPORT_TYPES or reader.is_broken(part)
    ]
    return [found for part in parts for block in _blocks(part) if (found := _recipient(block))]


REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")


def _blocks(part):
    """Return the groups of fields of a report as dicts; a report in base64 comes as one text.

    Behind a line that is no header (``Action : failed``), the parser takes the rest of a group for text.
    """
    groups = reader.enclosed(part)
    if len(groups) < 2:
        text = reader.text(groups[0] if groups else part)
        blocks = [_fields(block) for block in re.split(r"\r?\n[ \t]*\r?\n", text)[: reader.MAX_PARTS]]
        blocks[0].update(_headers(groups[0]) if groups else {})
        return blocks
    return [{**_fields(reader.text(group)), **_headers(group)} for group in groups]


def _headers(group):
    return {name: reader.header(group, name) for name in _FIELDS if name in group}


def _fields(text):
    """Return the fields of one group as a dict, with folded lines joined."""
    lines = re.sub(r"\r?\n[ \t]+", " ", text).splitlines()
    pairs = (line.partition(":") for line in reversed(lines))
    return {key.strip().lower(): value.strip() for key, _colon, value in pairs}


def _recipient(block):
    """Return what one group of fields says; None for the group about the whole report, which names no recipient.

    If the action is missing, which RFC 3464 requires, the status decides. A delay is no failure, whatever its status.
    """
    original, final = (_email(block.get(name, "")) for name in ("original-recipient", "final-recipient"))
    if not (original or final or "action" in block):
        return None
    diagnostic = block.get("diagnostic-code", "").partition(";")[2].strip() or block.get("diagnostic-code", "")
    status = _STATUS.search(block.get("status", "")) or _STATUS.search(diagnostic)
    action = block.get("action", "").lower()
    if action.startswith((*_FAILED, *_NO_FAILURE)):
        failed = action.startswith(_FAILED)
    else:
        failed = bool(status) and status[1] == "5"
    others = (final,) if original and final and original != final else ()
    return Recipient(original or final, failed, status[0] if status else "", diagnostic, others)


def _email(value):
    """Return the address in a field such as ``rfc822; kevin@a.com``; old servers omit the type."""
    return address.first(value.rpartition(";")[2].strip()) or ""
