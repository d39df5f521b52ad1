"""Read what machines report about a mail that did arrive: complaints, receipts and challenges are no bounces."""

import email
from email import policy
from typing import NamedTuple

from .. import address
from . import automatic, bounce_text, reader
from .returned_mail import returned_ids

COMPLAINT, RECEIPT, CHALLENGE = "complaint", "receipt", "challenge"
_PARTS = {COMPLAINT: "message/feedback-report", RECEIPT: "message/disposition-notification"}
_RECIPIENT_FIELDS = ("Original-Rcpt-To", "Final-Recipient", "Original-Recipient", "Removal-Recipient")
_WORDS_FIELDS = {COMPLAINT: "Feedback-Type", RECEIPT: "Disposition"}


class Notice(NamedTuple):
    """What a machine reports of a mail that arrived.

    ``kind``: COMPLAINT (a recipient took it for spam), RECEIPT (it was read, or deleted unread), or CHALLENGE (somebody
    has to confirm it first). ``recipients``: who, as far as it says so. ``message_ids``: those of the original, the
    likeliest first. ``text``: its own words, e.g. ``abuse``, ``displayed``, or the subject of a challenge.
    """

    kind: str
    recipients: tuple
    message_ids: tuple
    text: str


def read_notice(message):
    """Return the :class:`Notice` in a mail, or None if it is none.

    For whoever takes in mail: asked before ``read_bounce``, which returns None for all of these. None of them says that
    an address failed, so nobody's bounces are counted for it. A complaint is worth showing to the company that wrote;
    a challenge to the author, as the mail has not been read yet; a receipt needs no answer.

    :param email.message.Message message: the mail as it came in
    """
    for kind, is_one in (
        (COMPLAINT, automatic.is_complaint),
        (RECEIPT, automatic.is_receipt),
        (CHALLENGE, automatic.is_challenge),
    ):
        if is_one(message):
            return _notice(message, kind)
    return None


def _notice(message, kind):
    part = next((part for part in reader.parts(message) if reader.content_type(part) == _PARTS.get(kind)), None)
    fields = _fields(part)
    named = (value.rpartition(";")[2] for name in _RECIPIENT_FIELDS for value in reader.headers(fields, name))
    ids = [*reader.message_ids(reader.header(fields, "Original-Message-ID"))]
    ids += returned_ids(message, bounce_text.shown_text(message))
    words = reader.header(fields, _WORDS_FIELDS[kind]) if kind in _WORDS_FIELDS else ""
    return Notice(
        kind=kind,
        recipients=tuple(dict.fromkeys(filter(None, map(address.first, named)))),
        message_ids=tuple(dict.fromkeys(ids)),
        text=bounce_text.words(words.rpartition(";")[2].strip() or reader.header(message, "Subject")),
    )


def _fields(part):
    """Return the fields of a report as a message; the parser takes some for an enclosed mail, others for text."""
    enclosed = reader.enclosed(part) if part is not None else []
    if enclosed and enclosed[0].keys():
        return enclosed[0]
    text = reader.text(enclosed[0] if enclosed else part) if part is not None else ""
    return email.message_from_string(text.lstrip(), policy=policy.compat32)
