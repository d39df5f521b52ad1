from odoo import api, fields, models

UNROUTED_DAYS_PARAMETER = "mail_company_routing.unrouted_days"
UNROUTED_DAYS = 90


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_catchall_supported = fields.Boolean(related="company_id.mail_catchall_supported", readonly=False)
    mail_routing_unrouted_days = fields.Integer(
        string="Keep Settled Unrouted Mails (Days)",
        config_parameter=UNROUTED_DAYS_PARAMETER,
        default=UNROUTED_DAYS,
        help="Odoo deletes unrouted mails that are done, answered or ignored after this many days, e.g. 90. It "
        "never deletes waiting ones.",
    )
    mail_domain_id = fields.Many2one(related="company_id.mail_domain_id", readonly=False)
    mail_from_by_company = fields.Boolean(related="company_id.mail_from_by_company", readonly=False)
    mail_from_email = fields.Char(string="Sender Addresses", compute="_compute_mail_emails")
    mail_reply_to_by_company = fields.Boolean(related="company_id.mail_reply_to_by_company", readonly=False)
    mail_reply_to_email = fields.Char(string="Reply Address", compute="_compute_mail_emails")
    mail_reply_to_prefix = fields.Char(related="company_id.mail_reply_to_prefix", readonly=False)
    mail_server_by_alias_domain = fields.Boolean(related="company_id.mail_server_by_alias_domain", readonly=False)
    mail_server_by_reply_to = fields.Boolean(related="company_id.mail_server_by_reply_to", readonly=False)
    mail_restrict_username = fields.Boolean(related="company_id.mail_restrict_username", readonly=False)

    @api.depends("mail_domain_id", "mail_reply_to_by_company", "mail_reply_to_prefix", "mail_catchall_supported")
    def _compute_mail_emails(self):
        """Show the resulting addresses while the options are being set."""
        for settings in self:
            settings.mail_from_email = settings.mail_domain_id._from_email()
            prefix = settings.mail_reply_to_by_company and settings.mail_reply_to_prefix
            email = settings.mail_domain_id._reply_to_email(prefix)
            settings.mail_reply_to_email = settings.mail_catchall_supported and email
