from odoo import fields, models

from ...routing import address
from ...routing.rows import Mailbox


class FetchmailServer(models.Model):
    _name = "fetchmail.server"
    _inherit = ["fetchmail.server", "mail.routing.source"]

    _routing_fields = frozenset({"active", "company_id", "priority", "server_type", "state", "user"})

    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="The company that owns this mailbox. Without a catch-all, its replies come back here. Empty: the replies "
        "of every company without a mailbox come back here.",
    )

    def _routing_row(self):
        """Return this mailbox's row of the routing table, or None if its user is no address."""
        email = address.find(self.user)
        return email and Mailbox(id=self.id, email=email, company_id=self.company_id.id or None)
