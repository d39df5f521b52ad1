from email import policy
from email.parser import BytesHeaderParser

from odoo import _, api, models

from ..routing import incoming
from .mail_own_header import read_own_header
from .mail_thread_outcome import OUTCOME_KEY, note


class MailThread(models.AbstractModel):
    """A mail that this database sent, and finds in a mailbox, is not taken in once more."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Note that a mail whose Message-Id core knows, and which it ignores, is an own one; core tells nobody."""
        result = super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
        outcome = self.env.context.get(OUTCOME_KEY)
        is_open = outcome is not None and outcome.get("kind") in (None, "duplicate")
        if result is False and is_open and self._is_known_own_mail(message):
            self._note_own()
        return result

    @api.model
    def _is_known_own_mail(self, message):
        """Tell whether a mail was sent by this database, and its message is still there."""
        raw = getattr(message, "data", message)
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        headers = BytesHeaderParser(policy=policy.SMTP).parsebytes(raw)
        message_id = incoming.header(headers, "Message-Id")
        by_id = [("message_id", "=", message_id)]
        known = message_id and self.env["mail.message"].sudo().search(by_id, limit=1)
        return bool(known) and (
            bool(read_own_header(self.env, headers)) or known.message_type != "email" or "-openerp-" in message_id
        )

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Skip own mails whose message is gone, or whose Message-Id a provider replaced; core knows the others."""
        if self._is_own_mail(message):
            self._note_own()
            return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _is_own_mail(self, message):
        """Tell whether this database sent a mail, by the header as a whole and never by that of an enclosed mail."""
        if read_own_header(self.env, message):
            return True
        message_ids = incoming.message_ids(incoming.header(message, "X-Odoo-Message-Id"))
        if not message_ids or self.env["mail.routing"]._routing_table().is_idle:
            return False
        return bool(self.env["mail.message"].sudo().search([("message_id", "in", message_ids)], limit=1))

    @api.model
    def _note_own(self):
        note(self.env, "own", "own mail", _("This database sent the mail itself."))
