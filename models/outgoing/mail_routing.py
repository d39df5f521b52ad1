from dataclasses import replace

from odoo import api, models

from ...routing import address
from ...routing.outgoing.author import choose_author, moved_addresses
from ...routing.outgoing.company import choose_company
from ...routing.outgoing.decision import RoutingRequest, decide
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
           coalesce(message.writer_id, message.create_uid) AS writer_id, {{mailing}} AS mailing_id
      FROM mail_mail AS mail
      JOIN mail_message AS message ON message.id = mail.mail_message_id
     WHERE mail.id IN %s
"""


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
        origins, authors = self._origins(rows)
        messages = self.env["mail.message"].sudo().browse([row["message_id"] for row in rows.values()])
        tokens = {message.id: message._reply_token() for message in messages} if table.makes_tokens else {}
        made_up = self._made_up_addresses(row[name] for row in rows.values() for name in ("reply_to", "email_from"))
        servers = {} if server else self._servers_of_mails(rows.values())
        asked = {
            mail_id: RoutingRequest(
                **self._company_values(table, origins[mail_id]),
                **servers.get((row["mail_server_id"], row["email_from"]), {"server": server}),
                author=row["email_from"] or "",
                reply_to=row["reply_to"] or "",
                reply_to_force_new=bool(row["reply_to_force_new"]),
                written_company_id=row["record_company_id"],
                token=tokens.get(row["message_id"], ""),
                **made_up,
                **self._author_values(authors.get(row["author_id"]), origins[mail_id].writer),
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
        # those of the addon mass_mailing, which is no dependency
        mailing = ["mailing_id"] if "mailing_id" in mails._fields else []
        self.env["mail.mail"].flush_model(["mail_message_id", *mailing])
        query = _READ_MESSAGES.format(mailing="mail.mailing_id" if mailing else "NULL")
        self.env.cr.execute(query, [tuple(mails.ids) or (0,)])
        rows = {row["mail_id"]: row for row in self.env.cr.dictfetchall()}
        return {mail_id: rows[mail_id] for mail_id in mails.ids if mail_id in rows}

    @api.model
    def _servers_of_mails(self, rows):
        """Return the servers that the ladder does not choose: those set on a mail, and Odoo's if Odoo chooses.

        :param rows: iterable of dicts of columns of ``mail_message``
        :return dict: values of :class:`RoutingRequest` by (id of the server that was set, From header)
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
    def _company_values(self, table, origin):
        """Return the company of a mail and why, as values of :class:`RoutingRequest`."""
        company_id, why = choose_company(table, origin)
        return {"company_id": company_id, "why_company": why}

    @api.model
    def _author_values(self, author, writer):
        """Return what the decision needs of an author who is an internal user: nobody opens more doors than the writer.

        :param Person author: None for anybody else
        :param Person writer: None if that is no internal user
        :return dict: values of :class:`RoutingRequest`
        """
        if not author:
            return {}
        return {
            "user_id": author.user_id,
            "user_emails": tuple(entry.email for entry in address.parse(author.email)),
            "user_company_ids": tuple(id_ for id_ in author.company_ids if not writer or id_ in writer.company_ids),
        }

    @api.model
    def _made_up_addresses(self, headers):
        """Return the addresses of From and Reply-To that Odoo makes up and only a catch-all delivers.

        :param headers: decoded From and Reply-To headers
        :return dict: ``catchall_only``, catchalls and the like, ``aliases`` and ``domain_aliases``, each a frozenset
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
            "catchall_only": frozenset(email for email in replies if local[email] in names),
            "aliases": frozenset(email for email in replies if local[email] in alias_names),
            "domain_aliases": frozenset(
                f"{alias.alias_name}@{alias.mail_domain_id.name}" for alias in aliases if alias.mail_domain_id
            ).intersection(replies),
        }

    @api.model
    def _own_sender(self):
        """Return the From header that the current user has in the active company, empty if nothing is set up."""
        table, user = self._routing_table(), self.env.user
        _by_partner, by_user = self._people((), user.ids)
        if table.is_idle or user.id not in by_user:
            return ""
        company_id = self.env["mail.message"]._writing_company_id()
        author = self._author_values(by_user[user.id], None)
        asked = RoutingRequest(company_id=company_id, author=user.email_formatted, **author)
        asked = replace(asked, owners=self._users_with_email(moved_addresses(table, asked)))
        header, _why = choose_author(table, asked, table.company(company_id), leaves=True)
        return "" if table.has_foreign(header, company_id) else header

    @api.model
    def _decide_message(self, message, server=None, company=None):
        """Decide the route of a message without a ``mail.mail``, for the current company or another."""
        author, reply_to = (str(message[name] or "") for name in ("From", "Reply-To"))
        mail = RoutingRequest(
            company_id=company.id if company else self.env["mail.message"]._writing_company_id(),
            server=server,
            author=author,
            reply_to=reply_to,
            **self._made_up_addresses([author, reply_to]),
        )
        return decide(self._routing_table(), mail)
