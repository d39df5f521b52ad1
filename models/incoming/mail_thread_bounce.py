from odoo import _, api, models, tools

from ...routing.incoming.bounce import read_bounce, says_no_failure
from .arrival import record_outcome


class MailThread(models.AbstractModel):
    """A bounce is reported to the author of the original mail, and creates no record, whichever address it came to."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Handle bounces that core takes for ordinary mail, because their sender or recipient is none it knows."""
        if not self.env["mail.routing"]._routing_table().is_idle:
            bounce = read_bounce(message)
            if bounce and (bounce.certain or self._bounced_message(bounce)):
                self._routing_handle_bounce(message, message_dict)
                return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Let core handle each failed recipient, and store the reason; core reads only the first one of a report."""
        record_outcome(self.env, "bounce")
        if self.env["mail.routing"]._routing_table().is_idle:
            return super()._routing_handle_bounce(email_message, message_dict)
        # core expects at most one message, but finds all that share a Message-Id
        message_dict["bounced_message"] = message_dict["bounced_message"][:1]
        bounce = read_bounce(email_message)
        if not bounce:
            if says_no_failure(email_message):
                message_dict.update(self._bounced_nobody())
            return super()._routing_handle_bounce(email_message, message_dict)
        original = self._bounced_message(bounce)
        message_dict.update(
            self._bounced_nobody(),
            bounced_message=original,
            bounced_msg_id=original.mapped("message_id") or list(bounce.message_ids[:1]),
        )
        failed = self._bounced_recipients(bounce, original)
        result = None
        for email, partners in (failed or {False: self.env["res.partner"]}).items():
            message_dict.update(bounced_email=email, bounced_partner=partners.sudo())
            result = super()._routing_handle_bounce(email_message, message_dict)
        partners = self.env["res.partner"].concat(*failed.values())
        self._store_bounce_reason(bounce, original, partners)
        return result

    @api.model
    def _bounced_nobody(self):
        """Return the values for a mail that core takes for a bounce although nothing failed."""
        return {
            "bounced_email": False,
            "bounced_partner": self.env["res.partner"].sudo(),
            "bounced_msg_id": False,
            "bounced_message": self.env["mail.message"].sudo(),
        }

    @api.model
    def _bounced_message(self, bounce):
        """Return the message that bounced, by the likeliest known id; with sudo, as the gateway has no rights."""
        messages = self.env["mail.message"].sudo().search([("message_id", "in", bounce.message_ids)])
        return messages.sorted(lambda found: (bounce.message_ids.index(found.message_id), -found.id))[:1]

    @api.model
    def _bounced_recipients(self, bounce, original):
        """Return the recipients that a mail did not reach, as partners by address.

        A forwarded mail may bounce with an address that nobody wrote to. If the mail had one recipient, it is that
        one. If the original is unknown, only addresses count that the bounce names as failed.
        """
        named = [email for text in bounce.recipients if (email := tools.email_normalize(text))]
        if not original:
            partners = self.env["res.partner"].sudo().search([("email_normalized", "in", named)])
            return {email: partners.filtered(lambda p, e=email: p.email_normalized == e) for email in named}
        sent_to = self._message_recipients(original)
        mentioned = map(tools.email_normalize, bounce.mentioned)
        failed = [email for email in named if email in sent_to]
        failed = failed or [email for email in dict.fromkeys(mentioned) if email in sent_to]
        failed = failed or (list(sent_to) if len(sent_to) == 1 else named)
        return {email: sent_to.get(email, self.env["res.partner"]) for email in failed}

    @api.model
    def _message_recipients(self, message):
        """Return the partners that a message was mailed to, by address; an address may have no partner."""
        by_message = [("mail_message_id", "=", message.id)]
        notifications = self.env["mail.notification"].sudo().search([*by_message, ("notification_type", "=", "email")])
        mails = self.env["mail.mail"].sudo().search(by_message)
        partners = notifications.res_partner_id | mails.recipient_ids
        found = {}
        for partner in partners.filtered("email_normalized"):
            found[partner.email_normalized] = found.get(partner.email_normalized, partner) | partner
        for email in tools.email_normalize_all(", ".join(filter(None, mails.mapped("email_to")))):
            found.setdefault(email, self.env["res.partner"])
        return found

    @api.model
    def _store_bounce_reason(self, bounce, original, partners):
        """Write the reason to the notifications that core marked, in the author's language."""
        lang = tools.get_lang(self.env, original.author_id.lang or self.env.user.lang).code
        reason = self.with_context(lang=lang)._bounce_reason(bounce)
        record_outcome(self.env, rule="bounce", reason=reason)
        domain = [("mail_message_id", "in", original.ids), ("res_partner_id", "in", partners.ids)]
        notifications = self.env["mail.notification"].sudo().search(domain) if partners else None
        if notifications:
            notifications.write({"failure_type": "mail_bounce", "failure_reason": reason})
            if not original.model or original.model in self.env:
                original._notify_message_notification_update()

    @api.model
    def _bounce_reason(self, bounce):
        """Return why a mail bounced, in the context's language, followed by the server's own words."""
        sentence = {
            "unknown_user": _("The recipient's mail server does not know this address."),
            "mailbox_full": _("The recipient's mailbox is full."),
            "refused_sender": _("The recipient's mail server does not accept the sender of this mail."),
            "spam": _("The recipient's mail server takes this mail for spam."),
            "too_big": _("This mail is too big for the recipient's mailbox."),
        }.get(bounce.kind) or _("The recipient's mail server sent this mail back.")
        words = bounce.text if bounce.code in bounce.text else f"{bounce.code} {bounce.text}"
        return f"{sentence}\n{words}".strip()
