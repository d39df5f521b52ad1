"""Write a route onto the message that is about to leave."""

from email.policy import SMTP
from email.utils import getaddresses

from .. import address
from ..rows import USERNAME
from .header import set_address_header

# A longer header is written anew without asking: reading it takes the standard library a while.
_LONGEST = 1_000


def apply_route(route, message, author):
    """Set the headers of ``message`` as the route wants them; calling it twice changes nothing more.

    :param Route route: the decision
    :param email.message.EmailMessage message: changed in place
    :param author: the From header that the message came with, to be put back if the policy keeps it
    """
    if route.header_from is not None or route.envelope_from is not None:
        _set_from(message, route.header_from, author)
    if route.envelope_from is not None:
        _set(message, "Sender", route.sender)
        if "Return-Path" in message:
            del message["Return-Path"]
            message["Return-Path"] = route.return_path
    if route.reply_to is not None:
        _set(message, "Reply-To", route.reply_to)


def drop_foreign(table, company_id, message):
    """Remove a Sender and a Return-Path of another company, which code may set by itself (``mail.mail.headers``).

    Without a Return-Path, core takes the bounce address for the envelope.
    """
    for name in ("Sender", "Return-Path"):
        if table.has_foreign(message[name], company_id):
            del message[name]


def fold_legally(message):
    """Write From and Reply-To anew where the lines that they leave in would be read as more mailboxes.

    CPython loses the quotes of a long name with a comma. Any other header stays as core has left it.
    """
    for name in ("From", "Reply-To"):
        mailboxes = address.parse(message[name])
        if mailboxes and not _folds_legally(message[name], len(mailboxes)):
            set_address_header(message, name, ", ".join(map(str, mailboxes)))


def _folds_legally(header, count):
    """Tell whether a header still has so many mailboxes when it is written; a very long one is not asked."""
    fold = getattr(header, "fold", None)
    written = " ".join(fold(policy=SMTP).split()) if fold and len(header) <= _LONGEST else ""
    return bool(written) and len(getaddresses([written.partition(": ")[2]])) == count


def is_author_replaced(route, header_from, author):
    """Tell whether core put another address than the author's into From, though the policy keeps the author.

    :param header_from: the From header on the wire
    :param author: the From header that the message came with
    """
    kept, sent = address.first(route.header_from or author), address.first(header_from)
    return route.policy != USERNAME and bool(sent) and not address.same(kept, sent)


def _set_from(message, header_from, author):
    """Set the From header, or put back the author's own, which core may have replaced; both fold legally."""
    text = header_from or ", ".join(map(str, address.parse(author)))
    if text:
        set_address_header(message, "From", text)
    elif message["From"] != author:
        del message["From"]
        message["From"] = author


def _set(message, name, value):
    """Set an address header, or remove it for an empty value."""
    if value:
        set_address_header(message, name, value)
    else:
        del message[name]
