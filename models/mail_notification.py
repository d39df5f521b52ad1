from odoo import fields, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    # as in Odoo 17, so that an upgrade finds what it knows
    failure_type = fields.Selection(
        selection_add=[("mail_bounce", "Bounce")], ondelete={"mail_bounce": lambda records: records._forget_bounce()}
    )

    def format_failure_reason(self):
        """Show why a mail came back; core shows a reason only for failures of an unknown type."""
        self.ensure_one()
        if self.failure_type == "mail_bounce" and self.failure_reason:
            return self.failure_reason
        return super().format_failure_reason()

    def _forget_bounce(self):
        """Leave a type that core knows, when the addon is uninstalled; status and reason stay."""
        self.write({"failure_type": "unknown"})
