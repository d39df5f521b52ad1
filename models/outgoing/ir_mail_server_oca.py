from odoo import api, models

from ...routing import address
from ...routing.outgoing.header import set_address_header


class IrMailServer(models.Model):
    """Beside OCA's ``mail_outbound_static``: its static From applies to the server that a mail really leaves through.

    When a mail is sent, that addon picks a server by its own list, even if a session is already open, and writes
    that server's address into From. Without that addon, nothing here changes anything.
    """

    _inherit = "ir.mail_server"

    @api.model
    def _show_author(self, message, route):
        """Show that addon the author that the route names: it fails if From has no address."""
        if route and route.header_from and self._has_static_from():
            set_address_header(message, "From", route.header_from)

    def _get_mail_sever(self, email_domain):
        """Let it pick no server (its own spelling) if the ladder chooses: it would pick across companies."""
        if self.env["mail.routing"]._routing_table().chooses_servers:
            return None
        return super()._get_mail_sever(email_domain)

    def _with_static_from(self, server):
        """Return the model as that addon learns which server a session belongs to."""
        return self.with_context(mail_server_id=server.id) if self._has_static_from() else self

    def _write_static_from(self, server, message):
        """Write the From that it set as one mailbox: it encodes the name, which Python then folds into several."""
        authors = address.parse(message["From"]) if self._has_static_from() and server.id else ()
        if len(authors) == 1 and self.sudo().browse(server.id).smtp_from:
            set_address_header(message, "From", str(authors[0]))

    def _has_static_from(self):
        """Tell whether ``mail_outbound_static`` is installed."""
        return "domain_whitelist" in self._fields
