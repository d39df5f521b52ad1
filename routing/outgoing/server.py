"""Rung 3 of the ladder: the server a mail leaves through, and with it the company it leaves as."""

from .. import address
from ..reason import Reason
from .author import choose_author
from .reply import choose_reply_to


def choose_server(table, request):
    """Return (server, company id, reason); the server is None if the company has none."""
    company = table.company(request.company_id)
    if request.server:
        return request.server, company.id, request.why_server
    author = address.first(choose_author(table, request, company)[0])
    for is_on, find_email, why in (
        (company.server_by_alias_domain, _author_email, Reason.SERVER_BY_AUTHOR),
        (company.server_by_reply_to, _reply_email, Reason.SERVER_BY_REPLY_TO),
    ):
        email = find_email(table, request, company, author) if is_on else ""
        found = _by_domain(table, request, company, email, author) if email else None
        if found:
            return *found, why
    server = _by_company(table, company.id, author)
    return server, company.id, Reason.SERVER_OF_COMPANY if server and server.company_id else Reason.SERVER_SHARED


def _author_email(_table, _request, _company, author):
    """Return the address that the author of a company's mail sends from."""
    return author


def _reply_email(table, request, company, author):
    """Return the address that replies to a company's mail go to, or an empty text."""
    replies, _why = choose_reply_to(table, request, company, author)
    return replies[0].email if replies else ""


def _by_domain(table, request, company, email, author):
    """Return (server, company id) that the alias domain of an address leads to, or None.

    It leads into another company only if the author is a member of that company.
    """
    domain = table.domain_of(email)
    if not domain:
        return None
    company_id = domain.company_id or company.id
    if company_id != company.id and company_id not in request.user_company_ids:
        return None
    own = table.servers.get(domain.server_id)
    if own and own.active and own.serves(company_id):
        return own, company_id
    server = pick(table, company_id, author, table.default_from(company_id))
    return (server, company_id) if server else None


def _by_company(table, company_id, author):
    """Return the company's server that fits best, else a shared one; None if there is none at all."""
    default_from = table.default_from(company_id)
    own, shared = (table.servers_by_company.get(key, ()) for key in (company_id, None))
    fitting = (pick(table, key, author, default_from) for key in (company_id, None))
    return next(filter(None, fitting), None) or next(iter(own or shared), None)


def pick(table, company_id, author, default_from):
    """Return the first server for this sender in Odoo's own order, as ``ir.mail_server._find_mail_server`` has it.

    Its FROM Filtering is the author's address, else the author's domain, else the default sender's, else empty.

    :param company_id: the company whose servers to look at, None for the shared ones
    """
    found = (table.servers_by_filter.get((company_id, text)) for text in _wanted(author, default_from))
    return next(filter(None, found), None)


def _wanted(author, default_from):
    """Return the FROM Filterings that suit a sender, the best first."""
    emails = filter(None, (author, default_from))
    return [*(text for email in emails for text in (email.lower(), address.domain(email).lower())), ""]


def as_odoo(table, author, config):
    """Return (server, sender of the session) as ``ir.mail_server._find_mail_server`` has it, without the ladder.

    The sender is None if the author stays: the server's FROM Filtering is the author's address or domain.

    :param str author: the address of the author
    :param Server config: the server in odoo.conf, for a database that has none
    """
    if not table.records:
        return config, None if takes(config, author) else table.odoo_sender or None
    found = (table.records_by_filter.get(text) for text in _wanted(author, table.odoo_sender))
    server = next(filter(None, found), table.records[0])
    return server, None if server.from_filter and takes(server, author) else table.odoo_sender or None


def takes(server, email):
    """Tell whether a server's FROM Filtering lets an address pass (core: ``_match_from_filter``)."""
    return not server.from_filter or server.from_filter in (email.lower(), address.domain(email))
