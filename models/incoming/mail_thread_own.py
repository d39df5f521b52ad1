from odoo import _, api, models

from ...routing.incoming import reader
from ..outgoing.mail_own_header import read_own_header
from .arrival import arrival_of, record_outcome


class MailThread(models.AbstractModel):
    """A mail that this database sent, and finds in a mailbox, is not taken in once more."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Skip own mails whose message is gone, or whose Message-Id a provider replaced; core knows the others."""
        if not arrival_of(self.env).copy and self._is_own_mail(message):
            self._record_own_mail()
            return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _is_own_mail(self, message):
        """Tell whether this database sent a mail, by the header as a whole and never by that of an enclosed mail."""
        if read_own_header(self.env, message):
            return True
        message_ids = reader.message_ids(reader.header(message, "X-Odoo-Message-Id"))
        if not message_ids or self.env["mail.routing"]._routing_table().is_idle:
            return False
        return bool(self.env["mail.message"].sudo().search([("message_id", "in", message_ids)], limit=1))

    @api.model
    def _record_own_mail(self):
        record_outcome(self.env, "own", "own mail", _("This database sent the mail itself."))
