"""The id by which a database knows its own mail again if its message is gone or a provider replaced its Message-Id.

It is the last of the mail's References, and holds the Message-Id that Odoo gave it, the mail's company, and a
signature. Mail programs keep it where they answer, and write another one behind it.
"""

import re
from typing import NamedTuple

# 128 bits of the signature.
_SIGNATURE = 32
_SIGNED = re.compile(rf"<mcr-own-([0-9]{{1,12}})-([0-9a-f]{{{_SIGNATURE}}})-([^<>\s]{{1,900}})>")


class SignedId(NamedTuple):
    """What an id claims: the company is 0 where a mail has none."""

    message_id: str
    company_id: int
    signature: str


def write_id(message_id, company_id, signature):
    """Return the signed id of a mail; of a Message-Id that is none, an empty text.

    :param str signature: this database's signature, in hexadecimal digits

    >>> write_id("<1-openerp-7@a>", 3, "0123456789abcdef0123456789abcdef0123")
    '<mcr-own-3-0123456789abcdef0123456789abcdef-1-openerp-7@a>'
    """
    text = f"<mcr-own-{company_id or 0}-{signature[:_SIGNATURE]}-{message_id[1:-1]}>"
    return text if message_id == f"<{message_id[1:-1]}>" and _SIGNED.fullmatch(text) else ""


def read_id(text):
    """Return what an id claims, or None for any other id."""
    found = _SIGNED.fullmatch(text)
    return found and SignedId(f"<{found[3]}>", int(found[1]), found[2])


def unsigned(text):
    """Return the Message-Id in a signed id; any other id is itself.

    >>> unsigned("<mcr-own-3-0123456789abcdef0123456789abcdef-1-openerp-7@a>")
    '<1-openerp-7@a>'
    """
    signed = read_id(text)
    return signed.message_id if signed else text
