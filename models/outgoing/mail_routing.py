from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models

from ...routing import address
from ...routing.outgoing.author import moved_addresses
from ...routing.outgoing.decision import Mail, decide
from ...routing.reason import Reason

# The columns that it reads of each mail's message.
MESSAGE_COLUMNS = (
    "author_id",
    "email_from",
    "mail_server_id",
    "model",
    "permitted_company_id",
    "record_company_id",
    "reply_to",
    "reply_to_force_new",
    "res_id",
)
_READ_MESSAGES = f"""
    SELECT mail.id AS mail_id, mail.mail_message_id AS message_id, {", ".join(f"message.{c}" for c in MESSAGE_COLUMNS)},
           coalesce(message.writer_id, message.create_uid) AS writer_id
      FROM mail_mail AS mail
      JOIN mail_message AS message ON message.id = mail.mail_message_id
     WHERE mail.id IN %s
"""
_READ_USERS = """
    SELECT users.partner_id, users.id, users.company_id, partner.email, array_agg(membership.cid)
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
      JOIN res_company_users_rel AS membership ON membership.user_id = users.id
     WHERE (users.partner_id IN %s OR users.id IN %s)
       AND users.share IS NOT TRUE
       AND users.id != %s
  GROUP BY users.id, partner.email
  ORDER BY users.login
"""
_READ_EMAILS = """
    SELECT users.id, partner.email
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
     WHERE users.share IS NOT TRUE
       AND (lower(partner.email) IN %s OR partner.email !~* %s)
"""
# Other e-mails, such as two addresses in one field, are read by Python.
_PLAIN_ADDRESS = r"^[a-z0-9._+-]+@[a-z0-9.-]*[a-z0-9]$"


class Person(NamedTuple):
    """An internal user: the id, the default company, the e-mail as it is stored, and the companies."""

    user_id: int
    company_id: int
    email: str | None
    company_ids: list


