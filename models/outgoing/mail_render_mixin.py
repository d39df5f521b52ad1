from odoo import _, api, models
from odoo.exceptions import AccessError

# These render the sender for many reasons, and check it when they send.
CHECKED_WHEN_SENT = frozenset({"mail.compose.message", "mail.template"})


class MailRenderMixin(models.AbstractModel):
    """Checks what names the sender of later mails: templates, mailings."""

    _inherit = "mail.render.mixin"

    @api.model_create_multi
    def create(self, values_list):
        """Check the sender of the new records."""
        records = super().create(values_list)
        records._check_sender()
        return records

    def write(self, vals):
        """Check a sender that was changed."""
        result = super().write(vals)
        if not vals.keys().isdisjoint({"email_from", "author_id"}):
            self._check_sender()
        return result

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
        if "email_from" not in self._fields or not identities._guards_senders():
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
