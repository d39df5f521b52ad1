from odoo import Command, models, tools

# Messages that a person, or a template on a person's behalf, writes to all who follow a record.
_TOLD_TO_ALL = ("auto_comment", "comment", "email")


class MailThread(models.AbstractModel):
    """An author in another company of this database gets the answer there, on the record that the mail was about."""

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals, **kwargs):
        """Write to such an author by mail, as to any customer, and not into the inbox."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        elsewhere = self._mails_from_elsewhere(message, [recipient["id"] for recipient in recipients])
        for recipient in recipients:
            if recipient["id"] in elsewhere:
                recipient.update(notif="email", type="customer")
        return recipients

    def _notify_by_email_get_final_mail_values(self, recipient_ids, base_mail_values, additional_values=None):
        """Send such an author's mail to the reply address of the mail that it answers, and name that mail.

        Core names the newest mails of this record (an early 16.0: its first), which mean nothing over there.
        """
        values = super()._notify_by_email_get_final_mail_values(recipient_ids, base_mail_values, additional_values)
        message = self.env["mail.message"].browse(base_mail_values.get("mail_message_id"))
        elsewhere = self._mails_from_elsewhere(message, recipient_ids)
        if elsewhere:
            others = [partner_id for partner_id in recipient_ids if partner_id not in elsewhere]
            values["recipient_ids"] = [Command.link(partner_id) for partner_id in others]
            # several who share an address get one mail
            by_address = {copy.answer_to.lower(): copy for copy in elsewhere.values()}
            to = [tools.formataddr((copy.author_id.name, copy.answer_to)) for copy in by_address.values()]
            values["email_to"] = ", ".join([*filter(None, [values.get("email_to")]), *to])
            ids = [*(copy.message_id for copy in elsewhere.values()), *(values.get("references") or "").split()]
            values["references"] = " ".join(dict.fromkeys(ids))
        return values

    def _mails_from_elsewhere(self, message, partner_ids):
        """Return the newest mail that each of these partners wrote to this record from another company, in one query.

        None for a note or a message to a single person: neither leaves the company.

        :return dict: message by the partner's id
        """
        if not (partner_ids and len(self) == 1 and message._has_copies()):
            return {}
        message = message.sudo()
        if message.message_type not in _TOLD_TO_ALL or message.is_internal or message.subtype_id.internal:
            return {}
        here = [("model", "=", self._name), ("res_id", "=", self.id)]
        written = [*here, ("answer_to", "!=", False), ("author_id", "in", partner_ids)]
        return {copy.author_id.id: copy for copy in message.search(written, order="id")}
