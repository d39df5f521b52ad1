from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    mail_identity_ids = fields.One2many(
        "mail.sender.identity",
        "user_id",
        string="Sender Identities",
        help="The addresses this user may send from, e.g. zy@b.com. The first one of each company is the default.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 (core's name)
        """Let users see their own identities in their preferences."""
        return super().SELF_READABLE_FIELDS + ["mail_identity_ids"]
