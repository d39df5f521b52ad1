"""The place of an incoming mail: its alias domain and company, found by the address it was sent to."""

from dataclasses import dataclass

from .. import address
from ..rows import Company
from .reader import ENVELOPE_HEADERS, RECIPIENT_HEADERS

BY_ADDRESS, BY_SERVER, UNKNOWN = "address", "server", "unknown"


@dataclass(frozen=True)
class Place:
    """Where an incoming mail belongs.

    ``domain_id``: the alias domain whose catchall and bounce names apply; None: those of the system parameters.
    ``company_id``: None if the mail does not tell. ``rule``: BY_ADDRESS (``header`` and ``email`` say which),
    BY_SERVER, or UNKNOWN.
    """

    domain_id: int | None
    company_id: int | None
    rule: str = BY_SERVER
    header: str = ""
    email: str = ""


def find_place(table, recipients, server_company_id=None):
    """Return the :class:`Place` of a mail, or None if nothing is configured that could tell.

    :param recipients: pairs of a header's name and an address in its wire form
    :param server_company_id: the company of the incoming server that fetched it
    """
    if table.is_idle and not server_company_id:
        return None
    for header, email in _by_weight(table, recipients):
        if domain := table.domain_of(email):
            return Place(domain.id, domain.company_id or server_company_id, BY_ADDRESS, header, email)
    if not server_company_id:
        return Place(None, None, UNKNOWN)
    # an address in the domain of the system parameters keeps their bounce and catchall names
    is_fallback = table.fallback and any(address.domain(email) == table.fallback.name for _header, email in recipients)
    return Place(None if is_fallback else table.parameter_domain_id(server_company_id), server_company_id)


def _by_weight(table, recipients):
    """Return the recipients, the most telling first.

    An address of a mailbox that all companies share tells least, as it gets the mail of all of them.
    """
    shared = {box.email.lower() for box in table.mailboxes if not box.company_id}
    order = {name: rank for rank, name in enumerate(RECIPIENT_HEADERS)}

    def weight(pair):
        header, email = pair
        return header in ENVELOPE_HEADERS and email.lower() in shared, order[header]

    return sorted(recipients, key=weight)


def place_of_domain(place, domain):
    """Return the place of a route to an alias of this domain, for a mail of another place."""
    if not domain or domain.id == place.domain_id:
        return place
    company_id = domain.company_id or place.company_id
    return Place(domain.id, company_id, BY_ADDRESS, place.header, f"@{domain.name}")


def is_answered(table, place, emails):
    """Tell whether a mail to the catchall may get the automatic answer that asks not to write there.

    Not if the company has no catch-all, nor if the address is a real mailbox: people write to that on purpose.
    """
    company = table.company(place.company_id) if place.company_id else Company(0)
    mailboxes = {box.email.lower() for box in table.mailboxes}
    catchall = _catchall(table, place)
    boxes = (email for email in emails if email.lower() in mailboxes)
    return company.catchall_supported and not any(address.local(email).lower() == catchall for email in boxes)


def _catchall(table, place):
    """Return the catchall's local part in lower case."""
    domain = table.domains.get(place.domain_id) or table.fallback
    return domain.catchall.lower() if domain else ""


def _is_foreign(domain, company_id):
    """Tell whether a domain, if there is one, belongs to another company."""
    return bool(domain and domain.company_id and domain.company_id != company_id)


def aliases_of_other_domains(table, emails, aliases):
    """Return the ids of the aliases that have the name of a recipient but answer for another domain.

    An alias of the recipient's domain comes before one without a domain. That answers for all domains; where its record
    belongs to a company, not for those of another company.

    :param emails: the addresses of all recipients
    :param aliases: (id, name, domain id or None, company id of its record or None) of each alias that has the name of
        one of them
    """
    meant, by_name = set(), {}
    for alias in aliases:
        by_name.setdefault(alias[1], []).append(alias)
    for email in emails:
        named = by_name.get(address.local(email).lower(), ())
        domain = table.domain_of(email)
        own = [alias for alias in named if domain and alias[2] == domain.id]
        free = [alias for alias in named if not alias[2] and (not alias[3] or not _is_foreign(domain, alias[3]))]
        meant.update(alias[0] for alias in own or free)
    return frozenset(alias[0] for alias in aliases) - meant
