from odoo import api, models

from ...routing import address


class MailThread(models.AbstractModel):
    """Our system addresses (``routing/system_address``) become no contacts, and Odoo does not write to them by itself.

    - No company makes a contact of one. An existing contact is found only by a real mailbox, because mails also come
      from that. Core knows the aliases of one domain, and treats them the same way.
    - Odoo suggests none as a recipient.
    - If a contact has such an address, the address's company neither suggests nor notifies it: the mail would come
      back as a new record. Another company's mail reaches it, because companies of a group write to each other, but
      not a mail that was written from its own address.
    - An internal user whose own mailbox is also fetched stays a person like any other.
    """

    _inherit = "mail.thread"

    @api.model
    def _mail_find_partner_from_emails(self, emails, records=None, force_create=False, extra_domain=False):
        """Find and create contacts for all addresses but ours, and keep the order."""
        ours = self.env["mail.routing"]._system_addresses(emails)
        find = super()._mail_find_partner_from_emails
        if not ours:
            return find(emails, records, force_create, extra_domain)
        boxes = [email for email in emails if email in ours and ours[email].is_mailbox]
        others = [email for email in emails if email not in ours]
        at_box = iter(find(boxes, records, False, extra_domain) if boxes else ())
        other = iter(find(others, records, force_create, extra_domain) if others else ())
        nobody = self.env["res.partner"]
        return [
            next(other) if email not in ours else next(at_box) if ours[email].is_mailbox else nobody for email in emails
        ]

    def _message_add_suggested_recipient(self, result, partner=None, email=None, lang=None, reason=""):
        """Suggest no address of ours, and no contact that the record's company would not notify."""
        if self._is_written_to(partner, email):
            return super()._message_add_suggested_recipient(result, partner, email, lang, reason)
        return result

    def _is_written_to(self, partner, email):
        """Tell whether the record's company writes to a contact, else to an address whose contact core looks for."""
        routing = self.env["mail.routing"]
        if partner:
            own = routing._system_partners(partner).get(partner.id)
            return not own or not own.belongs_to(self._mail_company_id())
        own = email and routing._system_addresses([email]).get(email)
        if own and own.is_mailbox:
            partner = self._mail_find_partner_from_emails([email], records=self)[0]
            return bool(partner) and self._is_written_to(partner, None)
        return not own

    def _notify_thread_by_email(self, message, recipients_data, msg_vals=False, **kwargs):
        """Send no mail to contacts that have an address of the mail's own company.

        Here, and not where recipients are collected: channels collect them in their own way, and a user still gets
        the message in the inbox.
        """
        recipients_data = self._without_own(message, recipients_data)
        return super()._notify_thread_by_email(message, recipients_data, msg_vals=msg_vals, **kwargs)

    def _without_own(self, message, recipients_data):
        """Return the recipients without those whose mail would come back to the mail's company or to its author."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return recipients_data
        ids = [recipient["id"] for recipient in recipients_data if recipient["notif"] == "email"]
        partners = self.env["res.partner"].browse(ids)
        ours = self.env["mail.routing"]._system_partners(partners)
        if not ours:
            return recipients_data
        company_id = self._mail_company_id(message)
        author = address.first(message.sudo().email_from)
        left_out = {
            partner.id
            for partner in partners.browse(ours).sudo()
            if ours[partner.id].belongs_to(company_id) or address.same(address.first(partner.email), author)
        }
        return [row for row in recipients_data if row["id"] not in left_out or row["notif"] != "email"]

    def _mail_company_id(self, message=None):
        """Return the company of a message: that of its record, else the one that was active when it was written."""
        company = self.env["mail.routing"]._has_company(self._name) and self._owner_company("company_id")
        return (company or (message and message.sudo().record_company_id) or self.env.company).id
