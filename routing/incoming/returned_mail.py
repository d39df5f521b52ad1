"""Find out which mail bounced, by the message ids in the bounce."""

import email
import re
from email import policy

from ..signed_id import read_id, unsigned
from . import reader

# A Message-Id that Odoo made, anywhere in a text (core: generate_tracking_message_id).
ODOO_ID = re.compile(r"<[^<>\s]{1,300}-openerp-[^<>\s]{1,300}>")
_NAMED_ID = re.compile(r"^[ \t>]{0,8}(?:X-Odoo-)?Message-Id:\s{0,3}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_OWN_HEADERS = ("Message-Id", "X-Odoo-Message-Id", "X-Odoo-Routing")
_MAX_IDS = 50


def returned_ids(message, shown, answers=True):
    """Return the message ids that may be the original's, the likeliest first.

    :param str shown: the text of the mail
    :param bool answers: whether In-Reply-To and References count too; every automatic answer has them
    :rtype: tuple
    """
    found = []
    for part in reader.parts(message):
        if (returned := _returned(part)) is not None:
            found += [mail_id for name in _OWN_HEADERS for mail_id in _ids(returned, name)]
            if _is_of_odoo(returned):
                # Odoo writes the message itself as last of the References; other programs write an earlier one
                found += reversed(_ids(returned, "References"))
    found += _NAMED_ID.findall(shown) + ODOO_ID.findall(shown)
    if answers:
        found += [*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]
    return tuple(dict.fromkeys(map(unsigned, found)))[:_MAX_IDS]


def returns_mail(message):
    """Tell whether a mail encloses another one, or its headers."""
    return any((returned := _returned(part)) is not None and returned.keys() for part in reader.parts(message))


def _ids(message, name):
    """Return the message ids in all headers of this name."""
    return [mail_id for value in reader.headers(message, name) for mail_id in reader.message_ids(value)]


def _is_of_odoo(returned):
    """Tell whether Odoo wrote a mail, not a colleague with a mail program."""
    return any(name.lower().startswith("x-odoo-") for name, _value in returned.raw_items()) or any(
        map(read_id, _ids(returned, "References")[-1:])
    )


def _returned(part):
    """Return the mail that a part encloses, as a message, or None; some servers only return its headers."""
    kind = reader.content_type(part)
    if kind in ("message/rfc822", "message/global") and reader.enclosed(part):
        return reader.enclosed(part)[0]
    is_text = kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/rfc822")
    name = reader.header(part, "Content-Disposition").lower()
    if is_text or (name.startswith("attachment") and kind in ("text/plain", "application/octet-stream")):
        return email.message_from_string(reader.text(part), policy=policy.compat32)
    return None
