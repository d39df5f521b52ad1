from odoo import _, models

from .arrival import arrival_of, record_outcome


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Do not answer automatic mail of another company of this database: it would never end."""
        copy = arrival_of(self.env).copy
        if not copy or not copy.is_automatic:
            return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)
        record_outcome(self.env, "own", "own mail", _("No person wrote it, so nobody gets an answer."))
        return None
