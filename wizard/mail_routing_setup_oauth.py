from odoo import _, models
from odoo.exceptions import UserError

from .mail_routing_setup import CONNECT, NOTHING
from .mail_routing_setup_check import Step


class MailRoutingSetup(models.TransientModel):
    """Microsoft and Google ask their user: the servers are prepared, archived, and set up once they are connected."""

    _inherit = "mail.routing.setup"

    def _login(self, password):
        """Return how to log in without a password, None for one that was typed now or before.

        :raises UserError: there is none at all
        """
        if password or self._made(self._servers(), "smtp_user").smtp_pass:
            return None
        oauth = self._oauth()
        if not oauth:
            raise UserError(_("Type the password of %s.", self.email))
        return oauth

    def _is_connected(self, oauth):
        """Tell whether the user has allowed both servers to log in."""
        servers = [self._made(self._servers(), "smtp_user")]
        if self.incoming_type != NOTHING:
            servers.append(self._made(self._mailboxes(), "user"))
        return all(server[oauth.token] for server in servers)

    def _prepare_oauth(self, oauth):
        """Make the servers that the user connects, and return the assistant's values."""
        server, box = self._make(False, oauth, is_active=False)
        todo = _(
            "The mail servers are prepared, and nothing leaves through them yet. Open each of them and connect the "
            "account there. Then open this assistant again, and press Set Up."
        )
        step = Step(False, _("Connect your account at %s", self.provider_id.name), todo)
        return {
            "state": CONNECT,
            "result": self._result_html([step]),
            "server_id": server.id,
            "fetchmail_server_id": box.id,
        }

    def action_open_server(self):
        """Open the outgoing server."""
        return self._open(self.server_id)

    def action_open_mailbox(self):
        """Open the incoming server."""
        return self._open(self.fetchmail_server_id)

    def action_provider_module(self):
        """Open the module in Apps that logs in at this provider."""
        self.ensure_one()
        return self.provider_id._module_action()

    def _open(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
