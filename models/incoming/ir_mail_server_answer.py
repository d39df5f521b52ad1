from odoo import api, models

from ..context import ANSWER_KEY


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_default_bounce_address(self):
        """Let somebody stand behind an automatic answer; core would take the incoming mail's recipient."""
        return super()._get_default_bounce_address() or self.env.context.get(ANSWER_KEY)
