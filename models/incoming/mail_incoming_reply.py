from datetime import timedelta

from odoo import _, api, fields, models, tools

from ...routing import address
from ...routing.incoming import reader
from ...routing.incoming.subject import normalise
from ...routing.token import split_token, without_tokens
from .incoming_mail import incoming_of

# How many of the newest mails to a sender are compared by subject.
_MAX_MAILS = 200
# The fields that are read to compare them.
_COMPARED = ("date", "model", "record_company_id", "record_name", "reply_to_force_new", "res_id", "subject")


class MailIncomingReply(models.AbstractModel):
    """Finds the message that a reply answers, even without References and In-Reply-To."""

    _name = "mail.incoming.reply"
    _description = "Reply to a Message"

    @api.model
    def _answered(self, message, message_dict):
        """Return the message that a mail answers; none if its headers tell already, or nothing tells."""
        incoming = incoming_of(self.env)
        recipients = dict.fromkeys(email for _header, email in reader.recipients(message))
        by_token = self._answered_by_token(recipients, message_dict)
        if message_dict.get("parent_id"):
            self._keep_in_reply_to(message_dict)
        elif by_token:
            incoming.record(rule="reply", reason=_("The recipient's address names the message that it answers."))
            return by_token
        elif parent := self._answered_by_subject(recipients, message_dict):
            incoming.record(rule="reply", reason=_("Odoo wrote to its sender with this subject."))
            return parent
        return self.env["mail.message"]

    @api.model
    def _keep_in_reply_to(self, message_dict):
        """Add In-Reply-To to References: core reads it only where there are none, and a provider may replace them."""
        table = self.env["mail.routing"]._routing_table()
        references, answered = message_dict["references"] or "", message_dict["in_reply_to"]
        if not table.is_idle and references and answered and answered not in references:
            message_dict["references"] = f"{references} {answered}"

    @api.model
    def _answered_by_token(self, recipients, message_dict):
        """Return the message that a sub-address leads to, and show core the mailbox instead of the sub-address."""
        table = self.env["mail.routing"]._routing_table()
        parent, boxes = self.env["mail.message"].sudo(), {}
        for email in recipients:
            box, token = split_token(email)
            found = parent._of_reply_token(token) if token else parent
            if found or (token and table.has_sub_addresses(box)):
                boxes[email.lower()] = box
            parent = parent or found
        for key in ("to", "recipients") if boxes else ():
            message_dict[key] = without_tokens(message_dict[key] or "", boxes)
        return parent

    @api.model
    def _answered_by_subject(self, recipients, message_dict):
        """Return the newest mail to the sender with the same subject, if all of them belong to one document."""
        box = self._subject_box(recipients)
        subject = box and normalise(message_dict.get("subject"))
        if not subject:
            return self.env["mail.message"]
        since = fields.Datetime.now() - timedelta(days=box.subject_days)
        company_id = self.env["mail.routing"]._routing_table().company_of_mailbox(box)
        sent = self._mails_to(tools.email_normalize(message_dict["email_from"]))
        sent._read(_COMPARED)
        sent = sent.filtered(lambda mail: self._is_to(mail, subject, since))
        if company_id:
            companies = sent._companies()
            sent = sent.filtered(lambda mail: companies[mail] in (None, company_id))
        is_clear = len({(mail.model, mail.res_id) for mail in sent}) == 1
        return sent.sorted("id")[-1] if is_clear else sent.browse()

    @api.model
    def _subject_box(self, recipients):
        """Return the mailbox that is being fetched, if it matches by subject and is a recipient."""
        server_id = self.env.context.get("default_fetchmail_server_id")
        mailboxes = self.env["mail.routing"]._routing_table().mailboxes
        box = next((box for box in mailboxes if box.id == server_id and box.subject_days), None)
        return box if box and any(address.same(split_token(email)[0], box.email) for email in recipients) else None

    @api.model
    def _mails_to(self, email):
        """Return the newest messages that were mailed to an address, or to a partner with that address.

        With sudo, as the gateway must find the mails of all users. It reads no bodies.
        """
        messages = self.env["mail.message"].sudo()
        if not email:
            return messages
        partners = self.env["res.partner"].sudo().search([("email_normalized", "=", email)], limit=_MAX_MAILS)
        if partners:
            by_partner = [("res_partner_id", "in", partners.ids), ("notification_type", "=", "email")]
            notifications = self.env["mail.notification"].sudo()
            messages |= notifications.search(by_partner, order="id desc", limit=_MAX_MAILS).mail_message_id
        mails = self.env["mail.mail"].sudo().search([("state", "=", "sent")], order="id desc", limit=_MAX_MAILS)
        mails._read(["email_to", "mail_message_id"])
        direct = mails.filtered(lambda mail: email in tools.email_normalize_all(mail.email_to or ""))
        return messages | (direct | mails.filtered(lambda mail: mail.recipient_ids & partners)).mail_message_id

    @api.model
    def _is_to(self, mail, subject, since):
        """Tell whether a mail with this subject may answer a message."""
        if not (mail.date and mail.date >= since and mail.model and mail.res_id) or mail.reply_to_force_new:
            return False
        return subject in (normalise(mail.subject), normalise(mail.record_name))
