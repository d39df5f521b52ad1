import logging

from odoo import _, api, models
from odoo.exceptions import ValidationError

from ...routing.mailbox.imap import identify
from .connection import login

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    def connect(self, allow_archived=False):
        """Check the folder too when a person tests the connection.

        Only that test allows an archived server (core: ``button_confirm_login``).
        """
        with login():
            connection = super().connect(allow_archived=allow_archived)
        if allow_archived and self._get_connection_type() == "imap":
            self._open_folder(connection)
        return connection

    def _imap_login(self, connection):
        """Send the IMAP ID after the login: NetEase opens no folder without it (RFC 2971)."""
        result = super()._imap_login(connection)
        self._identify(connection)
        return result

    def _identify(self, connection):
        """Send the ID command, if not yet done: an OAuth login may skip ``_imap_login``."""
        try:
            identify(connection)
        except Exception:
            # a server that fails on it may work without
            _logger.info("The incoming mail server %s did not take the ID command.", self.name, exc_info=True)

    @api.constrains("fetch_time_limit")
    def _check_fetch_time_limit(self):
        for server in self:
            if server.fetch_time_limit < 0:
                raise ValidationError(
                    _("The time limit of the incoming mail server %s must be 0 or more seconds.", server.name)
                )
