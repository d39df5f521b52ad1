"""By which this database recognises its own mails if the message is gone or its Message-Id replaced.

It signs Message-Id and company. In a mail that only goes to its own domains a header tells them; any other mail has
them in its last reference, as Google and Microsoft put mails with such a header among spam (odoo/odoo#200193).
"""

from typing import NamedTuple

from odoo.tools.misc import consteq, hmac

from ...routing.incoming import reader
from ...routing.outgoing.header import set_words_header
from ...routing.signed_id import read_id, write_id

HEADER = "X-Odoo-Routing"
_HEADER_SCOPE = "mail_company_routing-own"
_ID_SCOPE = "mail_company_routing-signed-id"


class SignedMail(NamedTuple):
    """The Message-Id under which this database sent a mail, and the mail's company, if that is known."""

    message_id: str
    company_id: int | None


def sign_mail(env, message, company_id, is_ours):
    """Sign a mail that is about to leave.

    :param bool is_ours: whether all its recipients are in domains of this database
    """
    message_id = str(message["Message-Id"] or "").strip()
    if not message_id:
        return
    if is_ours:
        text = f"{message_id} {company_id}"
        set_words_header(message, HEADER, f"{text} {_signature(env, _HEADER_SCOPE, text)}")
        return
    answered = reader.header(message, "In-Reply-To")
    signed = _signed_id(env, message_id, company_id or 0, answered)
    if signed:
        references = [one for one in str(message["References"] or "").split() if not read_id(one)]
        set_words_header(message, "References", " ".join([*references, signed]))


def read_signature(env, message):
    """Return the :class:`SignedMail` of a mail that this database sent, None for any other mail.

    An answer is not the mail itself, even if a mail program copied the header into it. Other references prove nothing:
    Odoo writes a mail's own id there.
    """
    return _read_header(env, message) or _read_references(env, message)


def _read_header(env, message):
    """Return what our header tells, if it is genuine."""
    for value in reader.headers(message, HEADER):
        text, _space, signature = value.rpartition(" ")
        if consteq(signature.encode(), _signature(env, _HEADER_SCOPE, text).encode()):
            message_id, _space, company_id = text.rpartition(" ")
            if not company_id.isdecimal():
                # an older header, without a company
                message_id, company_id = text, 0
            is_answer = message_id in reader.header(message, "In-Reply-To")
            return None if is_answer else SignedMail(message_id, int(company_id) or None)
    return None


def _read_references(env, message):
    """Return what the last of the references tells, if it is genuine: an answer has another id behind it."""
    last = reader.header(message, "References").split()[-1:]
    signed = read_id(last[0]) if last else None
    if not signed:
        return None
    message_id, company_id, _signature_read = signed
    genuine = _signed_id(env, message_id, company_id, reader.header(message, "In-Reply-To"))
    return SignedMail(message_id, company_id or None) if consteq(genuine.encode(), last[0].encode()) else None


def _signed_id(env, message_id, company_id, answered):
    """Return the reference of a mail.

    :param str answered: its In-Reply-To; that of an answer differs, if a mail program adds no id to the references
    """
    signature = _signature(env, _ID_SCOPE, f"{message_id} {company_id} {answered}")
    return write_id(message_id, company_id, signature)


def _signature(env, scope, text):
    """Return this database's signature of a text; only a superuser may read its secret."""
    return hmac(env(su=True), scope, text)