class MailRouting(models.AbstractModel):
    """Gathers what the decision about mails needs, and asks for it; the decision itself is in ``routing/outgoing``."""

    _inherit = "mail.routing"

    @api.model
    def _decide(self, mails, server=None):
        """Decide the routes of outgoing mails, in a number of queries that does not grow with them.

        :param mails: ``mail.mail`` records of any companies
        :param Server server: the one they leave through; else each mail's forced one, else the ladder's choice
        :return dict: route by mail id; a mail that was deleted meanwhile has none
        """
        table = self._routing_table()
        rows = self._read_messages(mails)
        owners = self._owner_companies((row["model"], row["res_id"]) for row in rows.values())
        authors, writers = self._authors_and_writers(rows.values())
        messages = self.env["mail.message"].sudo().browse([row["message_id"] for row in rows.values()])
        tokens = {message.id: message._reply_token() for message in messages} if table.makes_tokens else {}
        made_up = self._made_up_addresses(row[name] for row in rows.values() for name in ("reply_to", "email_from"))
        servers = {} if server else self._servers_of_mails(rows.values())
        asked = {
            mail_id: Mail(
                **self._mail_company(row, owners, writers.get(row["writer_id"])),
                **servers.get((row["mail_server_id"], row["email_from"]), {"server": server}),
                author=row["email_from"] or "",
                reply_to=row["reply_to"] or "",
                reply_to_force_new=bool(row["reply_to_force_new"]),
                token=tokens.get(row["message_id"], ""),
                **made_up,
                **self._author(authors.get(row["author_id"]), writers.get(row["writer_id"])),
            )
            for mail_id, row in rows.items()
        }
        users = self._users_with_email(set().union(*(moved_addresses(table, mail) for mail in asked.values())))
        return {mail_id: decide(table, replace(mail, owners=users)) for mail_id, mail in asked.items()}

    @api.model
    def _read_messages(self, mails):
        """Return what the decision needs of the messages of mails that still exist, in one query.

        Not as records: reading a field of a thousand records takes as long as deciding about them.

        :return dict: by mail id, a dict of columns of ``mail_message``, in the order of the mails
        """
        self.env["mail.message"].flush_model([*MESSAGE_COLUMNS, "writer_id"])
        self.env["mail.mail"].flush_model(["mail_message_id"])
        self.env.cr.execute(_READ_MESSAGES, [tuple(mails.ids) or (0,)])
        rows = {row["mail_id"]: row for row in self.env.cr.dictfetchall()}
        return {mail_id: rows[mail_id] for mail_id in mails.ids if mail_id in rows}

    @api.model
    def _servers_of_mails(self, rows):
        """Return the servers that the ladder does not choose: those set on a mail, and Odoo's if Odoo chooses.

        :param rows: iterable of dicts of columns of ``mail_message``
        :return dict: values of :class:`Mail` by (id of the server that was set, From header)
        """
        asked = {(row["mail_server_id"], row["email_from"]) for row in rows}
        found = {key: {"server": self._server(key[0]), "why_server": Reason.SERVER_FORCED} for key in asked if key[0]}
        if not self._routing_table().chooses_servers:
            choose = self.env["ir.mail_server"]._odoo_chooser()
            for server_id, author in asked - found.keys():
                server, smtp_from = choose(author or "")
                found[server_id, author] = {"server": server, "smtp_from": smtp_from}
        return found

    @api.model
    def _authors_and_writers(self, rows):
        """Return the internal users who are authors of messages, or wrote them, in one query, without OdooBot.

        :param rows: iterable of dicts of columns of ``mail_message``
        :return tuple: :class:`Person` by the id of the author's partner, and by the id of the user
        """
        partner_ids, user_ids = ({row[name] for row in rows if row[name]} for name in ("author_id", "writer_id"))
        self.env["res.users"].flush_model(["company_id", "company_ids", "login", "partner_id", "share"])
        self.env["res.partner"].flush_model(["email"])
        self.env.cr.execute(_READ_USERS, [tuple(partner_ids) or (0,), tuple(user_ids) or (0,), SUPERUSER_ID])
        found = [(row[0], Person(*row[1:])) for row in self.env.cr.fetchall()]
        return dict(found), {person.user_id: person for _partner_id, person in found}

    @api.model
    def _users_with_email(self, emails):
        """Return the internal users, archived ones as well, who have these addresses as their e-mail, in one query.

        :param emails: addresses in the form of :func:`address.key`
        :return dict: ids of users by address, without addresses that no user has
        """
        if not emails:
            return {}
        self.env["res.users"].flush_model(["partner_id", "share"])
        self.env["res.partner"].flush_model(["email"])
        self.env.cr.execute(_READ_EMAILS, [tuple(emails), _PLAIN_ADDRESS])
        found = defaultdict(set)
        for user_id, email in self.env.cr.fetchall():
            for entry in address.parse(email):
                found[address.key(entry.email)].add(user_id)
        return {email: frozenset(found[email]) for email in emails if email in found}

    @api.model
    def _author(self, author, writer):
        """Return what the decision needs of an author who is an internal user: nobody opens more doors than the writer.

        :param Person author: None for anybody else
        :param Person writer: None if that is no internal user
        :return dict: values of :class:`Mail`
        """
        if not author:
            return {}
        return {
            "user_id": author.user_id,
            "user_emails": tuple(entry.email for entry in address.parse(author.email)),
            "user_company_ids": tuple(id_ for id_ in author.company_ids if not writer or id_ in writer.company_ids),
        }

    @api.model
    def _mail_company(self, row, owners, writer):
        """Return the company of a mail, and why: its record's, else the one active when it was written.

        An internal user who is no member of the record's company, and could not change the record when writing, sends
        as the own company.

        :param dict row: columns of ``mail_message``
        :param dict owners: company id of records, see :meth:`_owner_companies`
        :param Person writer: None if that is no internal user
        :return dict: values of :class:`Mail`
        """
        owner_id, written_id = owners.get((row["model"], row["res_id"])), row["record_company_id"]
        if writer:
            if written_id not in writer.company_ids:
                written_id = writer.company_id
            if owner_id and owner_id not in (*writer.company_ids, row["permitted_company_id"]):
                return {"company_id": written_id, "why_company": Reason.COMPANY_OF_WRITER}
        return {
            "company_id": owner_id or written_id or self.env.company.id,
            "why_company": Reason.COMPANY_OF_RECORD if owner_id else Reason.COMPANY_WHEN_WRITTEN,
        }

    @api.model
    def _made_up_addresses(self, headers):
        """Return the addresses of From and Reply-To that Odoo makes up and only a catch-all delivers.

        :param headers: decoded From and Reply-To headers
        :return dict: ``virtual``, catchalls and the like, ``aliases`` and ``domain_aliases``, each a frozenset
        """
        table = self._routing_table()
        if not table.domains and all(company.catchall_supported for company in table.companies.values()):
            return {}
        domains = {domain.name: domain for domain in (table.fallback, *table.domains.values()) if domain.name}
        replies = {reply.email for text in set(headers) for reply in address.parse(text)}
        replies = {email for email in replies if address.domain(email) in domains}
        if not replies:
            return {}
        local = {email: address.local(email).lower() for email in replies}
        aliases = self.env["mail.alias"].sudo().search([("alias_name", "in", list(local.values()))])
        alias_names = set(aliases.mapped("alias_name"))
        names = {company.reply_to_prefix for company in table.companies.values() if company.reply_to_prefix}
        names |= {name for domain in domains.values() for name in (domain.catchall, domain.bounce) if name}
        names = {name.lower() for name in names}
        return {
            "virtual": frozenset(email for email in replies if local[email] in names),
            "aliases": frozenset(email for email in replies if local[email] in alias_names),
            "domain_aliases": frozenset(
                f"{alias.alias_name}@{alias.mail_domain_id.name}" for alias in aliases if alias.mail_domain_id
            ).intersection(replies),
        }

    @api.model
    def _decide_message(self, message, server=None, company=None):
        """Decide the route of a message without a ``mail.mail``, for the current company or another."""
        author, reply_to = (str(message[name] or "") for name in ("From", "Reply-To"))
        mail = Mail(
            company_id=company.id if company else self.env["mail.message"]._writing_company_id(),
            server=server,
            author=author,
            reply_to=reply_to,
            **self._made_up_addresses([author, reply_to]),
        )
        return decide(self._routing_table(), mail)
