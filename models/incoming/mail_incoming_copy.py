import re
from typing import NamedTuple
from xmlrpc.client import Binary

from odoo import _, api, models

from ...routing import address
from ...routing.incoming import group, reader
from ...routing.incoming.automatic import is_automatic
from ...routing.mailbox import raw_mail
from ...routing.outgoing.header import set_address_header
from ...routing.signed_id import read_id
from ...routing.token import split_token
from ..outgoing.mail_signature import HEADER, read_signature
from .incoming_mail import incoming_of

# Every mail that this database sent has one of these in its headers; other mail needs no further look.
_OURS = re.compile(rf"{HEADER}|X-Odoo-Message-Id|-openerp-|<mcr-own-".encode(), re.IGNORECASE)
# How many of the newest messages of a document may have gone to another company before.
_MAX_MESSAGES = 200
# Message types that Odoo writes by itself.
_AUTOMATIC = ("auto_comment", "notification", "user_notification")


class SentMail(NamedTuple):
    """A mail that this database sent: its headers, and its message if that still exists."""

    mail: group.OwnMail
    head: object
    message: models.Model
    sender_id: int
    is_genuine: bool

    @property
    def recipients(self):
        """Pairs of a header's name and an address."""
        return reader.recipients(self.head)


class MailIncomingCopy(models.AbstractModel):
    """Mail from one company of this database to another is incoming mail there.

    It gathers what ``routing.incoming.group`` needs to decide who takes the mail in, and applies it to the parsed copy.
    """

    _name = "mail.incoming.copy"
    _description = "Copy of a Mail From Another Company"

    @api.model
    def _copies(self, message, forced=None):
        """Return the copies to take in of a mail that this database sent; none for own mail and mail from outside.

        :param forced: whether a person placed the mail: then the current company alone takes it in
        """
        table = self.env["mail.routing"]._routing_table()
        if table.is_idle or len(table.companies) < 2:
            return ()
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        sent = self._sent_mail(raw_mail.head(raw))
        if not sent:
            return ()
        answered = self._answered(table, sent)
        company_ids = group.receivers(
            table,
            sent.mail,
            sent.recipients,
            self._destinations(table, sent, answered),
            self.env["mail.thread"]._mailbox_company_id(),
        )
        if forced:
            company_ids = sorted(company_ids, key=lambda company_id: company_id != self.env.company.id)[:1]
        return tuple(self._copy(table, sent, answered, company_id) for company_id in company_ids)

    @api.model
    def _sent_mail(self, head):
        """Return the :class:`SentMail` for the raw headers of a mail; None if this database did not send it.

        Found by its signature, else by a known Message-Id of Odoo's form: a provider may drop headers.
        """
        if not _OURS.search(head):
            return None
        head = raw_mail.read_head(head)
        signed = read_signature(self.env, head)
        message_id = signed.message_id if signed else self._claimed_id(head)
        found = self.env["mail.message"].sudo()
        found = found.search([("message_id", "in", [message_id, group.original_id(message_id)])], order="id")
        message = found.filtered(lambda known: known.message_id == message_id)[:1]
        if not (signed or message):
            return None
        companies = found._companies()
        sender_id = (signed and signed.company_id) or companies.get(message)
        mail = group.OwnMail(
            message_id=group.original_id(message_id),
            company_ids=frozenset({sender_id, *companies.values(), *found.sender_company_id.ids} - {None}),
            is_automatic=is_automatic(head) or message.message_type in _AUTOMATIC,
            is_internal=message.is_internal or message.subtype_id.internal,
        )
        return SentMail(mail, head, message, sender_id, bool(signed)) if sender_id else None

    @api.model
    def _claimed_id(self, head):
        """Return the Message-Id of a mail without a signature; empty if it is not of Odoo's form."""
        claimed = [*reader.headers(head, "Message-Id"), *reader.headers(head, "X-Odoo-Message-Id")]
        return next((message_id for message_id in claimed if "-openerp-" in message_id), "")

    @api.model
    def _answered(self, table, sent):
        """Return what a mail answers in each company it is addressed to: its references, and the message or None.

        :return dict: pairs by the company's id
        """
        newest_first = reader.message_ids(reader.header(sent.head, "References"))[::-1]
        newest_first = [message_id for message_id in newest_first if not read_id(message_id)]
        references = [*reader.message_ids(reader.header(sent.head, "In-Reply-To")), *newest_first]
        originals = list(dict.fromkeys(map(group.original_id, references)))
        messages = self.env["mail.message"].sudo()
        company_ids = group.addressed(table, sent.recipients, self.env["mail.thread"]._mailbox_company_id())
        copies = {c: {message_id: messages._copy_id(message_id, c) for message_id in originals} for c in company_ids}
        wanted = [*originals, *(copied for ids in copies.values() for copied in ids.values())]
        found = messages.search([("message_id", "in", wanted)], order="id") if originals else messages
        companies = found._companies()
        known = group.by_id((message.message_id, company_id) for message, company_id in companies.items())
        result = {}
        for company_id in company_ids:
            own = group.own_references(originals, known, company_id, copies[company_id], sent.mail.is_automatic)
            there = {message.message_id: message for message in found if companies[message] == company_id}
            parent = next((there[message_id] for message_id in own if message_id in there), None)
            if not parent and company_id not in sent.mail.company_ids:
                parent = self._sent_before(sent.message, company_id)
                own = [*parent.mapped("message_id"), *own]
            result[company_id] = " ".join(reversed(own)), parent
        return result

    @api.model
    def _sent_before(self, message, company_id):
        """Return a company's copy of the newest mail about the same document; empty if there is none.

        Core's References name only the newest messages of the document (an early 16.0: its first). It reads no bodies.
        """
        if not (message.model and message.res_id):
            return message.browse()
        same = [("model", "=", message.model), ("res_id", "=", message.res_id), ("id", "!=", message.id)]
        messages = message.search(same, order="id desc", limit=_MAX_MESSAGES)
        messages._read(["message_id"])
        copies = [message._copy_id(known.message_id, company_id) for known in messages if known.message_id]
        copies = message.search([("message_id", "in", copies)], order="id desc") if copies else message.browse()
        return next((copy for copy, company in copies._companies().items() if company == company_id), copies[:0])

    @api.model
    def _destinations(self, table, sent, answered):
        """Return what the addresses of a mail lead to; takes two queries."""
        companies = group.addressed(table, sent.recipients, self.env["mail.thread"]._mailbox_company_id())
        emails = sorted(set().union(*companies.values()))
        aliases = self.env["mail.alias"].sudo().search([("alias_name", "in", list(map(address.local, emails)))])
        # an alias without a domain answers for all domains
        names = {(alias.alias_name, alias.mail_domain_id.name) for alias in aliases}
        users = self.env["res.users"].sudo().search([("email_normalized", "in", emails), ("share", "=", False)])
        return group.Destinations(
            aliases=frozenset(
                email
                for email in emails
                if not names.isdisjoint((address.local(email), name) for name in (address.domain(email), False))
            ),
            users=frozenset(users.mapped("email_normalized")),
            answered=frozenset(
                [company_id for company_id, (_references, parent) in answered.items() if parent]
                + self._companies_of_tokens(sent.recipients)
            ),
        )

    @api.model
    def _companies_of_tokens(self, recipients):
        """Return the companies of the messages that the tokens in sub-addresses lead to."""
        tokens = {token for _header, email in recipients if (token := split_token(email)[1])}
        messages = self.env["mail.message"].sudo()
        messages = messages.concat(*(messages._of_reply_token(token) for token in tokens))
        return [company_id for company_id in messages._companies().values() if company_id]

    @api.model
    def _copy(self, table, sent, answered, company_id):
        """Return the copy of a mail for a company.

        It has the author of the message only if the mail is signed and comes from an address of the sending company:
        a signature alone can be copied from one mail to another.
        """
        references, parent = answered[company_id]
        email_from = address.first(reader.header(sent.head, "From"))
        message = sent.message if sent.is_genuine else sent.message.browse()
        is_from = address.same(email_from, address.first(message.email_from))
        is_from = is_from or group.is_sender(table, sent.sender_id, email_from)
        return group.CrossCompanyCopy(
            message_id=message._copy_id(sent.mail.message_id, company_id),
            company_id=company_id,
            sender_id=sent.sender_id,
            references=references,
            parent_id=parent and parent.id,
            author_id=(is_from and message.author_id.id) or None,
            email_from=message.email_from or "",
            answer_to=group.answer_address(table, sent.sender_id, reader.header(sent.head, "Reply-To")),
            is_automatic=sent.mail.is_automatic,
        )

    @api.model
    def _address(self, copy, message, message_dict):
        """Set the author of a parsed copy, and leave out recipients in other companies, which get their own copy."""
        self._record(copy)
        table = self.env["mail.routing"]._routing_table()
        reader.replace_recipients(message, group.own_recipients(table, reader.recipients(message), copy.company_id))
        for name in ("to", "recipients"):
            message_dict[name] = group.own_addresses(table, message_dict[name], copy.company_id)
        if copy.author_id:
            # aliases that only take mail from employees read the header itself
            set_address_header(message, "From", copy.email_from)
            message_dict.update({"author_id": copy.author_id, "email_from": copy.email_from, "from": copy.email_from})
        self._thread(copy, message_dict)

    @api.model
    def _thread(self, copy, message_dict):
        """Give a copy its Message-Id, and attach it to the message that it answers in its company."""
        for name in ("parent_id", "is_internal"):
            message_dict.pop(name, None)
        parent = self.env["mail.message"].sudo().browse(copy.parent_id)
        message_dict.update(
            self.env["mail.thread"]._message_parse_extract_from_parent(parent),
            message_id=copy.message_id,
            references=copy.references,
            in_reply_to=parent.message_id or "",
            sender_company_id=copy.sender_id,
            answer_to=copy.answer_to,
        )

    @api.model
    def _record(self, copy):
        """Record why a mail that this database sent is taken in."""
        companies = self.env["res.company"].sudo()
        names = {"sender": companies.browse(copy.sender_id).name, "company": companies.browse(copy.company_id).name}
        why = _("%(sender)s sent it to %(company)s, which receives it.", **names)
        incoming_of(self.env).record(rule="group", reason=why)
