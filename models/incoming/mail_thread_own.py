from odoo import _, api, models

from ...routing.incoming import reader
from ..outgoing.mail_own_header import read_own_header
from .arrival import arrival_of, record_outcome


class MailThread(models.AbstractModel):
    """Mail that this database sent is not taken in when it is found in a mailbox."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Skip own mail whose message is deleted or whose Message-Id a provider replaced; core skips the rest."""
        if not arrival_of(self.env).copy and self._is_own_mail(message):
            self._record_own_mail()
            return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _is_own_mail(self, message):
        """Tell whether this database sent a mail; the headers of an enclosed mail do not count."""
        if read_own_header(self.env, message):
            return True
        message_ids = reader.message_ids(reader.header(message, "X-Odoo-Message-Id"))
        if not message_ids or self.env["mail.routing"]._routing_table().is_idle:
            return False
        return bool(self.env["mail.message"].sudo().search([("message_id", "in", message_ids)], limit=1))

    @api.model
    def _record_own_mail(self):
        record_outcome(self.env, "own", "own mail", _("This database sent the mail itself."))
