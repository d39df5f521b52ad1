from odoo import fields, models


class MailResendMessage(models.TransientModel):
    """From the red envelope an administrator gets to what has to change."""

    _inherit = "mail.resend.message"

    can_open_setting = fields.Boolean(
        compute="_compute_can_open_setting",
        groups="base.group_system",
        help="Whether something can be set that lets the mail leave.",
    )

    def _compute_can_open_setting(self):
        for wizard in self:
            wizard.can_open_setting = bool(wizard._mail_to_mend())

    def action_open_setting(self):
        """Open what has to change before the mail can leave; only administrators may read mails."""
        return self._mail_to_mend().action_open_setting()

    def _mail_to_mend(self):
        """Return the first failed mail of the message that something can be done about."""
        return self.notification_ids.mail_mail_id.filtered("can_open_setting")[:1]
