from odoo import _, api, fields, models, tools

from .incoming_mail import incoming_of


class MailIncomingBounce(models.AbstractModel):
    """Finds out which mail bounced, for whom and why, and tells its author the reason."""

    _name = "mail.incoming.bounce"
    _description = "Bounce of a Message"

    @api.model
    def _nobody(self):
        """Return the values for a mail that core takes for a bounce although nothing failed."""
        return {
            "bounced_email": False,
            "bounced_partner": self.env["res.partner"].sudo(),
            "bounced_msg_id": False,
            "bounced_message": self.env["mail.message"].sudo(),
        }

    @api.model
    def _original(self, bounce):
        """Return the message that bounced, by the likeliest known id; with sudo, as the gateway has no rights."""
        messages = self.env["mail.message"].sudo().search([("message_id", "in", bounce.message_ids)])
        return messages.sorted(lambda found: (bounce.message_ids.index(found.message_id), -found.id))[:1]

    @api.model
    def _failed(self, bounce, original):
        """Return the recipients that a mail did not reach, as partners by address.

        A forwarded mail may bounce with an address that nobody wrote to. If the mail had one recipient, it is that
        one. If the original is unknown, only addresses count that the bounce names as failed.
        """
        named = [email for text in bounce.recipients if (email := tools.email_normalize(text))]
        if not original:
            partners = self.env["res.partner"].sudo().search([("email_normalized", "in", named)])
            return {email: partners.filtered(lambda p, e=email: p.email_normalized == e) for email in named}
        sent_to = self._recipients(original)
        mentioned = map(tools.email_normalize, bounce.mentioned)
        failed = [email for email in named if email in sent_to]
        failed = failed or [email for email in dict.fromkeys(mentioned) if email in sent_to]
        failed = failed or (list(sent_to) if len(sent_to) == 1 else named)
        return {email: sent_to.get(email, self.env["res.partner"]) for email in failed}

    @api.model
    def _recipients(self, message):
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
    def _store_reason(self, bounce, original, partners):
        """Write the reason to the notifications that core marked, in the author's language."""
        lang = tools.get_lang(self.env, original.author_id.lang or self.env.user.lang).code
        reason = self.with_context(lang=lang)._reason(bounce)
        incoming_of(self.env).record(rule="bounce", reason=reason)
        domain = [("mail_message_id", "in", original.ids), ("res_partner_id", "in", partners.ids)]
        notifications = self.env["mail.notification"].sudo().search(domain) if partners else None
        if notifications:
            notifications.write({"failure_type": "mail_bounce", "failure_reason": reason})
            if not original.model or original.model in self.env:
                original._notify_message_notification_update()

    @api.model
    def _reason(self, bounce):
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


class MailNotification(models.Model):
    """A notification shows why its mail bounced."""

    _inherit = "mail.notification"

    # as in Odoo 17, so that an upgrade keeps it
    failure_type = fields.Selection(
        selection_add=[("mail_bounce", "Bounce")],
        # core shows the reason only for an unknown error
        ondelete={"mail_bounce": lambda records: records.write({"failure_type": "unknown"})},
    )

    def format_failure_reason(self):
        """Show why a mail bounced; core shows a reason only for failures of an unknown type."""
        self.ensure_one()
        if self.failure_type == "mail_bounce" and self.failure_reason:
            return self.failure_reason
        return super().format_failure_reason()
