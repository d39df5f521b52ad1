"""The header by which this database knows its own mails again, when the message is gone or its Message-Id replaced."""

from odoo.tools.misc import consteq, hmac

from ...routing.incoming import reader
from ...routing.outgoing.header import set_words_header

HEADER = "X-Odoo-Routing"
_SCOPE = "mail_company_routing-own"


def write_own_header(env, message):
    """Sign a mail that is about to leave: the Message-Id that Odoo gave it, and a signature of this database."""
    message_id = str(message["Message-Id"] or "").strip()
    if message_id:
        set_words_header(message, HEADER, f"{message_id} {_signature(env, message_id)}")


def read_own_header(env, message):
    """Return the Message-Id under which this database sent a mail; None where it did not.

    An answer is not the mail itself, even if a mail program copied the header into it. References do not tell: Odoo
    writes a mail's own id there.
    """
    for value in reader.headers(message, HEADER):
        message_id, _space, signature = value.partition(" ")
        if consteq(signature.encode(), _signature(env, message_id).encode()):
            return None if message_id in reader.header(message, "In-Reply-To") else message_id
    return None


def _signature(env, message_id):
    """Return this database's signature of a message id; only a superuser reads its secret."""
    return hmac(env(su=True), _SCOPE, message_id)
