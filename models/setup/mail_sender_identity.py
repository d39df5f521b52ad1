from odoo import _, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import escape_psql

from ...routing import address
from ...routing.rows import Identity


class MailSenderIdentity(models.Model):
    _name = "mail.sender.identity"
    _inherit = ["mail.routing.source"]
    _description = "Sender Identity"
    _order = "sequence, id"
    _rec_name = "email"

    _routing_fields = frozenset({"company_id", "email", "sequence", "user_id"})

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="cascade",
        help="The user who may send from the address, e.g. Zhang Yi.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="The company that the user sends for, e.g. My Trading Co.",
    )
    email = fields.Char(required=True, help="The user's address in this company, e.g. zy@b.com.")
    sequence = fields.Integer(default=10, help="The user's first address in a company is the default.")

    _sql_constraints = [
        (
            "email_unique",
            "UNIQUE(user_id, company_id, email)",
            "This user may already send from this address for this company.",
        ),
    ]

    @api.constrains("email", "company_id")
    def _check_email(self):
        """Refuse a text that is not an address, and an address in a domain of another company."""
        domains = self.env["mail.routing.domain"].sudo()
        for identity in self:
            self.env["mail.routing"]._check_address(identity, "email")
            domain = domains.search([("name", "=", address.domain(address.find(identity.email)))])
            if domain.company_id and domain.company_id != identity.company_id:
                raise ValidationError(
                    _(
                        "%(email)s cannot send for %(company)s: the domain belongs to %(other)s.",
                        email=identity.email,
                        company=identity.company_id.name,
                        other=domain.company_id.name,
                    )
                )

    @api.constrains("email", "user_id")
    def _check_shared(self):
        """Refuse another user's own address: that user could then no longer write at all."""
        users = self.env["res.users"].sudo()
        for identity in self.sudo():
            email = address.find(identity.email).lower()
            holders = users.search([("share", "=", False), ("partner_id.email_normalized", "=", email)])
            theirs = self.sudo().search([("email", "=ilike", escape_psql(email)), ("user_id", "in", holders.ids)])
            owners = theirs.user_id
            if others := holders - owners - identity.user_id:
                raise ValidationError(
                    _(
                        "%(email)s is also the address of %(user)s. Add it to that user's Sender Identities first, "
                        "because nobody else may send from an identity.",
                        email=identity.email,
                        user=others[0].name,
                    )
                )

    @api.constrains("user_id", "company_id")
    def _check_member(self):
        """Refuse an identity in a company that the user does not belong to."""
        for identity in self.sudo():
            self.env["mail.routing"]._check_member(identity.user_id, identity.company_id)

    def _routing_row(self):
        """Return this identity's row for the routing table."""
        return Identity(user_id=self.user_id.id, company_id=self.company_id.id, email=address.find(self.email) or "")
