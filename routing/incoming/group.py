"""Mail between the companies of one database: which company takes in what another one sent, and under which ids.

Such a mail is stored twice: by the company that sent it, under its own Message-Id, and by each company that took it
in, under an id of the copy. The copy's id is always the same for a mail and a company, so that a mail that is fetched
again is found. On the wire both ids may be written; :func:`original_id` makes one of them.
"""

import re
from dataclasses import dataclass

from .. import address
from ..token import split_token
from .reader import ENVELOPE_HEADERS

# core's mark of an automatic answer
_ANSWER = "-loop-detection-bounce-email@"
_COPY = re.compile(r"<mcr-[0-9a-f]{16}-")


@dataclass(frozen=True)
class OwnMail:
    """A mail that this database sent.

    ``company_ids`` are those that do not take it in: who sent it, who wrote it first, and who has it already.
    ``is_automatic`` tells that no person wrote it, ``is_internal`` that it is a note.
    """

    message_id: str
    company_ids: frozenset
    is_automatic: bool = False
    is_internal: bool = False


@dataclass(frozen=True)
class Doors:
    """What the addresses of a mail lead to, in lower case: aliases, and users, whose mail they read themselves.

    ``answered`` are the companies that have a message which the mail answers.
    """

    aliases: frozenset = frozenset()
    users: frozenset = frozenset()
    answered: frozenset = frozenset()


@dataclass(frozen=True)
class Copy:
    """A mail of another company as a company takes it in.

    ``references`` and ``parent_id`` say what it answers there, ``answer_to`` where the sender wants to be answered.
    Without an author, it is whom the mail itself names.
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
    """Tell whether a Message-Id is that of a company's copy."""
    return bool(_COPY.match(message_id or ""))


def original_id(message_id):
    """Return the Message-Id under which a mail was written, for that of a copy as well."""
    return _COPY.sub("<", message_id)


def receivers(table, mail, recipients, doors, mailbox_company_id=None):
    """Return the ids of the companies that take in a mail of another company; none where it is just own mail.

    What an alias or a record is meant by goes to each company that has one. Else one company gets it, to say what is to
    become of it, unless it is for users only, who read their mail elsewhere. What no person wrote only goes to the
    record that it answers. A copy in a mailbox of the sender is own mail, unless the provider says that it delivered it
    to an address of another company.

    :param OwnMail mail: the mail
    :param recipients: pairs of a header's name and an address
    :param Doors doors: what these addresses lead to
    :param mailbox_company_id: the company of the mailbox that it was found in
    """
    if mailbox_company_id in mail.company_ids:
        recipients = [(header, email) for header, email in recipients if header in ENVELOPE_HEADERS]
    emails = addressed(table, recipients, mailbox_company_id)
    others = [company_id for company_id in emails if company_id not in mail.company_ids]
    others.sort(key=lambda company_id: company_id != mailbox_company_id)
    meant = [company_id for company_id in others if _is_meant(table, mail, company_id, emails[company_id], doors)]
    if meant or mail.is_automatic or mail.is_internal:
        return tuple(meant)
    return tuple(company_id for company_id in others if emails[company_id] - doors.users)[:1]


def addressed(table, recipients, mailbox_company_id=None):
    """Return the addresses in lower case and without tokens of each company that a mail is addressed to, by its id."""
    found = {}
    for _header, email in recipients:
        email = split_token(email)[0].lower()
        if company_id := _company_of(table, email, mailbox_company_id):
            found.setdefault(company_id, set()).add(email)
    return found


def _company_of(table, email, mailbox_company_id):
    """Return the company of an address: that of its domain, else that of the mailbox which was fetched."""
    domain = table.domain_of(email)
    if domain and domain.company_id:
        return domain.company_id
    boxes = table.mailboxes_by_company.get(mailbox_company_id, ())
    return mailbox_company_id if any(address.same(box.email, email) for box in boxes) else None


def _is_meant(table, mail, company_id, emails, doors):
    """Tell whether one of a company's addresses leads to an alias, or brings an answer to the company's record."""
    if emails & doors.aliases and not mail.is_automatic:
        return True
    if company_id not in doors.answered or mail.is_internal:
        return False
    fetched = {box.email.lower() for box in table.mailboxes}
    return bool(emails - (doors.users - doors.aliases - fetched))


def own_recipients(table, recipients, company_id):
    """Return the recipients without those in domains of other companies than this one."""
    return tuple(pair for pair in recipients if not table.is_foreign(pair[1], company_id))


def own_addresses(table, text, company_id):
    """Return a To-like text without the addresses in domains of other companies than this one."""
    return ",".join(str(entry) for entry in address.parse(text) if not table.is_foreign(entry.email, company_id))


def by_id(pairs):
    """Return what belongs to each Message-Id, as several messages may share one.

    >>> by_id([("<1@a>", 1), ("<1@a>", 2)])
    {'<1@a>': {1, 2}}
    """
    found = {}
    for message_id, company_id in pairs:
        found.setdefault(message_id, set()).add(company_id)
    return found


def own_references(originals, known, company_id, copies, is_automatic=False):
    """Return the Message-Ids of what a mail answers as a company stores them, in their order.

    What only other companies have is left out, and what nobody knows stays.

    :param originals: Message-Ids as they were given first
    :param dict known: the companies that have a message, by its Message-Id; None for one of no company
    :param dict copies: the Message-Ids of this company's copies, by those given first
    :param is_automatic: whether no person wrote the mail, so that nobody answers it: the mark for that is left out
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
    """Tell whether an address is one that mails of a company leave from."""
    if table.own_domain_of(email, company_id):
        return True
    servers = (server for server in table.servers.values() if server.serves(company_id))
    return any(address.same(server.sender, email) for server in servers)


def answer_address(table, company_id, reply_to):
    """Return the address at which a company wants answers, where it is one that Odoo makes up or fetches, else empty.

    :param str reply_to: the decoded Reply-To header
    """
    for entry in address.parse(reply_to):
        domain = table.domain_of(entry.email)
        box = split_token(entry.email)[0]
        if (domain and domain.company_id == company_id) or table.comes_back(box, company_id):
            return entry.email
    return ""
