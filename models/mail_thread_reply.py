import re
from datetime import timedelta

from odoo import _, api, fields, models, tools

from ..routing import address, incoming
from ..routing.subject import normalise
from ..routing.token import split_token
from .mail_thread_outcome import note

# How many of the newest mails to a sender are compared by their subject.
_MAX_MAILS = 200


class MailThread(models.AbstractModel):
    """A reply finds its document also where References and In-Reply-To are gone; core then checks it as any reply."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Tell core which message a mail answers, where its headers do not."""
        parent = self._reply_parent(message, message_dict)
        if parent:
            message_dict["references"] = f"{message_dict['references'] or ''} {parent.message_id}".strip()
            message_dict.update(self._message_parse_extract_from_parent(parent))
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _reply_parent(self, message, message_dict):
        """Return the message that a mail answers, none where its headers tell, or nothing does."""
        recipients = incoming.recipients(message)
        by_token = self._reply_parent_by_token(recipients, message_dict)
        if message_dict.get("parent_id"):
            self._reply_keep_in_reply_to(message_dict)
        elif by_token:
            note(self.env, rule="reply", reason=_("The address it was sent to names the message that it answers."))
            return by_token
        elif parent := self._reply_parent_by_subject(recipients, message_dict):
            note(self.env, rule="reply", reason=_("Its sender got a mail with this subject."))
            return parent
        return self.env["mail.message"]

    @api.model
    def _reply_keep_in_reply_to(self, message_dict):
        """Let In-Reply-To count where References were replaced: core routes by it only where there are none."""
        table = self.env["mail.routing"]._routing_table()
        references, answered = message_dict["references"] or "", message_dict["in_reply_to"]
        if not table.is_idle and references and answered and answered not in references:
            message_dict["references"] = f"{references} {answered}"

    @api.model
    def _reply_parent_by_token(self, recipients, message_dict):
        """Return the message that a sub-address leads to, and let core see the mailbox instead of the sub-address."""
        table = self.env["mail.routing"]._routing_table()
        parent = self.env["mail.message"].sudo()
        for email in recipients:
            box, token = split_token(email)
            found = parent._of_reply_token(token) if token else parent
            if found or (token and table.has_sub_addresses(box)):
                for key in ("to", "recipients"):
                    message_dict[key] = re.sub(re.escape(email), box, message_dict[key] or "", flags=re.IGNORECASE)
            parent = parent or found
        return parent

    @api.model
    def _reply_parent_by_subject(self, recipients, message_dict):
        """Return the newest mail to the sender with the same subject, where all such are about one document."""
        server = self.env["fetchmail.server"].sudo().browse(self.env.context.get("default_fetchmail_server_id") or [])
        subject = normalise(message_dict.get("subject"))
        none = self.env["mail.message"]
        if not (subject and server.exists().reply_by_subject):
            return none
        if not any(address.same(email, address.find(server.user)) for email in map(_mailbox, recipients)):
            return none
        since = fields.Datetime.now() - timedelta(days=server.reply_subject_days)
        company_id = message_dict.get("record_company_id") or server.company_id.id
        sent = self._reply_mails_to(tools.email_normalize(message_dict["email_from"])).filtered(
            lambda mail: (
                mail.date
                and mail.date >= since
                and mail.model
                and mail.res_id
                and not mail.reply_to_force_new
                and subject in (normalise(mail.subject), normalise(mail.record_name))
            )
        )
        sent = sent.filtered(lambda mail: self._reply_is_of_company(mail, company_id)).sorted("id", reverse=True)
        return sent[:1] if len({(mail.model, mail.res_id) for mail in sent}) == 1 else none

    @api.model
    def _reply_mails_to(self, email):
        """Return the newest messages that were mailed to an address, to a partner that has it or to the bare address.

        As a superuser: the gateway answers nobody, and must find the mails of all.
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
        direct = mails.filtered(lambda mail: email in tools.email_normalize_all(mail.email_to or ""))
        return messages | (direct | mails.filtered(lambda mail: mail.recipient_ids & partners)).mail_message_id

    @api.model
    def _reply_is_of_company(self, mail, company_id):
        """Tell whether a message belongs to the company of the mail that may answer it, or to none."""
        if not company_id:
            return True
        record = self.env[mail.model].sudo().browse(mail.res_id).exists() if mail.model in self.env else None
        if not record:
            return False
        has_company = self.env["mail.routing"]._has_company(mail.model)
        owner = (has_company and record.company_id.id) or mail.record_company_id.id
        return owner in (False, company_id)


def _mailbox(email):
    """Return the mailbox that a recipient's address means."""
    return split_token(email)[0]
