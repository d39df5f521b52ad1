from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_catchall_supported = fields.Boolean(related="company_id.mail_catchall_supported", readonly=False)
    mail_restrict_username = fields.Boolean(related="company_id.mail_restrict_username", readonly=False)
