from odoo import api, models

# Set while an incoming mail is answered: who answers for a company whose alias domain has no bounce name.
ANSWER_KEY = "mail_company_routing_answer_from"


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_default_bounce_address(self):
        """Let somebody stand behind an automatic answer; core would take the incoming mail's recipient."""
        return super()._get_default_bounce_address() or self.env.context.get(ANSWER_KEY)
