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

    def _prepare_email_message(self, message, smtp_session):
        """Tell it which server the session belongs to, and write the From that it sets as one mailbox."""
        if not self._has_static_from() or self.env["mail.routing"]._routing_table().is_idle:
            return super()._prepare_email_message(message, smtp_session)
        server = self._session_server(smtp_session)
        smtp_from, smtp_to_list, message = super(
            IrMailServer, self.with_context(mail_server_id=server.id)
        )._prepare_email_message(message, smtp_session)
        authors = address.parse(message["From"])
        if server.id and self.sudo().browse(server.id).smtp_from and len(authors) == 1:
            # it encodes the name first, which Python then folds into several mailboxes
            set_address_header(message, "From", str(authors[0]))
        return smtp_from, smtp_to_list, message

    def _has_static_from(self):
        """Tell whether ``mail_outbound_static`` is installed."""
        return "domain_whitelist" in self._fields
