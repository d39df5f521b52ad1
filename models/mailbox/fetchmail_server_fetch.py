import json
import logging
import math
import traceback

from odoo import _, fields, models
from odoo.exceptions import UserError

from ...routing.budget import Budget, TooMuch
from ...routing.mailbox.connection import Refused
from ...routing.mailbox.fetch import Fetch, NotStored
from ...routing.mailbox.imap import ImapMailbox, NoFolder
from ...routing.mailbox.pop import PopMailbox
from .connection import budgeted

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    imap_folder = fields.Char(
        string="IMAP Folder",
        default="INBOX",
        help="The folder of the mailbox that Odoo fetches, e.g. INBOX, or 客户/订单 for a subfolder.",
    )
    fetch_time_limit = fields.Integer(
        string="Time Limit (Seconds)",
        default=60,
        help="After this many seconds the other mailboxes have their turn, and Odoo fetches the rest next time, "
        "e.g. 60. 0: no limit.",
    )
    processed_uids = fields.Text(copy=False, readonly=True, groups="base.group_system")
    last_error = fields.Text(copy=False, readonly=True, help="What went wrong when Odoo last fetched this mailbox.")
    last_error_date = fields.Datetime(string="Last Error On", copy=False, readonly=True)
    last_success_date = fields.Datetime(
        string="Last Success On",
        copy=False,
        readonly=True,
        help="When Odoo last fetched this mailbox without an error.",
    )

    def write(self, values):
        """Forget which messages are processed when this becomes another mailbox."""
        if not {"imap_folder", "server", "server_type", "user"}.isdisjoint(values):
            values = {**values, "processed_uids": False}
        return super().write(values)

    def fetch_mail(self):
        """Fetch each mailbox so that no mail is lost, and none depends on the others.

        Core flags a message as read before it commits, and even if processing failed.
        """
        for server in self:
            if server._get_connection_type() in ("imap", "pop"):
                server._fetch_safely()
            else:
                super(FetchmailServer, server).fetch_mail()
        return True

    def _fetch_safely(self):
        """Fetch one mailbox, and store on it how that went."""
        # a failure rolls back; that must not undo the caller's work
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self._in_transaction(self._record_begin)
        _logger.info("Fetching mails from %s (%s).", self.name, self.server)
        budget = self._budget()
        fetch = Fetch(
            lambda: self._open_mailbox(budget), self._store_message, self._keys(), lambda: budget.seconds_left <= 0
        )
        try:
            fetch.run()
        except Exception as error:
            self._log_failure("with the mailbox", error)
            fetch.errors.append(error)
        _logger.info("Fetched %d mails from %s, %d errors.", fetch.count, self.name, len(fetch.errors))
        self._in_transaction(lambda: self._record_run(fetch))

    def _record_begin(self):
        """Record that a run begins, see ``_record_run``."""

    def _budget(self):
        """Return what fetching this mailbox may take, in all."""
        return Budget(self.fetch_time_limit if self.fetch_time_limit > 0 else math.inf)

    def _open_mailbox(self, budget=None):
        """Log in and open the folder.

        :param budget: what this may take, and all that is done there
        """
        with budgeted(budget or self._budget()):
            connection = self.connect()
        if self._get_connection_type() == "pop":
            return PopMailbox(connection)
        return self._in_words()._open_folder(connection)

    def _open_folder(self, connection):
        """Open the folder.

        :raises UserError: the folder cannot be opened; it names the folder, in the user's language
        """
        folder = self.imap_folder or "INBOX"
        self._identify(connection)
        try:
            return ImapMailbox(connection, folder)
        except NoFolder as error:
            raise UserError(self._folder_message(folder, error)) from error

    def _folder_message(self, folder, error):
        """Return why a folder cannot be opened and what to do."""
        values = {"folder": folder, "server": self.name, "answer": error.answer}
        if error.folders and folder not in error.folders:
            return _(
                'The mailbox of the incoming mail server "%(server)s" has no folder "%(folder)s". Set IMAP Folder to '
                "one of these: %(folders)s",
                **values,
                folders=", ".join(error.folders[:30]),
            )
        return _(
            'The incoming mail server "%(server)s" does not open the folder "%(folder)s". It says: %(answer)s',
            **values,
        )

    def _keys(self):
        """Return the keys of messages that are processed but perhaps not yet flagged or deleted."""
        return set(json.loads(self.processed_uids or "[]"))

    def _keys_text(self, keys):
        return json.dumps(sorted(keys), ensure_ascii=False) if keys else False

    def _record_run(self, fetch):
        """Store on the mailbox how the run went."""
        now = fields.Datetime.now()
        values = {"date": now, "processed_uids": self._keys_text(fetch.processed)}
        if fetch.errors:
            values |= {"last_error": self._in_words()._errors_text(fetch.errors), "last_error_date": now}
        else:
            values |= {"last_success_date": now, "last_error": False}
        self.with_context(fetchmail_cron_running=True).write(values)

    def _errors_text(self, errors):
        """Return the first errors of a run, without repetitions."""
        texts = list(dict.fromkeys(self._error_text(error) for error in errors))
        rest = [_("And %s more.", len(texts) - 5)] if len(texts) > 5 else []
        return "\n".join((*texts[:5], *rest)).replace("\0", "\ufffd")

    def _error_text(self, error):
        """Return an error in words; many Python errors say nothing without their class name."""
        if isinstance(error, NotStored):
            return _("Odoo could not store a mail, which stays unread in the mailbox: %s", error)
        if isinstance(error, Refused):
            return _("The incoming mail server refused a command: %s", error)
        if isinstance(error, TooMuch):
            return _(
                "The incoming mail server sent an answer of more than %s MB, which Odoo does not read.",
                error.limit // (1024 * 1024),
            )
        if isinstance(error, OSError):
            return _(
                "No connection to %(host)s, port %(port)s: %(error)s. Check the server name, the port and SSL/TLS.",
                host=self.server,
                port=self.port,
                error=error.strerror or error,
            )
        return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"

    def _log_failure(self, where, error):
        """Log what went wrong as a warning, as mostly the other side is to blame."""
        trace = "".join(traceback.format_exception(error)) if _logger.isEnabledFor(logging.DEBUG) else ""
        _logger.warning("Fetching %s: trouble %s: %r %s", self.name, where, error, trace)
