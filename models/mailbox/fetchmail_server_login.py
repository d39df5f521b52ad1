import logging
from imaplib import IMAP4

from odoo import _, api, models
from odoo.exceptions import ValidationError

from odoo.addons.mail.models import fetchmail

from ...routing.mailbox.imap import identify

_logger = logging.getLogger(__name__)

_create_socket = IMAP4._create_socket


def create_socket(self, timeout=None):
    """Never wait for ever. Core means to set this timeout, but from Python 3.9 on imaplib hands over its own None."""
    return _create_socket(self, timeout or fetchmail.MAIL_TIMEOUT)


IMAP4._create_socket = create_socket


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    def connect(self, allow_archived=False):
        """Find out at once whether the folder is there, where a person tests the connection.

        Only a test asks for a server that may be archived (core: ``button_confirm_login``).
        """
        connection = super().connect(allow_archived=allow_archived)
        if allow_archived and self._get_connection_type() == "imap":
            self._open_folder(connection)
        return connection

    def _imap_login(self, connection):
        """Tell the server who we are: NetEase opens no folder for a client that does not (RFC 2971)."""
        result = super()._imap_login(connection)
        self._identify(connection)
        return result

    def _identify(self, connection):
        """Send the ID command, if that was not done; whoever logs in by OAuth may not call our login."""
        try:
            identify(connection)
        except Exception:
            # a server that stumbles over it may well be content without
            _logger.info("The incoming mail server %s did not take the ID command.", self.name, exc_info=True)

    @api.constrains("fetch_time_limit")
    def _check_fetch_time_limit(self):
        for server in self:
            if server.fetch_time_limit < 0:
                raise ValidationError(
                    _("The time limit of the incoming mail server %s must be 0 or more seconds.", server.name)
                )
