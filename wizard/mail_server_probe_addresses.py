from odoo import models

from ..routing import address
from ..routing.probe.facts import BOUNCE, FOREIGN, OTHER, OWN

# Reserved (RFC 2606): nobody's mail goes there.
FOREIGN_ADDRESS = "someone@example.com"
OTHER_NAME = "odoo-probe"
USERS = 20


class MailServerProbe(models.TransientModel):
    """Says which addresses a mail server is asked about."""

    _inherit = "mail.server.probe"

    def _senders(self):
        """Return the senders to ask about, by kind; without those that do not exist here."""
        own = self.server_id._routing_row().sender
        bounce = self._company_domain()
        senders = {
            OWN: own,
            OTHER: self._other_sender(own),
            BOUNCE: bounce and address.find(bounce.email(bounce.bounce)),
            FOREIGN: FOREIGN_ADDRESS,
        }
        return {kind: email for kind, email in senders.items() if email}

    def _company_domain(self):
        """Return the company's alias domain, else the one of the system parameters if the company may use it."""
        table = self.env["mail.routing"]._routing_table()
        domain = table.default_domain(self.company_id.id)
        if not domain and table.parameter_domain_id(self.company_id.id) is None:
            domain = table.fallback
        return domain if domain and domain.name else None

    def _other_sender(self, own):
        """Return another address of the server's domain: a colleague's, else one that nobody has."""
        domain = self._company_domain()
        name = address.domain(own) if own else domain and domain.name
        if not name:
            return None
        found = self.env["res.users"].search(
            [("email", "=ilike", f"%@{name}"), ("share", "=", False), ("company_ids", "in", self.company_id.ids)],
            limit=USERS,
        )
        emails = filter(None, map(address.find, (self.env.user.email, *found.mapped("email"))))
        colleagues = (email for email in emails if address.domain(email) == name and not address.same(email, own))
        return next(colleagues, None) or address.find(f"{OTHER_NAME}@{name}")

    def _recipient(self):
        """Return the mailbox that the test mails go to: the one to be read, else the server's own."""
        own = self.server_id._routing_row().sender
        mailbox = address.find(self.fetchmail_server_id.user)
        return mailbox or own or address.first(self.env.user.email) or address.first(self.company_id.email)

    def _default_mailbox(self):
        """Return the mailbox to read: the one paired with the server, else the server's own, else the company's."""
        if self.server_id.fetchmail_server_id:
            return self.server_id.fetchmail_server_id
        found = self.env["fetchmail.server"].search(
            [("state", "=", "done"), ("server_type", "!=", "local"), ("company_id", "in", (False, self.company_id.id))]
        )
        own = self.server_id._routing_row().sender
        return (
            found.filtered(lambda mailbox: address.same(address.find(mailbox.user), own))
            or found.filtered(lambda mailbox: mailbox.company_id == self.company_id)
            or found
        )[:1]
