from odoo import _, api, models

from ...routing.incoming.group import is_copy_id
from .arrival import arrival_of, record_outcome


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Record that a mail is known already; core drops own mail and duplicates without a word."""
        result = super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )
        outcome = arrival_of(self.env).outcome
        if outcome is not None and not result and not outcome.get("kind"):
            known = self.env["mail.message"].sudo().search([("message_id", "=", outcome.get("message_id"))], limit=1)
            written_here = "-openerp-" in (known.message_id or "") and not is_copy_id(known.message_id)
            if known and (known.message_type != "email" or written_here):
                self._record_own_mail()
            elif known:
                record_outcome(self.env, "duplicate", "duplicate", _("A message with this Message-Id already exists."))
        return result

    @api.model
    def message_parse(self, message, save_original=False):
        """Record the Message-Id as core reads it."""
        message_dict = super().message_parse(message, save_original=save_original)
        outcome = arrival_of(self.env).outcome
        if outcome is not None:
            outcome["message_id"] = message_dict["message_id"]
        return message_dict

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Record that the mail was stored; for a mere notification core returns nothing."""
        result = super()._message_route_process(message, message_dict, routes)
        if routes:
            record_outcome(self.env, "record")
        return result

    @api.model
    def _detect_loop_headers(self, msg_dict):
        """Record that the mail answers one of our own automatic answers."""
        found = super()._detect_loop_headers(msg_dict)
        if found:
            record_outcome(self.env, "loop", "loop", _("It answers an automatic answer of this database."))
        return found

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Record that the sender wrote too often."""
        found = super()._detect_loop_sender(message, message_dict, routes)
        if found:
            record_outcome(self.env, "loop", "loop", _("Its sender wrote too many mails in a short time."))
        return found

    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Record that the sender gets an automatic answer."""
        result = super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)
        record_outcome(self.env, "answered", "answered", _("The sender got an automatic answer."))
        return result
