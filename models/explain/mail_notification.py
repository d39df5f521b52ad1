from odoo import models
from odoo.exceptions import AccessError


class MailNotification(models.Model):
    """The red envelope in the chatter says what the mail's own form says."""

    _inherit = "mail.notification"

    def format_failure_reason(self):
        """Explain a failure that is stored with its mail, in the reader's language.

        :raises AccessError: the reader may not see the notification; as in core, but before superuser reads it, as
            what is read stays in the cache for everybody
        """
        self.ensure_one()
        self.check_access_rights("read")
        self.check_access_rule("read")
        return (self._may_read_message() and self._explained()) or super().format_failure_reason()

    def _may_read_message(self):
        """Tell whether the reader sees the message, too: in core, employees read the notifications of all."""
        try:
            self.mail_message_id.check_access_rule("read")
        except AccessError:
            return False
        return True

    def _explained(self):
        """Return why the mail failed; only administrators may read mails, this one is about a message of the reader."""
        mail = self.sudo().mail_mail_id
        return mail.state == "exception" and self.notification_status == "exception" and mail._explained()
