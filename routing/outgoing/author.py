"""Rung 2 of the ladder: the address that a mail's author sends from, on behalf of one company."""

from .. import address
from ..reason import Reason
from .policy import as_sender


def author_of(table, request, company, server):
    """Return the decoded From header of a mail that leaves as this company, and the reason.

    It has no address of another company, whose policy or name servers would not know the mail; None if nothing can
    replace such an address.
    """
    author, why = choose_author(table, request, company, leaves=True)
    if not table.has_foreign(author, company.id):
        return author, why
    for own, why_own in (
        (table.default_from(company.id), Reason.AUTHOR_DEFAULT_FROM),
        (server.sender, Reason.AUTHOR_AS_SERVER),
    ):
        if own and not table.is_foreign(own, company.id):
            return as_sender(author, own), why_own
    return None, why


def choose_author(table, request, company, leaves=False):
    """Return the decoded From header of the author on behalf of a company, in its wire form, and the reason.

    :param bool leaves: whether the mail leaves as this company; else an address of another one may lead it there
    """
    author, why = _chosen(table, request, company, leaves)
    return with_safe_names(address.in_wire_form(only_author(author))), why


def only_author(text):
    """Return a From header with its first author alone, as providers want it and as core does.

    More come of an e-mail field with two addresses, such as ``zy@a.com, zy@b.com``.
    """
    authors = address.parse(text) if "," in text or ";" in text else ()
    return str(authors[0]) if len(authors) > 1 else text


def _chosen(table, request, company, leaves):
    """Return what :func:`choose_author` returns, perhaps with addresses that are not ASCII and unsafe names."""
    authors = address.parse(request.author)
    first = authors[0] if authors else address.Address(address.parse_name(request.author), "")
    identities = [identity.email for identity in table.identities.get((request.user_id, company.id), ())]
    if any(address.same(first.email, identity) for identity in identities):
        return request.author, Reason.AUTHOR_IS_IDENTITY
    if identities and _is_personal(request, first.email):
        return _sent_from(first, identities[0]), Reason.AUTHOR_GETS_IDENTITY
    if table.own_domain_of(first.email, company.id):
        return request.author, Reason.AUTHOR_IN_OWN_DOMAIN
    if not company.from_by_company and not _stays_foreign(table, request, company, first.email, leaves):
        return request.author, Reason.AUTHOR_UNCHANGED
    email = _moved(table, request, company, first.email)
    if email and not _is_taken(table, request, email):
        why = Reason.AUTHOR_MOVED if company.from_by_company else Reason.AUTHOR_BROUGHT_HOME
        return _sent_from(first, email), why
    email = table.default_from(company.id)
    if email:
        return _sent_from(first, email), Reason.AUTHOR_DEFAULT_FROM
    return request.author, Reason.AUTHOR_WITHOUT_DEFAULT_FROM


def moved_addresses(table, request):
    """Return the addresses, in lower case, that this rung could move the author of a mail onto, for any company."""
    if not request.user_id:
        return set()
    email = address.first(request.author)
    companies = map(table.company, {request.company_id, *request.user_company_ids})
    found = (
        _moved(table, request, company, email)
        for company in companies
        if company.from_by_company or table.is_foreign(email, company.id)
    )
    return {email.lower() for email in found if email}


def _moved(table, request, company, email):
    """Return an internal user's address in the company's default domain, or an empty text."""
    domain = table.default_domain(company.id)
    return f"{address.local(email)}@{domain.name}" if domain and request.user_id and email else ""


def _is_taken(table, request, email):
    """Tell whether an address is somebody else's identity or e-mail."""
    owners = request.owners.get(email.lower(), ())
    return table.is_taken(email, request.user_id) or (bool(owners) and request.user_id not in owners)


def _sent_from(author, email):
    """Return the author's name in front of another address; an address inside the name would read like the sender."""
    name = author.name
    if "@" in name or "\uff20" in name:
        name = address.display_name(name) or address.local(author.email)
    return str(address.Address(name, email))


def with_safe_names(author):
    """Return a decoded From header in which no name contains an address, which would read like the sender."""
    if address.has_safe_names(author):
        return author
    safe = [entry._replace(name=address.display_name(entry.name)) for entry in address.parse(author)]
    return ", ".join(map(str, safe)) or author


def _stays_foreign(table, request, company, email, leaves):
    """Tell whether an address is in another company's domain, and the mail does not follow it there."""
    domain = table.domain_of(email)
    if not domain or domain.company_id in (company.id, None):
        return False
    return leaves or not company.server_by_alias_domain or domain.company_id not in request.user_company_ids


def _is_personal(request, email):
    """Tell whether an address is the author's own, and not one that a template speaks for."""
    return not email or any(address.same(email, own) for own in request.user_emails)
