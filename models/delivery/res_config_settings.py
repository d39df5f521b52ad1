from odoo import fields, models

from ...routing.delivery.retry import KEEP_HOURS
from .mail_mail_outcome import KEEP_HOURS_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_delivery_info = fields.Text(related="company_id.mail_delivery_info", related_sudo=False)
    mail_routing_keep_hours = fields.Integer(
        string="Keep Trying (Hours)",
        config_parameter=KEEP_HOURS_PARAMETER,
        default=KEEP_HOURS,
        help="How many hours Odoo tries a waiting mail again before it fails, e.g. 48.",
    )
