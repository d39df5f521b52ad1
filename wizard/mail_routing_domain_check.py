from odoo import models


class MailRoutingDomain(models.Model):
    _inherit = "mail.routing.domain"

    def action_check_dns(self):
        """Read the DNS of this domain, and show what is right and wrong with it."""
        self.ensure_one()
        check = self.env["mail.domain.check"]._check(self)
        return {
            "type": "ir.actions.act_window",
            "name": check._description,
            "res_model": check._name,
            "res_id": check.id,
            "view_mode": "form",
        }
