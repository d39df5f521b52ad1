from odoo import models


class MailNotification(models.Model):
    """The red envelope in the chatter says what the mail's own form says."""

    _inherit = "mail.notification"

    def format_failure_reason(self):
        """Explain a failure that is stored with its mail, in the reader's language."""
        self.ensure_one()
        # only administrators may read mails; this one is about a message that the reader sees
        mail = self.sudo().mail_mail_id
        explained = mail.state == "exception" and self.notification_status == "exception" and mail._explained()
        return explained or super().format_failure_reason()
