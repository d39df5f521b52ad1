from functools import partial

from odoo import models

from ...routing.delivery.answer import of_exception
from .connection import already_open
from .session import SMTP_ERRORS, Session


class IrMailServer(models.Model):
    """A run opens one session for each server, and keeps it."""

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
        """Return the session that the run has, or open it and keep it; note where that goes wrong."""
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
        run = self.env["mail.mail"]._run()
        if run is None or not mail_server_id or self._is_test_mode():
            return connect()
        if mail_server_id not in run.sessions:
            run.sessions[mail_server_id] = self._open_session(run, mail_server_id, connect)
        return run.sessions[mail_server_id].smtp

    def _open_session(self, run, server_id, connect):
        """Open the session of a server in a run."""
        server = self._of_run(server_id)

        def connect_once():
            with already_open(run.opened.pop(server_id, None)):
                return connect()

        try:
            return Session(run, server, server_id, connect_once)
        except SMTP_ERRORS as error:
            answer = of_exception(error, "connect")
            if answer.is_temporary:
                server._note_trouble(run, server_id, answer)
            raise
