from odoo import _, api, models
from odoo.exceptions import AccessError

# Of the addon mass_mailing, which is no dependency.
MAILING = "mailing.mailing"
# These render the sender for many reasons, and check it when they send.
CHECKED_WHEN_SENT = frozenset({"mail.compose.message", "mail.template"})


class MailRenderMixin(models.AbstractModel):
    """Checks what names the sender of later mails: templates, mailings."""

    _inherit = "mail.render.mixin"

    @api.model
    def default_get(self, fields_list):
        """Propose a mailing to be sent from the address that the user has in the active company."""
        result = super().default_get(fields_list)
        if self._name == MAILING and "email_from" in fields_list and not result.get("email_from"):
            own = self.env["mail.routing"]._own_sender()
            result |= {"email_from": own} if own else {}
        return result

    @api.model_create_multi
    def create(self, values_list):
        """Check the sender of the new records."""
        records = super().create(values_list)
        records._check_sender()
        records._check_mailing_company()
        return records

    def write(self, vals):
        """Check a sender that was changed."""
        result = super().write(vals)
        if not vals.keys().isdisjoint({"email_from", "author_id"}):
            self._check_sender()
        self._check_mailing_company()
        return result

    def _check_mailing_company(self):
        """Refuse a mailing that would leave as a company of others: the queue sends it as superuser.

        :raises AccessError: it names the mailing and the company
        """
        messages = self.env["mail.message"]
        if self._name != MAILING or self.env.su or not messages._is_restricted():
            return
        companies = self.env["mail.routing"]._companies_of_mailings(self)
        for mailing in self:
            if not messages._may_write_for(companies[mailing]):
                raise AccessError(
                    _(
                        "%(mailing)s would leave as %(company)s, to which you do not belong. Change its sender or its "
                        "responsible.",
                        mailing=mailing.display_name,
                        company=self.env["res.company"].sudo().browse(companies[mailing]).name,
                    )
                )

    def _render_field(self, field, res_ids, *args, **kwargs):
        """Check a sender that is rendered when the user sends, such as that of an invitation to a survey."""
        rendered = super()._render_field(field, res_ids, *args, **kwargs)
        if field == "email_from" and self._name not in CHECKED_WHEN_SENT:
            for email_from in rendered.values():
                self.env["mail.sender.identity"]._check_sender(email_from)
        return rendered

    def _check_sender(self):
        """Refuse another user's literal address; a rendered one is checked when the mail is sent.

        The queue sends a mailing as superuser. Only here its author is known, so it may not render an address.
        """
        identities = self.env["mail.sender.identity"]
        if "email_from" not in self._fields or not identities._checks_senders():
            return
        for record in self:
            identities._check_sender(record.email_from, record["author_id"] if "author_id" in self._fields else None)
            if "{{" in (record.email_from or "") and not self._transient and self._name not in CHECKED_WHEN_SENT:
                raise AccessError(
                    _(
                        "Odoo only knows %(sender)s when it sends %(name)s. Enter your own address instead.",
                        sender=record.email_from,
                        name=record.display_name,
                    )
                )
