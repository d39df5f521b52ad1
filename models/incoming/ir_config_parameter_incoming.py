from odoo import api, models

from .arrival import placing_of


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """While a mail is placed, count all alias domains as Odoo's own; hide the catchall if it must not answer."""
        value = super().get_param(key, default)
        placing = placing_of(self.env)
        if placing and placing.is_quiet and key == "mail.catchall.alias":
            return default
        if placing and value and key == "mail.catchall.domain.allowed":
            return ",".join([value, *self.env["mail.routing"]._routing_table().domains_by_name])
        return value
