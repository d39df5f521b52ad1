"""Rung 2 of the ladder: the address that a mail's author sends from, on behalf of one company."""

from .. import address
from ..reason import Reason


def choose_author(table, mail, company):
    """Return the decoded From header of the author on behalf of the company, and the reason."""
    authors = address.parse(mail.author)
    first = authors[0] if authors else address.Address(address.parse_name(mail.author), "")
    identities = [identity.email for identity in table.identities.get((mail.user_id, company.id), ())]
    if any(address.same(first.email, identity) for identity in identities):
        return mail.author, Reason.AUTHOR_IS_IDENTITY
    if identities and _is_personal(mail, first.email):
        return _sent_from(first, identities[0]), Reason.AUTHOR_GETS_IDENTITY
    if table.own_domain_of(first.email, company.id):
        return mail.author, Reason.AUTHOR_IN_OWN_DOMAIN
    if not company.from_by_company and not _stays_foreign(table, mail, company, first.email):
        return mail.author, Reason.AUTHOR_UNCHANGED
    email = _moved(table, mail, company, first.email)
    if email and not _is_taken(table, mail, email):
        why = Reason.AUTHOR_MOVED if company.from_by_company else Reason.AUTHOR_BROUGHT_HOME
        return _sent_from(first, email), why
    email = table.default_from(company.id)
    if email:
        return _sent_from(first, email), Reason.AUTHOR_DEFAULT_FROM
    return mail.author, Reason.AUTHOR_WITHOUT_DEFAULT_FROM


def moved_addresses(table, mail):
    """Return the addresses, in lower case, that this rung could move the author of a mail onto, for any company."""
    if not mail.user_id:
        return set()
    email = address.first(mail.author)
    companies = map(table.company, {mail.company_id, *mail.user_company_ids})
    found = (
        _moved(table, mail, company, email)
        for company in companies
        if company.from_by_company or table.is_foreign(email, company.id)
    )
    return {email.lower() for email in found if email}


def _moved(table, mail, company, email):
    """Return an internal user's address in the company's default domain, or an empty text."""
    domain = table.default_domain(company.id)
    return f"{address.local(email)}@{domain.name}" if domain and mail.user_id and email else ""


def _is_taken(table, mail, email):
    """Tell whether an address is somebody else's identity or e-mail."""
    owners = mail.owners.get(email.lower(), ())
    return table.is_taken(email, mail.user_id) or (bool(owners) and mail.user_id not in owners)


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


def _stays_foreign(table, mail, company, email):
    """Tell whether an address is in another company's domain, and the mail does not follow it there."""
    domain = table.domain_of(email)
    if not domain or domain.company_id in (company.id, None):
        return False
    return not company.server_by_alias_domain or domain.company_id not in mail.user_company_ids


def _is_personal(mail, email):
    """Tell whether an address is the author's own, and not one that a template speaks for."""
    return not email or any(address.same(email, own) for own in mail.user_emails)
