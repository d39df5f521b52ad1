from odoo import _, api, models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Refuse a mail that an ordinary user hands over by RPC in another user's name: core posts it as superuser.

        Incoming servers and mail gateways run as superuser or as an administrator, and are not checked.
        """
        identities = self.env["mail.sender.identity"]
        author = self.env["res.partner"].browse(message_dict.get("author_id") or [])
        sender = identities._foreign_sender(message_dict.get("email_from"), author)
        if sender:
            raise AccessError(
                _(
                    "This mail is from %s, who is another user. Let the mail gateway log in as an administrator.",
                    sender,
                )
            )
        return super()._message_route_process(message, message_dict, routes)
