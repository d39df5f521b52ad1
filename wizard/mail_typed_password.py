from datetime import timedelta

from odoo import api, fields, models

# How long a password waits for the next try; the scheduled action comes twice an hour, so none stays for longer.
KEPT = timedelta(minutes=30)


class MailTypedPassword(models.TransientModel):
    """A password that somebody typed into the set-up assistant, until it is used; nobody has access to it by RPC.

    No field leads here from the assistant: whoever may search for a field finds out its value letter by letter.
    """

    _name = "mail.typed.password"
    _description = "Typed Password"

    setup_id = fields.Many2one("mail.routing.setup", required=True, index=True, ondelete="cascade")
    password = fields.Char(required=True)

    @api.model
    def _keep(self, setup, password):
        """Keep the password of an assistant in place of the one before; an empty one only takes that away."""
        self._of(setup).unlink()
        if password:
            self.sudo().create({"setup_id": setup.id, "password": password})

    @api.model
    def _of(self, setup):
        """Return what is kept for an assistant."""
        return self.sudo().search([("setup_id", "in", setup.ids)])

    @api.model
    def _forget_old(self):
        """Forget what nobody has used in time."""
        self.sudo().search([("create_date", "<", fields.Datetime.now() - KEPT)]).unlink()
