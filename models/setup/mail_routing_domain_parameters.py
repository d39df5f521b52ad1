import logging

from psycopg2 import IntegrityError

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

# What the system parameters say of a domain, by field.
PARAMETERS = {
    "name": "mail.catchall.domain",
    "catchall_alias": "mail.catchall.alias",
    "bounce_alias": "mail.bounce.alias",
    "default_from": "mail.default.from",
}
# An order in a list, and a place in the archive, say nothing of a domain.
EDITS = frozenset(PARAMETERS) | {"company_id", "fetchmail_server_id", "mail_server_id", "reply_to_domain_id"}
USES = (
    ("res.company", "mail_domain_id"),
    ("mail.routing.domain", "reply_to_domain_id"),
    ("mail.alias", "mail_domain_id"),
)


class MailRoutingDomain(models.Model):
    """The first alias domain is what the system parameters say, and changes nothing until somebody sets something.

    Odoo 17 makes its first ``mail.alias.domain`` of the parameters in the same way, and drops them. Here they stay
    what counts: the routing table knows them as its ``fallback``, so it leaves this domain out.
    """

    _inherit = "mail.routing.domain"

    follows_parameters = fields.Boolean(
        string="From System Parameters",
        readonly=True,
        copy=False,
        help="This domain is the one of the system parameters (General Settings > Discuss > Alias Domain, e.g. "
        "example.com) and follows them. Once you change it here, it stands for itself.",
    )

    def write(self, vals):
        """Let a domain that somebody edits stand for itself."""
        if "follows_parameters" not in vals and not EDITS.isdisjoint(vals):
            vals = {**vals, "follows_parameters": False}
        return super().write(vals)

    @api.model
    def _create_first(self):
        """Make the first alias domain of the system parameters, as Odoo 17 does when it is installed."""
        values = self._parameter_values()
        if values["name"] and not self.with_context(active_test=False).search([], limit=1):
            self._try(lambda: self.create({**values, "follows_parameters": True}))

    @api.model
    def _follow_parameters(self):
        """Bring the domain that follows the system parameters up to date with them.

        Where they say nothing that a domain may be, it goes, or stands for itself if something uses it. Odoo takes
        any text as a parameter, and must go on doing so.
        """
        first = self.with_context(active_test=False).search([("follows_parameters", "=", True)])
        if not first:
            return
        values = self._parameter_values()
        if values["name"] and self._try(lambda: first.write({**values, "follows_parameters": True})):
            return
        if first._is_used():
            first.follows_parameters = False
        else:
            first.unlink()

    @api.model
    def _routed(self):
        """Return the domains that the routing table knows: the active ones, but no unused copy of the parameters."""
        domains = self.search([("active", "=", True)])
        first = domains.filtered("follows_parameters")
        return domains if not first or first._is_used() else domains - first

    def _is_used(self):
        """Tell whether a company, a domain or an alias names one of these domains."""
        everything = self.sudo().with_context(active_test=False).env
        return any(everything[model].search([(field, "in", self.ids)], limit=1) for model, field in USES)

    @api.model
    def _parameter_values(self):
        """Return the values of the domain that the system parameters describe; an empty name if they describe none."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return {field: (get_param(key) or "").strip() or False for field, key in PARAMETERS.items()}

    @api.model
    def _try(self, change):
        """Tell whether a change can be made; log why not, and undo it."""
        try:
            with self.env.cr.savepoint(), tools.mute_logger("odoo.sql_db"):
                change()
                self.env.flush_all()
            return True
        except (ValidationError, IntegrityError) as error:
            _logger.warning("The system parameters describe no alias domain, so none is made of them: %s", error)
            return False
