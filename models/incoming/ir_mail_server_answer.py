from odoo import api, models

from .arrival import placing_of


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_default_bounce_address(self):
        """Return a sender for an automatic answer; without one, core takes the recipient of the incoming mail."""
        placing = placing_of(self.env)
        return super()._get_default_bounce_address() or (placing and placing.answer_from)
