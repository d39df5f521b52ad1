from functools import partial

from odoo import api, models, tools

from ...routing.rows import Server
from ..setup.mail_routing import CONFIG_SERVER_ID


class IrMailServer(models.Model):
    """A session knows its server."""

    _inherit = "ir.mail_server"

    def connect(
        self,
        host=None,
        port=None,
        user=None,
        password=None,
        encryption=None,
        smtp_from=None,
        ssl_certificate=None,
        ssl_private_key=None,
        smtp_debug=False,
        mail_server_id=None,
        allow_archived=False,
    ):
        """Keep on the session which server it belongs to; core keeps only its from_filter.

        Looks up the server here, because core would do so a moment later without telling which it found.
        """
        routing, asked_id = self.env["mail.routing"], mail_server_id
        if not (mail_server_id or host or routing._routing_table().is_idle or self._is_test_mode()):
            found, smtp_from = self.sudo()._find_mail_server(smtp_from)
            mail_server_id = found.id if found else CONFIG_SERVER_ID
        if mail_server_id == CONFIG_SERVER_ID:
            # with a host core looks for no record, and takes all else from odoo.conf
            mail_server_id, host = None, tools.config.get("smtp_server")
        connect = partial(
            super().connect,
            host=host,
            port=port,
            user=user,
            password=password,
            encryption=encryption,
            smtp_from=smtp_from,
            ssl_certificate=ssl_certificate,
            ssl_private_key=ssl_private_key,
            smtp_debug=smtp_debug,
            mail_server_id=mail_server_id,
            allow_archived=allow_archived,
        )
        # with a record core ignores the other arguments
        is_known = mail_server_id or (not user and host in (None, tools.config.get("smtp_server")))

        def open_session():
            session = connect()
            if session is not None:
                session.mail_company_routing_server = (
                    routing._server(mail_server_id) if is_known else routing._config_server(host, user)
                )
            return session

        return self._session(asked_id, open_session)

    @api.model
    def _session(self, server_id, open_session):
        """Return a session; a hook for whoever has one of this server already.

        :param server_id: the one that the caller asked for, None for any
        :param open_session: opens one, or raises what core does
        """
        return open_session()

    @api.model
    def _session_server(self, smtp_session):
        """Return the server of an open session; a session that other code opened tells its login at most."""
        server = getattr(smtp_session, "mail_company_routing_server", None)
        return server or Server(id=None, name="", login=getattr(smtp_session, "user", None) or "")
