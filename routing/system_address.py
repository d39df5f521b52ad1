"""System addresses: mail to them comes to Odoo itself, not to a person.

They are the aliases, the catchall and bounce address of an alias domain, the reply prefix of a company, the mailboxes
that Odoo fetches, and any of these with a token. The default sender of a domain is not one: Odoo writes from it, but
does not read its mail; a person may.
"""

from typing import NamedTuple

from . import address
from .token import split_token

ALIAS, BOUNCE, CATCHALL, MAILBOX, PREFIX = "alias", "bounce", "catchall", "mailbox", "prefix"


class SystemAddress(NamedTuple):
    """The kind of a system address, and its companies; without a company it belongs to all.

    ``kind`` is MAILBOX only if no other kind fits; ``is_mailbox`` tells that mails may also come from it.
    """

    kind: str
    company_ids: frozenset
    is_mailbox: bool = False

    def belongs_to(self, company_id):
        """Tell whether a mail that this company sends there would come back to it."""
        return not self.company_ids or company_id in self.company_ids


def alias_names(table, emails):
    """Return the names, in lower case, of the aliases that could make one of these addresses ours."""
    plain = (_without_token(table, email) for email in emails)
    return frozenset(address.local(email).lower() for email in plain if _domain(table, email))


def find_system_address(table, email, aliases=frozenset()):
    """Return the :class:`SystemAddress` of an address in its wire form, or None if it is somebody else's.

    :param aliases: (name in lower case, domain id or None) of the aliases named in :func:`alias_names`; one without
        a domain answers in all of them
    """
    plain = _without_token(table, email)
    boxes = [box for box in table.mailboxes if address.same(box.email, plain)]
    domain = _domain(table, plain)
    found = (domain and _in_domain(table, domain, address.local(plain).lower(), aliases)) or _mailbox(table, boxes)
    # nobody writes from a sub-address
    return found and found._replace(is_mailbox=bool(boxes) and plain == email)


def is_in_own_domain(table, email):
    """Tell whether an address is in an alias domain, that of the system parameters counted, or a mailbox of ours."""
    plain = _without_token(table, email)
    return bool(_domain(table, plain)) or any(address.same(box.email, plain) for box in table.mailboxes)


def _without_token(table, email):
    """Return the address that receives mail to this sub-address; any other address stays as it is."""
    box, plus, _tag = address.local(email).partition("+")
    box = f"{box}@{address.domain(email)}"
    return box if plus and table.has_sub_addresses(box) else split_token(email)[0]


def _domain(table, email):
    """Return the alias domain of an address, perhaps the one of the system parameters, or None."""
    fallback = table.fallback
    is_fallback = fallback and fallback.name and fallback.name == address.domain(email).lower()
    return table.domain_of(email) or (fallback if is_fallback else None)


def _in_domain(table, domain, name, aliases):
    """Return the :class:`SystemAddress` of a local part in an alias domain, or None."""
    owners = _owners(table, domain)
    if name in (domain.catchall.lower(), domain.bounce.lower()):
        return SystemAddress(CATCHALL if name == domain.catchall.lower() else BOUNCE, owners)
    if not aliases.isdisjoint({(name, None), (name, domain.id)}):
        return SystemAddress(ALIAS, owners)
    answered = _answered_at(table, domain, name)
    return SystemAddress(PREFIX, answered) if answered else None


def _owners(table, domain):
    """Return the ids of a domain's companies; that of the system parameters belongs to companies without another."""
    if domain is table.fallback:
        return frozenset(company.id for company in table.companies.values() if not company.domain_id)
    return frozenset(filter(None, [domain.company_id]))


def _answered_at(table, domain, name):
    """Return the ids of the companies whose replies go to this prefix, in a domain that they may use."""
    return frozenset(
        company.id
        for company in table.companies.values()
        if company.reply_to_by_company
        and company.reply_to_prefix.lower() == name
        and domain is not table.fallback
        and domain.company_id in (company.id, None)
    )


def _mailbox(table, boxes):
    """Return the :class:`SystemAddress` of fetched mailboxes, perhaps of several companies; None without a mailbox."""
    company_ids = frozenset(table.company_of_mailbox(box) for box in boxes)
    return SystemAddress(MAILBOX, frozenset() if None in company_ids else company_ids) if boxes else None
