from odoo import _, api, models, tools

from ...routing.incoming.bounce import read_bounce, says_no_failure
from .arrival import record_outcome


class MailThread(models.AbstractModel):
    """A mail that came back is told to its author, and becomes nothing else, wherever it came back to."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Handle the bounces that core takes for a customer's mail, because they come from or to another address."""
        if not self.env["mail.routing"]._routing_table().is_idle:
            bounce = read_bounce(message)
            if bounce and (bounce.certain or self._bounced_message(bounce)):
                self._routing_handle_bounce(message, message_dict)
                return []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Let core handle each recipient that a bounce names, and say why; core reads only the first of a report."""
        record_outcome(self.env, "bounce")
        if self.env["mail.routing"]._routing_table().is_idle:
            return super()._routing_handle_bounce(email_message, message_dict)
        # core expects one message at most, and finds all that share a Message-Id
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
        """Return the values of a mail that core takes for a bounce, although nothing failed."""
        return {
            "bounced_email": False,
            "bounced_partner": self.env["res.partner"].sudo(),
            "bounced_msg_id": False,
            "bounced_message": self.env["mail.message"].sudo(),
        }

    @api.model
    def _bounced_message(self, bounce):
        """Return the message that came back, by the likeliest of the ids that are known; the gateway has no rights."""
        messages = self.env["mail.message"].sudo().search([("message_id", "in", bounce.message_ids)])
        return messages.sorted(lambda found: (bounce.message_ids.index(found.message_id), -found.id))[:1]

    @api.model
    def _bounced_recipients(self, bounce, original):
        """Return whom a mail did not reach, the partners by address, among those that it was sent to.

        A mail may be forwarded, so that the bounce names an address that nobody wrote to; with one recipient
        there is no doubt. Without the original only the addresses count that the bounce names as failed.
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
        """Return the partners by address that a message was mailed to; an address may belong to nobody."""
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
        """Write the reason to the notifications that core marked, in the language of who wrote the message."""
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
        """Return in the context's language why a mail came back, with the words of the server below."""
        sentence = {
            "unknown_user": _("The recipient's mail server does not know this address."),
            "mailbox_full": _("The recipient's mailbox is full."),
            "refused_sender": _("The recipient's mail server does not accept the sender of this mail."),
            "spam": _("The recipient's mail server takes this mail for spam."),
            "too_big": _("This mail is too big for the recipient's mailbox."),
        }.get(bounce.kind) or _("The recipient's mail server sent this mail back.")
        words = bounce.text if bounce.code in bounce.text else f"{bounce.code} {bounce.text}"
        return f"{sentence}\n{words}".strip()
