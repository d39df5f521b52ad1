"""Mail between the companies of one database: which company takes in a mail of another one, and under which Message-Id.

Such a mail is stored by the company that sent it, under its own Message-Id, and by each company that took it in, under
the Message-Id of its copy. That is always the same for a mail and a company, so a mail that is fetched again is
recognised. Mails may refer to both; :func:`original_id` turns either into the first.
"""

import re
from dataclasses import dataclass

from .. import address
from ..token import split_token
from .reader import ENVELOPE_HEADERS

# how core marks an automatic answer
_ANSWER = "-loop-detection-bounce-email@"
_COPY = re.compile(r"<mcr-[0-9a-f]{16}-")


@dataclass(frozen=True)
class OwnMail:
    """A mail that this database sent.

    ``company_ids`` do not take it in: the company that sent it, the one that first wrote it, and those that have it.
    ``is_automatic``: no person wrote it. ``is_internal``: it is a note.
    """

    message_id: str
    company_ids: frozenset
    is_automatic: bool = False
    is_internal: bool = False


@dataclass(frozen=True)
class Destinations:
    """What the addresses of a mail lead to.

    ``aliases``: addresses of aliases. ``users``: addresses of users, who read their mail elsewhere. Both in lower
    case. ``answered``: the companies that have the message that the mail answers.
    """

    aliases: frozenset = frozenset()
    users: frozenset = frozenset()
    answered: frozenset = frozenset()


@dataclass(frozen=True)
class CrossCompanyCopy:
    """The copy of a mail from another company, as one company takes it in.

    ``references`` and ``parent_id`` say what it answers there, ``answer_to`` where the sender wants answers. Without
    ``author_id``, the author is found by the From header, as for any mail.
    """

    message_id: str
    company_id: int
    sender_id: int
    references: str = ""
    parent_id: int | None = None
    author_id: int | None = None
    email_from: str = ""
    answer_to: str = ""
    is_automatic: bool = False


def copy_id(message_id, signature):
    """Return the Message-Id of a company's copy.

    :param str signature: this database's signature of Message-Id and company, in hexadecimal digits

    >>> copy_id("<1-openerp-7@a>", "0123456789abcdef0123")
    '<mcr-0123456789abcdef-1-openerp-7@a>'
    """
    return f"<mcr-{signature[:16]}-{message_id.strip('<>')}>"


def is_copy_id(message_id):
    """Tell whether a Message-Id is that of a copy."""
    return bool(_COPY.match(message_id or ""))


def original_id(message_id):
    """Return the Message-Id of the original, also for that of a copy."""
    return _COPY.sub("<", message_id)


def receivers(table, mail, recipients, destinations, mailbox_company_id=None):
    """Return the ids of the companies that take in a mail of another company; none if it is just own mail.

    Each company takes it in whose alias or record it is addressed to. If there is none, one company takes it in to
    decide what becomes of it, unless it is for users only, who read their mail elsewhere. Automatic mail only goes to
    the record that it answers. A copy in a mailbox of the sender is own mail, unless the provider delivered it to an
    address of another company.

    :param OwnMail mail: the mail
    :param recipients: pairs of a header's name and an address
    :param Destinations destinations: what these addresses lead to
    :param mailbox_company_id: the company of the mailbox that it was found in
    """
    if mailbox_company_id in mail.company_ids:
        recipients = [(header, email) for header, email in recipients if header in ENVELOPE_HEADERS]
    emails = addressed(table, recipients, mailbox_company_id)
    others = [company_id for company_id in emails if company_id not in mail.company_ids]
    others.sort(key=lambda company_id: company_id != mailbox_company_id)
    meant = [
        company_id for company_id in others if _is_meant(table, mail, company_id, emails[company_id], destinations)
    ]
    if meant or mail.is_automatic or mail.is_internal:
        return tuple(meant)
    return tuple(company_id for company_id in others if emails[company_id] - destinations.users)[:1]


def addressed(table, recipients, mailbox_company_id=None):
    """Return by company id which of its addresses a mail is addressed to, in lower case and without tokens."""
    found = {}
    for _header, email in recipients:
        email = split_token(email)[0].lower()
        if company_id := _company_of(table, email, mailbox_company_id):
            found.setdefault(company_id, set()).add(email)
    return found


def _company_of(table, email, mailbox_company_id):
    """Return the company of an address: that of its domain, else that of the mailbox that was fetched."""
    domain = table.domain_of(email)
    if domain and domain.company_id:
        return domain.company_id
    boxes = table.mailboxes_by_company.get(mailbox_company_id, ())
    return mailbox_company_id if any(address.same(box.email, email) for box in boxes) else None


def _is_meant(table, mail, company_id, emails, destinations):
    """Tell whether one of a company's addresses leads to an alias, or brings an answer to the company's record."""
    if emails & destinations.aliases and not mail.is_automatic:
        return True
    if company_id not in destinations.answered or mail.is_internal:
        return False
    fetched = {box.email.lower() for box in table.mailboxes}
    return bool(emails - (destinations.users - destinations.aliases - fetched))


def own_recipients(table, recipients, company_id):
    """Return the recipients without those in domains of other companies."""
    return tuple(pair for pair in recipients if not table.is_foreign(pair[1], company_id))


def own_addresses(table, text, company_id):
    """Return the text of a To-like header without the addresses in domains of other companies."""
    return ",".join(str(entry) for entry in address.parse(text) if not table.is_foreign(entry.email, company_id))


def by_id(pairs):
    """Return the values of each Message-Id; several messages may share one.

    >>> by_id([("<1@a>", 1), ("<1@a>", 2)])
    {'<1@a>': {1, 2}}
    """
    found = {}
    for message_id, company_id in pairs:
        found.setdefault(message_id, set()).add(company_id)
    return found


def own_references(originals, known, company_id, copies, is_automatic=False):
    """Return the Message-Ids that a mail refers to as a company stores them, in order.

    Those that only other companies have are left out; unknown ones stay.

    :param originals: Message-Ids of the originals
    :param dict known: the companies that have a message, by its Message-Id; None stands for no company
    :param dict copies: the Message-Ids of this company's copies, by those of the originals
    :param is_automatic: no person wrote the mail; core's mark of automatic answers is left out then
    """
    found = []
    for message_id in originals:
        if copies[message_id] in known:
            found.append(copies[message_id])
        elif is_automatic and _ANSWER in message_id:
            continue
        elif known.get(message_id, {None}) & {company_id, None}:
            found.append(message_id)
    return found


def is_sender(table, company_id, email):
    """Tell whether mails of a company leave from an address."""
    if table.own_domain_of(email, company_id):
        return True
    servers = (server for server in table.servers.values() if server.serves(company_id))
    return any(address.same(server.sender, email) for server in servers)


def answer_address(table, company_id, reply_to):
    """Return the address where a company wants answers, if Odoo made it up or fetches it; else an empty text.

    :param str reply_to: the decoded Reply-To header
    """
    for entry in address.parse(reply_to):
        domain = table.domain_of(entry.email)
        box = split_token(entry.email)[0]
        if (domain and domain.company_id == company_id) or table.comes_back(box, company_id):
            return entry.email
    return ""
