from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..routing.table import AUTO, Company


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "mail.routing.source"]

    _routing_fields = frozenset({"mail_restrict_username", "mail_catchall_supported"})

    mail_catchall_supported = fields.Boolean(
        string="Catch All",
        default=True,
        groups="base.group_system",
        help="Keep it on if the mail domain delivers every address, existing or not, to Odoo. Switch it off if your "
        "provider only delivers real mailboxes (Tencent Exmail, QQ, NetEase): replies then go to a mailbox that Odoo "
        "fetches, e.g. kevin@example.com, or to the author, never to catchall@example.com.",
    )
    mail_restrict_username = fields.Boolean(
        string="Restrict Username",
        groups="base.group_system",
        help="Send every mail as the mailbox that logs in on the outgoing server, with the author's name in front: "
        '"Author Name" <kevin@example.com>. Providers such as Tencent Exmail, QQ and NetEase refuse any other sender. '
        "A server may have its own Sender Policy.",
    )

    @api.constrains("mail_restrict_username")
    def _check_mail_restrict_username(self):
        """Refuse the option while a server that would follow it has no address to send as."""
        if not any(self.mapped("mail_restrict_username")):
            return
        servers = self.env["ir.mail_server"].sudo().search([("sender_policy", "=", AUTO)])
        unknown = servers.filtered(lambda server: server.smtp_user and not server._routing_row().sender)
        if unknown:
            raise ValidationError(
                _(
                    "Restrict Username needs to know which address these outgoing mail servers send as, because their "
                    "username is no e-mail address: %(servers)s. Set their Sender Address first.",
                    servers=", ".join(unknown.mapped("name")),
                )
            )

    def _routing_row(self):
        """Return what the routing table holds of this company."""
        return Company(
            id=self.id,
            restrict_username=self.mail_restrict_username,
            catchall_supported=self.mail_catchall_supported,
        )
