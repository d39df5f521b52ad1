from collections import defaultdict

from odoo import _, api, models, tools
from odoo.exceptions import ValidationError

from ..routing import address
from ..routing.decision import Mail, decide
from ..routing.table import RoutingTable, Server

# The context key under which ``mail.mail._send`` hands on the route of the one mail that is being sent.
ROUTE_KEY = "mail_company_routing_route"


class MailRouting(models.AbstractModel):
    """Gathers what the decision needs, and asks for it; the decision itself is in ``routing/``."""

    _name = "mail.routing"
    _description = "Mail Routing"

    @api.model
    @tools.ormcache()
    def _routing_table(self):
        """Return the routing table of this database, built in a constant number of queries, cached until a row changes.

        :rtype: RoutingTable
        """
        everything = self.sudo().with_context(active_test=False).env
        mailboxes = everything["fetchmail.server"].search(
            [("active", "=", True), ("state", "=", "done"), ("server_type", "!=", "local")]
        )
        return RoutingTable.build(
            companies=[company._routing_row() for company in everything["res.company"].search([])],
            servers=[server._routing_row() for server in everything["ir.mail_server"].search([])],
            mailboxes=[row for mailbox in mailboxes if (row := mailbox._routing_row())],
        )

    @api.model
    def _decide(self, mails, server=None):
        """Decide the routes of outgoing mails, in a number of queries that does not grow with them.

        :param mails: ``mail.mail`` records of any companies
        :param Server server: the one they leave through; else each mail's forced one, else the one that
            ``_find_mail_server`` names for its author
        :return dict: route by mail id; a mail that was deleted meanwhile has none
        """
        mails = mails.sudo().exists()
        table = self._routing_table()
        companies = self._mail_companies(mails)
        virtual = self._virtual_addresses(mails.mapped("reply_to"))
        return {
            mail.id: decide(
                table,
                Mail(
                    company_id=companies[mail.id],
                    server=server or self._mail_server(mail),
                    author=mail.email_from or "",
                    reply_to=mail.reply_to or "",
                    reply_to_force_new=mail.reply_to_force_new,
                    virtual=virtual,
                ),
            )
            for mail in mails
        }

    @api.model
    def _decide_message(self, message, server):
        """Decide the route of a message that no ``mail.mail`` stands behind, for the current company."""
        mail = Mail(
            company_id=self.env.company.id,
            server=server,
            author=str(message["From"] or ""),
            reply_to=str(message["Reply-To"] or ""),
            virtual=self._virtual_addresses([str(message["Reply-To"] or "")]),
        )
        return decide(self._routing_table(), mail)

    @api.model
    def _mail_server(self, mail):
        """Return the server of one mail whose session is not open yet."""
        record = mail.mail_server_id
        if not record:
            record, _smtp_from = self.env["ir.mail_server"]._find_mail_server(mail.email_from)
        return self._server(record.id)

    @api.model
    def _server(self, server_id):
        """Return the server of this id; without an id, the one in odoo.conf."""
        if not server_id:
            return self._config_server()
        known = self._routing_table().servers.get(server_id)
        # a worker in a long transaction does not hear of a server that was added meanwhile
        return known or self.env["ir.mail_server"].sudo().browse(server_id)._routing_row()

    @api.model
    def _config_server(self, host=None, login=None):
        """Return the server that has no record: the one in odoo.conf, or one given by its host."""
        config = tools.config
        return Server(
            id=None,
            name=host or config.get("smtp_server") or "odoo.conf",
            login=login or config.get("smtp_user") or "",
            sender_address=("" if host else config.get("email_from")) or "",
        )

    @api.model
    def _mail_companies(self, mails):
        """Return the company of each mail: its record's, else the one active when it was written.

        :return dict: company id by mail id
        """
        mails = mails.sudo()
        ids_by_model = defaultdict(set)
        for mail in mails:
            if mail.res_id and self._has_company(mail.model):
                ids_by_model[mail.model].add(mail.res_id)
        owners = {}
        for model, ids in ids_by_model.items():
            for record in self.env[model].sudo().browse(ids).exists():
                owners[model, record.id] = record.company_id.id
        return {
            mail.id: owners.get((mail.model, mail.res_id)) or mail.record_company_id.id or self.env.company.id
            for mail in mails
        }

    @api.model
    def _has_company(self, model):
        """Tell whether records of this model belong to a company; a model may be gone with its module."""
        field = self.env[model]._fields.get("company_id") if model in self.env else None
        return bool(field) and field.comodel_name == "res.company"

    @api.model
    def _virtual_addresses(self, reply_tos):
        """Return those addresses of Reply-To headers that only a catch-all delivers: aliases and the catchall.

        :param reply_tos: decoded Reply-To headers
        :rtype: frozenset
        """
        if all(company.catchall_supported for company in self._routing_table().companies.values()):
            return frozenset()
        get_param = self.env["ir.config_parameter"].sudo().get_param
        domain = address.find(f"any@{get_param('mail.catchall.domain')}") or "@"
        replies = {reply.email for text in set(reply_tos) for reply in address.parse(text)}
        local_by_email = {
            email: address.local(email).lower() for email in replies if address.domain(email) == address.domain(domain)
        }
        if not local_by_email:
            return frozenset()
        aliases = self.env["mail.alias"].sudo().search([("alias_name", "in", list(local_by_email.values()))])
        names = {get_param("mail.catchall.alias"), get_param("mail.bounce.alias"), *aliases.mapped("alias_name")}
        return frozenset(email for email, local in local_by_email.items() if local in names)

    @api.model
    def _unknown_sender_message(self, server):
        """Return in the user's language why a server cannot send, and what to set."""
        return _(
            'The mail server "%(server)s" only takes its own mailbox as sender, but its username "%(login)s" is no '
            "e-mail address. Set its Sender Address (for the server in odoo.conf: email_from).",
            server=server.name,
            login=server.login,
        )

    @api.model
    def _check_address(self, record, field_name):
        """Refuse a field's value that is no single bare address.

        :raises ValidationError: it names the record, the field and what is wrong
        """
        try:
            address.check(record[field_name])
        except address.BadAddress as error:
            problem = {
                "control": _("it contains a line break or another control character"),
                "at": _("it must contain exactly one @"),
                "local": _("the part before the @ is empty or has characters that no mail server takes"),
                "domain": _("the part behind the @ is no domain"),
            }[error.problem]
            raise ValidationError(
                _(
                    '%(field)s of "%(record)s" is no e-mail address: %(problem)s.',
                    field=record._fields[field_name].get_description(self.env, ["string"])["string"],
                    record=record.display_name,
                    problem=problem,
                )
            ) from error
