"""Rung 4 of the ladder: what a server lets us write as the sender."""

from .. import address
from ..reason import Reason
from ..rows import AUTO, KEEP, ON_BEHALF, USERNAME


def choose_policy(server, company):
    """Return the policy that holds for this company's mails on this server, and the reason."""
    if server.policy != AUTO:
        return server.policy, Reason.POLICY_OF_SERVER
    if company.restrict_username:
        return (KEEP, Reason.POLICY_WITHOUT_LOGIN) if server.is_anonymous else (USERNAME, Reason.POLICY_RESTRICTED)
    if server.has_refused and server.sender:
        return USERNAME, Reason.POLICY_LEARNED
    return KEEP, Reason.POLICY_UNRESTRICTED


def apply_policy(policy, server, author):
    """Return the sender's part of a route: header From, Sender, envelope sender and Return-Path.

    Its ``failure`` is ``unknown_sender`` if the server must send as itself and its address is unknown.

    :param str author: the decoded From header, with none, one or several addresses
    :rtype: dict
    """
    if policy == KEEP:
        return {}
    own = server.sender
    if not own:
        return {"failure": "unknown_sender"}
    route = {"envelope_from": own, "return_path": own, "sender": ""}
    authors = address.parse(author)
    if policy == ON_BEHALF and authors:
        alone = len(authors) == 1 and address.same(authors[0].email, own)
        # RFC 5322, section 3.6.2: no Sender if it repeats From
        return route | {"sender": "" if alone else own}
    return route | {"header_from": as_sender(author, own)}


def as_sender(author, own):
    """Return the author's name in front of the server's own address.

    The local part names an author without a name, or with a name that is only an address, as in core's
    ``encapsulate_email``; without any author the bare address remains.

    >>> as_sender('"Chen, Zhi" <zhi@b.com>', "kevin@a.com")
    '"Chen, Zhi" <kevin@a.com>'
    >>> as_sender("zhi@b.com", "kevin@a.com")
    '"zhi" <kevin@a.com>'
    """
    authors = address.parse(author)
    first = authors[0] if authors else address.Address(address.parse_name(author), "")
    name = address.display_name(first.name)
    if not name and not address.same(first.email, own):
        name = address.local(first.email)
    return str(address.Address(name, own))
