from odoo import api, fields, models

from ...routing.probe import mails


class MailProbeArrival(models.TransientModel):
    """What the scheduled fetch met of a probe's mails: it may take them out of a mailbox before the probe looks there.

    Rows are only added, so that nobody waits for anybody. The row without a kind says that a probe has this token.
    """

    _name = "mail.probe.arrival"
    _description = "Arrival of a Test Mail"

    token = fields.Char(required=True, index=True)
    kind = fields.Char()
    arrived = fields.Boolean()
    header_from = fields.Char()
    message_id = fields.Char()

    @api.model
    def _note(self, raw):
        """Note a test mail, or a report about one; tell whether the message is either.

        The token is random, so nobody can write it who has not seen a test mail.
        """
        token = mails.token_in(raw)
        if not token or not self.sudo().search([("token", "=", token)], limit=1):
            return None
        found = mails.read(raw, token)
        if found:
            self.sudo().create({"token": token, **found._asdict()})
        return found
