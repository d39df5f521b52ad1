"""The header by which this database recognises its own mails if the message is gone or its Message-Id replaced."""

from typing import NamedTuple

from odoo.tools.misc import consteq, hmac

from ...routing.incoming import reader
from ...routing.outgoing.header import set_words_header

HEADER = "X-Odoo-Routing"
_SCOPE = "mail_company_routing-own"


class OwnHeader(NamedTuple):
    """The Message-Id under which this database sent a mail, and the mail's company, if the header names it."""

    message_id: str
    company_id: int | None


def write_own_header(env, message, company_id):
    """Sign a mail that is about to leave: the Message-Id that Odoo gave it, the company, and a signature of both."""
    message_id = str(message["Message-Id"] or "").strip()
    if message_id:
        text = f"{message_id} {company_id}"
        set_words_header(message, HEADER, f"{text} {_signature(env, text)}")


def read_own_header(env, message):
    """Return the :class:`OwnHeader` of a mail that this database sent, None for any other mail.

    An answer is not the mail itself, even if a mail program copied the header into it. References prove nothing:
    Odoo writes a mail's own id there.
    """
    for value in reader.headers(message, HEADER):
        text, _space, signature = value.rpartition(" ")
        if consteq(signature.encode(), _signature(env, text).encode()):
            message_id, _space, company_id = text.rpartition(" ")
            if not company_id.isdecimal():
                # an older header, without a company
                message_id, company_id = text, 0
            return (
                None
                if message_id in reader.header(message, "In-Reply-To")
                else OwnHeader(message_id, int(company_id) or None)
            )
    return None


def _signature(env, text):
    """Return this database's signature of a text; only a superuser may read its secret."""
    return hmac(env(su=True), _SCOPE, text)
