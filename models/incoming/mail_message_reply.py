from odoo import api, models
from odoo.tools.misc import hmac

from ...routing import token

_SCOPE = "mail_company_routing-reply"


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _reply_token(self):
        """Return the token that leads a reply to this message; empty where a reply starts a new record."""
        self.ensure_one()
        if self.reply_to_force_new or not (self.model and self.res_id):
            return ""
        return token.make_token(self.id, self._reply_signature(self.id))

    @api.model
    def _of_reply_token(self, text):
        """Return the message that a token leads to; none if this database did not sign the token."""
        number = token.read_number(text)
        if number is None or not token.is_genuine(text, self._reply_signature(number)):
            return self.browse()
        return self.browse(number).exists()

    @api.model
    def _reply_signature(self, number):
        """Return this database's signature of a message's id; only a superuser can read the secret."""
        return hmac(self.env(su=True), _SCOPE, number)
