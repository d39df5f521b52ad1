from odoo import fields, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    # as in Odoo 17, so that an upgrade keeps it
    failure_type = fields.Selection(
        selection_add=[("mail_bounce", "Bounce")],
        # core shows the reason only for an unknown error
        ondelete={"mail_bounce": lambda records: records.write({"failure_type": "unknown"})},
    )

    def format_failure_reason(self):
        """Show why a mail bounced; core shows a reason only for failures of an unknown type."""
        self.ensure_one()
        if self.failure_type == "mail_bounce" and self.failure_reason:
            return self.failure_reason
        return super().format_failure_reason()
