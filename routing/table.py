"""The routing table: what the database says about companies, domains, servers and mailboxes.

It is immutable, so that it can be cached for all users of a database, and plain, so that a test can build it.
"""

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType

from . import address
from .rows import Company, Domain


def _grouped(rows, key):
    """Return an immutable mapping of tuples of rows, each in the order given."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return MappingProxyType({value: tuple(group) for value, group in groups.items()})


def _owners(identities):
    """Return an immutable mapping of addresses in lower case to the ids of the users who may send from them."""
    groups = _grouped(identities, lambda identity: address.key(identity.email))
    return MappingProxyType({email: frozenset(row.user_id for row in rows) for email, rows in groups.items()})


@dataclass(frozen=True)
class RoutingTable:
    """An immutable snapshot with an index for each question that the decision asks."""

    companies: MappingProxyType
    domains: MappingProxyType
    servers: MappingProxyType
    mailboxes: tuple
    identities: MappingProxyType
    senders: MappingProxyType
    user_ids: frozenset
    domains_by_name: MappingProxyType
    servers_by_company: MappingProxyType
    servers_by_filter: MappingProxyType
    records: tuple
    records_by_filter: MappingProxyType
    odoo_sender: str
    mailboxes_by_company: MappingProxyType
    fallback: Domain | None
    is_idle: bool
    chooses_servers: bool
    has_domain_aliases: bool

    @classmethod
    def build(
        cls,
        companies=(),
        servers=(),
        mailboxes=(),
        domains=(),
        identities=(),
        fallback=None,
        odoo_sender="",
        has_domain_aliases=False,
    ):
        """Make a table of rows.

        ``is_idle`` tells that no row asks for anything but Odoo's own way, ``chooses_servers`` that the ladder, not
        Odoo, chooses the server of a mail. An archived server asks for nothing.

        :param companies: iterable of :class:`~.rows.Company`
        :param servers: iterable of :class:`~.rows.Server`, in Odoo's order; one without an id is that of odoo.conf
        :param mailboxes: iterable of :class:`~.rows.Mailbox`, the first to be preferred
        :param domains: iterable of :class:`~.rows.Domain`
        :param identities: iterable of :class:`~.rows.Identity`, the first to be preferred
        :param fallback: the :class:`~.rows.Domain` that the system parameters describe, for a company without one
        :param str odoo_sender: the address that Odoo itself puts in place of an author's, or empty
        :param bool has_domain_aliases: whether any alias answers for one domain only
        """
        companies, servers, mailboxes = map(tuple, (companies, servers, mailboxes))
        domains, identities = map(tuple, (domains, identities))
        active = [server for server in servers if server.active]
        records = tuple(server for server in active if server.id)
        return cls(
            companies=MappingProxyType({company.id: company for company in companies}),
            domains=MappingProxyType({domain.id: domain for domain in domains}),
            servers=MappingProxyType({server.id: server for server in servers}),
            mailboxes=mailboxes,
            identities=_grouped(identities, lambda identity: (identity.user_id, identity.company_id)),
            senders=_owners(identities),
            user_ids=frozenset(identity.user_id for identity in identities),
            domains_by_name=MappingProxyType({domain.name: domain for domain in domains}),
            servers_by_company=_grouped(active, lambda server: server.company_id),
            # the first of several with one filter wins, so it is put in last
            servers_by_filter=MappingProxyType({(s.company_id, s.from_filter): s for s in reversed(active)}),
            records=records,
            records_by_filter=MappingProxyType({server.from_filter: server for server in reversed(records)}),
            odoo_sender=odoo_sender,
            mailboxes_by_company=_grouped(mailboxes, lambda mailbox: mailbox.company_id),
            fallback=fallback,
            is_idle=all(row.is_idle for row in companies)
            and all(row.is_plain for row in active)
            and not domains
            and not any(box.sub_address for box in mailboxes),
            chooses_servers=any(server.company_id for server in active)
            or any(company.server_by_alias_domain or company.server_by_reply_to for company in companies),
            has_domain_aliases=has_domain_aliases,
        )

    def is_routed(self, company_id, server):
        """Tell whether anything is set for mails of this company on this server."""
        return not (self.company(company_id).is_idle and server.is_plain)

    def company(self, company_id):
        """Return a company's options; a company that is not known yet has none."""
        return self.companies.get(company_id) or Company(company_id)

    def domain_of(self, email):
        """Return the alias domain of an address, or None."""
        return self.domains_by_name.get(address.domain(email or "").lower())

    def own_domain_of(self, email, company_id):
        """Return the alias domain of an address if this company may use it, or None."""
        domain = self.domain_of(email)
        return domain if domain and domain.company_id in (company_id, None) else None

    def default_domain(self, company_id):
        """Return the company's default alias domain, or None."""
        return self.domains.get(self.company(company_id).domain_id)

    def default_from(self, company_id):
        """Return the address that replaces an author's, or an empty text."""
        domain = self.default_domain(company_id) or self.fallback
        email = address.find(domain.default_email) if domain else ""
        return email if email and not self.is_foreign(email, company_id) else ""

    def is_foreign(self, email, company_id):
        """Tell whether an address is in a domain that belongs to another company."""
        domain = self.domain_of(email)
        return bool(domain) and domain.company_id not in (company_id, None)

    def has_foreign(self, header, company_id):
        """Tell whether an address of a From-like header is in a domain that belongs to another company."""
        return any(self.is_foreign(entry.email, company_id) for entry in address.parse(header))

    def parameter_domain_id(self, company_id):
        """Return the domain whose values the four system parameters have for this company.

        None leaves the parameters alone; 0 empties them, because they name a domain of another company.
        """
        company = self.company(company_id)
        if company.domain_id or not self.fallback:
            return company.domain_id
        return 0 if self.is_foreign(f"@{self.fallback.name}", company_id) else None

    def is_taken(self, email, user_id):
        """Tell whether an address is an identity of other users, and not of this one."""
        owners = self.senders.get(address.key(email), ())
        return bool(owners) and user_id not in owners

    def mailbox(self, server, company_id):
        """Return the address where replies of this company come back to Odoo, or None.

        The server's paired mailbox, else the company's own, else one that belongs to all companies; never
        one of another company.
        """
        mine = self._mailboxes(company_id)
        paired = (box for box in mine if box.id == server.mailbox_id)
        best = next(paired, None) or next(iter(mine), None)
        return best and best.email

    def comes_back(self, email, company_id):
        """Tell whether a reply to this address reaches Odoo even without a catch-all."""
        return any(address.same(box.email, email) for box in self._mailboxes(company_id))

    def is_catchall(self, email):
        """Tell whether an address is the catchall of an alias domain, or the one of the system parameters."""
        domain = self.domain_of(email) or self.fallback
        return bool(domain) and address.same(email, domain.email(domain.catchall))

    def takes_token(self, email, company_id):
        """Tell whether this company's replies come back at the sub-addresses of a mailbox, too."""
        return any(box.sub_address and address.same(box.email, email) for box in self._mailboxes(company_id))

    def has_sub_addresses(self, email):
        """Tell whether a mailbox, of any company, receives mail to its sub-addresses."""
        return any(box.sub_address and address.same(box.email, email) for box in self.mailboxes)

    def company_of_mailbox(self, box):
        """Return the company whose mails come to a mailbox: that of its domain, else its own, else None."""
        domain = self.domain_of(box.email)
        return (domain and domain.company_id) or box.company_id

    @property
    def makes_tokens(self):
        """Whether any mailbox wants its replies at sub-addresses."""
        return any(box.sub_address for box in self.mailboxes)

    def _mailboxes(self, company_id):
        """Return the mailboxes that this company may use, its own first."""
        shared = self.mailboxes_by_company.get(None, ())
        return self.mailboxes_by_company.get(company_id, ()) + shared if company_id else shared
