from odoo import _, api, fields, models

from ...routing.delivery.retry import KEEP_HOURS
from .mail_mail_outcome import KEEP_HOURS_PARAMETER


class ResCompany(models.Model):
    _inherit = "res.company"

    mail_delivery_info = fields.Text(
        "Mail Servers in Trouble",
        compute="_compute_mail_delivery_info",
        groups="base.group_system",
        help="The outgoing mail servers of this company that cannot send at the moment, and why.",
    )

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_mail_delivery_info(self):
        """Name the servers that are in trouble, those without a company included.

        Not as superuser: who may read all companies, as for access rights, may not see all servers.
        """
        servers = self.env["ir.mail_server"].search([("delivery_state", "!=", "ok")])
        for company in self:
            mine = servers.filtered(lambda server, company=company: server.company_id <= company)
            lines = [_("%(server)s: %(trouble)s", server=box.name, trouble=box.delivery_info) for box in mine]
            company.mail_delivery_info = "\n".join(lines) or False


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_delivery_info = fields.Text(related="company_id.mail_delivery_info", related_sudo=False)
    mail_routing_keep_hours = fields.Integer(
        string="Keep Trying (Hours)",
        config_parameter=KEEP_HOURS_PARAMETER,
        default=KEEP_HOURS,
        help="How many hours Odoo tries a waiting mail again before it fails, e.g. 48.",
    )
