from dataclasses import replace

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from .fetchmail_server import FetchmailServer as FetchmailServerSource


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    _routing_fields = FetchmailServerSource._routing_fields | {
        "reply_by_subject",
        "reply_subject_days",
        "reply_token",
    }

    reply_token = fields.Boolean(
        string="Sub-addresses",
        help="Ask for replies at a sub-address, e.g. info+abc@a.com instead of info@a.com. A reply then finds its "
        "document even if the customer's mail program or the provider drops the headers that Odoo needs. Mails "
        "to info+abc@a.com must reach the mailbox info@a.com: send one there yourself before you switch this on.",
    )
    reply_by_subject = fields.Boolean(
        string="Replies by Subject",
        help="If nothing else shows what a mail answers, it goes to the document about which Odoo last wrote to its "
        'sender with the same subject, e.g. "Re: Order S01". If several documents match, it is a new mail.',
    )
    reply_subject_days = fields.Integer(
        string="Days to Look Back",
        default=30,
        help="The greatest age of a mail that a reply may match by its subject, e.g. 30 days.",
    )

    @api.constrains("reply_subject_days", "reply_by_subject")
    def _check_reply_subject_days(self):
        """Refuse a time in which no mail could be found."""
        for server in self:
            if server.reply_subject_days <= 0:
                raise ValidationError(_('Days to Look Back of "%s" must be at least 1, e.g. 30.', server.display_name))

    def _routing_row(self):
        """Add to the row how replies are found."""
        row = super()._routing_row()
        days = self.reply_subject_days if self.reply_by_subject else 0
        return row and replace(row, sub_address=self.reply_token, subject_days=days)
