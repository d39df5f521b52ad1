import email
from email import policy

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
        """Note why core ignores a mail whose Message-Id it knows; core itself tells nobody."""
        result = super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
        outcome = self.env.context.get(OUTCOME_KEY)
        if result is False and outcome is not None and not outcome.get("kind"):
            self._note_known_message(message)
        return result

    @api.model
    def _note_known_message(self, message):
        """Note that a mail is there already: as one that was sent, or as one that came in earlier."""
        raw = getattr(message, "data", message)
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        headers = email.message_from_bytes(raw, policy=policy.SMTP)
        message_id = incoming.header(headers, "Message-Id")
        known = self.env["mail.message"].sudo().search([("message_id", "=", message_id)], limit=1)
        if not message_id or not known:
            return
        if read_own_header(self.env, headers) or known.message_type != "email" or "-openerp-" in message_id:
            self._note_own()
        else:
            note(self.env, "duplicate", "duplicate", _("A mail with this Message-Id is in the database already."))

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
