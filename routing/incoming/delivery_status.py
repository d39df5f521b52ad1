"""Read the machine-readable part of a delivery report (RFC 3464)."""

import re
from typing import NamedTuple

from .. import address
from . import reader

_FAILED = ("failed", "failure")
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
    part = next((p for p in reader.parts(message) if reader.content_type(p) in REPORT_TYPES), None)
    if part is None:
        return []
    return [found for block in _blocks(part) if (found := _recipient(block))]


REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")


def _blocks(part):
    """Return the groups of fields of a report as dicts; a report in base64 comes as one text."""
    groups = reader.enclosed(part)
    if len(groups) > 1:
        return [{name: reader.header(group, name) for name in _FIELDS if name in group} for group in groups]
    text = reader.text(groups[0] if groups else part)
    return [_fields(block) for block in re.split(r"\r?\n[ \t]*\r?\n", text)[: reader.MAX_PARTS]]


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
    failed = action.startswith(_FAILED) if action else bool(status) and status[1] == "5"
    others = (final,) if original and final and original != final else ()
    return Recipient(original or final, failed, status[0] if status else "", diagnostic, others)


def _email(value):
    """Return the address in a field such as ``rfc822; kevin@a.com``; old servers omit the type."""
    return address.first(value.rpartition(";")[2].strip()) or ""
