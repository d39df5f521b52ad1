from odoo import api, models


class MailRenderMixin(models.AbstractModel):
    """What says for later whom it speaks for: templates, mailings."""

    _inherit = "mail.render.mixin"

    @api.model_create_multi
    def create(self, values_list):
        """Check the address that the new records speak for."""
        records = super().create(values_list)
        records._check_sender()
        return records

    def write(self, vals):
        """Check an address to speak for that was changed."""
        result = super().write(vals)
        if "email_from" in vals:
            self._check_sender()
        return result

    def _check_sender(self):
        """Refuse another user's address that is written out; one that is rendered is checked when it is sent.

        A mailing is sent by the queue, as superuser; this is where its author is known.
        """
        identities = self.env["mail.sender.identity"]
        if "email_from" in self._fields and identities._guards_senders():
            for record in self:
                identities._check_sender(record.email_from)
