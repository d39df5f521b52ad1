from odoo import SUPERUSER_ID, api, models

from ...routing import address
from ..context import DOMAIN_KEY, InDomain, carried


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """Return the company's values to code that reads the mail parameters in that company's mail flow."""
        # always ask core: it checks that the user may read parameters at all
        unchanged = super().get_param(key, default)
        domain_id = self._domain_id() if key in PARAMETERS else None
        if domain_id is None:
            return unchanged
        domain = self.env["mail.routing"]._routing_table().domains.get(domain_id)
        return (domain and PARAMETERS[key](domain)) or default

    @api.model
    def _domain_id(self):
        """Return the id of the alias domain that the context names; 0: of none at all, None: all is as Odoo has it.

        A plain number may come from another addon, or from anybody by RPC, while core reads as superuser: it counts
        where the user belongs to the company of that domain.
        """
        if ours := carried(self.env, DOMAIN_KEY, InDomain):
            return ours.domain_id
        named = self.env.context.get(DOMAIN_KEY)
        if isinstance(named, bool) or not isinstance(named, int):
            return None
        domain = self.env["mail.routing"]._routing_table().domains.get(named)
        is_known = domain and (
            self.env.uid == SUPERUSER_ID
            or not domain.company_id
            or domain.company_id in self.env.user._get_company_ids()
        )
        return named if is_known else None

    @api.model_create_multi
    def create(self, vals_list):
        """Drop the routing table, and let the alias domain that follows the parameters know."""
        parameters = super().create(vals_list)
        self._tell_domain(parameters.mapped("key"))
        return parameters

    def write(self, vals):
        """Drop the routing table, and let the alias domain that follows the parameters know."""
        keys = self.mapped("key")
        result = super().write(vals)
        self._tell_domain([*keys, vals.get("key")])
        return result

    def unlink(self):
        """Drop the routing table, and let the alias domain that follows the parameters know."""
        keys = self.mapped("key")
        result = super().unlink()
        self._tell_domain(keys)
        return result

    def _tell_domain(self, keys):
        """Tell the routing table, and the alias domain that follows the parameters, if one of these keys matters."""
        if not PARAMETERS.keys().isdisjoint(keys):
            self.env["mail.routing"]._drop_table()
            # whoever may write parameters need not know of alias domains
            self.env["mail.routing.domain"].sudo()._follow_parameters()


PARAMETERS = {
    "mail.catchall.domain": lambda domain: domain.name,
    "mail.catchall.alias": lambda domain: domain.catchall,
    "mail.bounce.alias": lambda domain: domain.bounce,
    "mail.default.from": lambda domain: address.find(domain.default_from) or domain.default_from,
}
