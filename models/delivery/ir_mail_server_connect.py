from functools import partial

from odoo import api, models

from ...routing.delivery.answer import of_exception
from .connection import be_patient, hastily
from .session import SMTP_ERRORS, Session


class IrMailServer(models.Model):
    """A run opens one session for each server, and keeps it."""

    _inherit = "ir.mail_server"

    @api.model
    def _session(self, server_id, open_session):
        """Return the session that the run has, or open it and keep it; note where that goes wrong."""
        run = self.env["mail.mail"]._run()
        if run is None or not server_id or self._is_test_mode():
            return super()._session(server_id, partial(self._open_alone, open_session))
        if server_id not in run.sessions:
            run.sessions[server_id] = self._open_session(run, server_id, open_session)
        return run.sessions[server_id].smtp

    @api.model
    def _open_alone(self, open_session):
        """Open a session that no run keeps; with nothing set up, it waits for everything as long as core does."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return open_session()
        with hastily():
            session = open_session()
        be_patient(session)
        return session

    def _open_session(self, run, server_id, open_session):
        """Open the session of a server in a run."""
        server = self._of_run(server_id)

        def open_once():
            with hastily(run.opened.pop(server_id, None)):
                return open_session()

        try:
            return Session(run, server, server_id, open_once)
        except SMTP_ERRORS as error:
            answer = of_exception(error, "connect")
            if answer.is_temporary:
                server._note_trouble(run, server_id, answer)
            raise
