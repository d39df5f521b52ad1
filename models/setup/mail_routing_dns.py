from odoo import api, models

from ...routing.dns import Resolver


class MailRouting(models.AbstractModel):
    _inherit = "mail.routing"

    @api.model
    def _resolver(self):
        """Return what reads the DNS.

        The system parameter ``mail_company_routing.nameserver`` names another server than the system's, e.g.
        ``192.0.2.53`` or ``127.0.0.1:5353``: the addresses that Odoo's network sees may differ from the public ones.

        :rtype: Resolver
        """
        nameserver = self.env["ir.config_parameter"].sudo().get_param("mail_company_routing.nameserver")
        return Resolver(nameserver or None)
