from odoo import api, models

from ...routing import address
from ..context import DOMAIN_KEY


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """Return the company's values to code that reads the mail parameters in that company's mail flow."""
        # always ask core: it checks that the user may read parameters at all
        unchanged = super().get_param(key, default)
        domain_id = self.env.context.get(DOMAIN_KEY)
        # False is the id of an empty field: no domain, so as Odoo has it; a context from RPC may hold anything
        if isinstance(domain_id, bool) or not isinstance(domain_id, int) or key not in PARAMETERS:
            return unchanged
        domain = self.env["mail.routing"]._routing_table().domains.get(domain_id)
        return (domain and PARAMETERS[key](domain)) or default

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
