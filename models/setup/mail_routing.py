from collections import defaultdict

from odoo import api, models, tools

from ...routing import address
from ...routing.rows import Domain, Server
from ...routing.table import RoutingTable

# Where a transaction that has changed a row of the table keeps what stands for it, until its end.
CHANGED = "mail_company_routing.changed"
# Stands for the server in odoo.conf if core wants the id of a record; without an id, core would look for a record.
CONFIG_SERVER_ID = -1


def _watch_savepoints(cr):
    """Let a savepoint that is taken back take the table along, which may know what happened in it.

    Core tells nobody but the transaction's own caches, by ``Transaction.clear``.
    """
    transaction = cr.transaction
    if "clear" in vars(transaction):
        return
    clear = transaction.clear

    def clear_with_table():
        clear()
        if CHANGED in cr.postcommit.data:
            cr.postcommit.data[CHANGED] = object()

    transaction.clear = clear_with_table


class MailRouting(models.AbstractModel):
    """Builds the routing table, and tells every room about servers and companies."""

    _name = "mail.routing"
    _description = "Mail Routing"

    @api.model
    def _routing_table(self):
        """Return the routing table of this database, built in a constant number of queries, cached until a row changes.

        A transaction that has changed a row has a table of its own: the caches are those of all threads of a process,
        and the others neither know its rows yet, nor shall they if it fails.

        :rtype: RoutingTable
        """
        return self._cached_table(self.env.cr.postcommit.data.get(CHANGED))

    @api.model
    def _drop_table(self):
        """Drop the table now, and when the change is committed: meanwhile another thread may build the old one."""
        self.clear_caches()
        postcommit = self.env.cr.postcommit
        if CHANGED not in postcommit.data:
            postcommit.add(self.clear_caches)
            _watch_savepoints(self.env.cr)
        postcommit.data[CHANGED] = object()

    @api.model
    @tools.ormcache("transaction")
    def _cached_table(self, transaction):
        """Build the table.

        :param transaction: stands for one that has changed a row, None for all others
        """
        # the cached table serves all users, so it must not depend on the context of the first caller
        everything = self.env(su=True, context={"active_test": False})
        mailboxes = everything["fetchmail.server"].search(
            [("active", "=", True), ("state", "=", "done"), ("server_type", "!=", "local")]
        )
        servers = [server._routing_row() for server in everything["ir.mail_server"].search([])]
        if self._is_config_server_set():
            servers.append(self._config_server())
        return RoutingTable.build(
            companies=[company._routing_row() for company in everything["res.company"].search([])],
            servers=servers,
            mailboxes=[row for mailbox in mailboxes if (row := mailbox._routing_row())],
            domains=[domain._routing_row() for domain in everything["mail.routing.domain"]._routed()],
            identities=[identity._routing_row() for identity in everything["mail.sender.identity"].search([])],
            fallback=everything["mail.routing"]._fallback_domain(),
            odoo_sender=tools.email_normalize(everything["ir.mail_server"]._get_default_from_address()) or "",
            has_domain_aliases=bool(everything["mail.alias"].search([("mail_domain_id", "!=", False)], limit=1)),
        )

    @api.model
    def _fallback_domain(self):
        """Return what the system parameters say, for companies without an alias domain."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return Domain(
            id=0,
            name=address.wire_filter(get_param("mail.catchall.domain")),
            bounce=get_param("mail.bounce.alias") or "",
            catchall=get_param("mail.catchall.alias") or "",
            default_from=get_param("mail.default.from") or "",
        )

    @api.model
    def _server(self, server_id):
        """Return the server of this id; without an id, the one in odoo.conf."""
        if not server_id or server_id == CONFIG_SERVER_ID:
            return self._config_server()
        known = self._routing_table().servers.get(server_id)
        # a worker in a long transaction does not hear of a server that was added meanwhile
        return known or self.env["ir.mail_server"].sudo().browse(server_id)._routing_row()

    @api.model
    def _config_server(self, host=None, login=None):
        """Return the server that has no record: the one in odoo.conf, or one given by its host."""
        config = tools.config
        login = login or config.get("smtp_user") or ""
        needs_address = login and not host and not address.find(login)
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return Server(
            id=None,
            name=host or config.get("smtp_server") or "odoo.conf",
            login=login,
            # core's default sender for mails without an author, and the only address that odoo.conf knows
            sender_address=(needs_address and config.get("email_from")) or "",
            from_filter=address.wire_filter(get_param("mail.default.from_filter", config.get("from_filter"))),
        )

    @api.model
    def _is_config_server_set(self):
        """Tell whether odoo.conf names a mail server that may send for this database.

        Odoo's default, localhost without a login, names none. A neutralized database has a dummy server in its place.
        """
        config = tools.config
        if self.env["ir.config_parameter"].sudo().get_param("database.is_neutralized"):
            return False
        return bool(config.get("smtp_user")) or config.get("smtp_server") not in (None, False, "", "localhost")

    @api.model
    def _owner_companies(self, owners):
        """Return the companies of records of any models, in one query for each model.

        :param owners: iterable of (model, id), either perhaps empty
        :return dict: company id by (model, id), without those that are gone or have no company
        """
        ids_by_model = defaultdict(set)
        for model, res_id in owners:
            if res_id and self._has_company(model):
                ids_by_model[model].add(res_id)
        return {
            (model, record.id): record.company_id.id
            for model, ids in ids_by_model.items()
            for record in self.env[model].sudo().browse(ids).exists()
            if record.company_id
        }

    @api.model
    def _has_company(self, model):
        """Tell whether records of this model belong to a company; a model may be gone with its module."""
        field = self.env[model]._fields.get("company_id") if model in self.env else None
        return bool(field) and field.comodel_name == "res.company"
