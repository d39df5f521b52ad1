"""The routing table: what the database says about companies, servers and mailboxes, as plain values.

It holds ids and strings only, never a recordset and never a password, so that it can be cached for all
users of a database and be built by hand in a test.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from . import address

AUTO, KEEP, ON_BEHALF, USERNAME = "auto", "keep", "on_behalf", "username"


@dataclass(frozen=True)
class Company:
    """The mail options of one company."""

    id: int
    restrict_username: bool = False
    catchall_supported: bool = True


@dataclass(frozen=True)
class Server:
    """An outgoing server: a row of ``ir.mail_server``, or the one in odoo.conf, which has no id.

    An archived one only takes part in its own Test Connection.
    """

    id: int | None
    name: str
    policy: str = AUTO
    login: str = ""
    sender_address: str = ""
    mailbox_id: int | None = None
    active: bool = True

    @property
    def is_plain(self):
        """Whether nothing is set on it, so that it follows the company or Odoo."""
        return self.policy in (AUTO, KEEP)

    @property
    def sender(self):
        """The one address this server accepts as a sender, in its wire form; None where nothing tells it."""
        return address.find(self.sender_address) or address.find(self.login)

    @property
    def is_anonymous(self):
        """Whether nobody logs in, so that there is no username to restrict anything to."""
        return not self.login and not self.sender_address


@dataclass(frozen=True)
class Mailbox:
    """A mailbox that Odoo fetches: a confirmed row of ``fetchmail.server`` whose user is an address."""

    id: int
    email: str
    company_id: int | None = None


@dataclass(frozen=True)
class RoutingTable:
    """An immutable snapshot; ``mailboxes`` are in the order in which Odoo fetches them."""

    companies: MappingProxyType = field(default_factory=lambda: MappingProxyType({}))
    servers: MappingProxyType = field(default_factory=lambda: MappingProxyType({}))
    mailboxes: tuple = ()

    @classmethod
    def build(cls, companies=(), servers=(), mailboxes=()):
        """Make a table of rows in any order of companies and servers.

        :param companies: iterable of :class:`Company`
        :param servers: iterable of :class:`Server` that have an id
        :param mailboxes: iterable of :class:`Mailbox`, the first to be preferred
        """
        return cls(
            MappingProxyType({company.id: company for company in companies}),
            MappingProxyType({server.id: server for server in servers}),
            tuple(mailboxes),
        )

    @property
    def is_idle(self):
        """Whether no row asks for anything but Odoo's own way; an archived server asks for nothing."""
        return all(
            company.catchall_supported and not company.restrict_username for company in self.companies.values()
        ) and all(server.is_plain or not server.active for server in self.servers.values())

    def mailbox(self, server, company_id):
        """Return the address where replies of this company come back to Odoo, or None.

        The server's paired mailbox, else the company's own, else one that belongs to all companies; never
        one of another company.
        """
        mine = [box for box in self.mailboxes if box.company_id in (company_id, None)]
        best = min(mine, key=lambda box: (box.id != server.mailbox_id, box.company_id is None), default=None)
        return best and best.email

    def comes_back(self, email, company_id):
        """Tell whether a reply to this address reaches Odoo although there is no catch-all."""
        return any(address.same(box.email, email) for box in self.mailboxes if box.company_id in (company_id, None))
