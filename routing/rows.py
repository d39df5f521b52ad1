"""The rows a routing table is made of: ids and strings, never a recordset and never a password."""

from dataclasses import dataclass

from . import address

AUTO, KEEP, ON_BEHALF, USERNAME = "auto", "keep", "on_behalf", "username"


@dataclass(frozen=True)
class Company:
    """The mail options of one company."""

    id: int
    restrict_username: bool = False
    catchall_supported: bool = True
    reply_to_by_company: bool = False
    reply_to_prefix: str = ""
    from_by_company: bool = False
    server_by_alias_domain: bool = False
    server_by_reply_to: bool = False
    domain_id: int | None = None
    name: str = ""

    @property
    def is_idle(self):
        """Whether the company asks for nothing but Odoo's own way: no option is on, whatever it is called."""
        return self == Company(self.id, reply_to_prefix=self.reply_to_prefix, name=self.name)


@dataclass(frozen=True)
class Domain:
    """An alias domain in its wire form; without a company it belongs to all.

    ``bounce``, ``catchall`` and ``default_from`` are local parts, the last one perhaps a whole address.
    """

    id: int
    name: str
    company_id: int | None = None
    server_id: int | None = None
    mailbox_id: int | None = None
    reply_domain_id: int | None = None
    bounce: str = ""
    catchall: str = ""
    default_from: str = ""

    def email(self, local):
        """Return the address of a local part in this domain; an empty one stays empty."""
        return local and f"{local}@{self.name}"

    @property
    def default_email(self):
        """Return the address of the default sender, which may be a whole one, in its wire form; empty without one."""
        if "@" in self.default_from:
            return address.find(self.default_from) or self.default_from
        return self.email(self.default_from)


@dataclass(frozen=True)
class Server:
    """An outgoing server: a row of ``ir.mail_server``, or the one in odoo.conf, which has no id.

    An archived one only takes part in its own Test Connection. ``has_refused`` tells that it once refused a sender that
    was not its own.
    """

    id: int | None
    name: str
    policy: str = AUTO
    login: str = ""
    sender_address: str = ""
    mailbox_id: int | None = None
    active: bool = True
    company_id: int | None = None
    from_filter: str = ""
    has_refused: bool = False

    @property
    def is_plain(self):
        """Whether nothing is set on it or known about it, so that it follows the company or Odoo."""
        return self.policy in (AUTO, KEEP) and not self.company_id and not self.has_refused

    @property
    def sender(self):
        """The one address this server accepts as a sender, in its wire form; None if nothing names it."""
        return address.find(self.sender_address) or address.find(self.login)

    @property
    def is_anonymous(self):
        """Whether nobody logs in, so that there is no username to restrict mails to."""
        return not self.login and not self.sender_address

    def lacks_sender(self, company_ids):
        """Tell whether mails of one of these companies could not leave as the server's own address."""
        is_asked = any(self.serves(company_id) for company_id in company_ids)
        return is_asked and not self.is_anonymous and not self.sender

    def serves(self, company_id):
        """Tell whether mails of this company may leave here."""
        return self.company_id in (None, company_id)


@dataclass(frozen=True)
class Mailbox:
    """A mailbox that Odoo fetches: a confirmed row of ``fetchmail.server`` whose user is an address.

    ``sub_address`` tells that it receives mail to box+anything@, and wants replies there; ``subject_days`` is the
    number of days for which a mail to it may answer another by its subject, 0 for never.
    """

    id: int
    email: str
    company_id: int | None = None
    sub_address: bool = False
    subject_days: int = 0


@dataclass(frozen=True)
class Identity:
    """An address that a user may send from, for one company."""

    user_id: int
    company_id: int
    email: str
