import logging

from odoo import _, fields, models
from odoo.exceptions import UserError

from ...routing.mailbox import raw_mail
from ..incoming.incoming_mail import Outcome

_logger = logging.getLogger(__name__)
RUNNING, CAREFUL = "running", "careful"
# How often a message may end the process while messages are watched; the first time, nobody knew which one it was.
TRIES = 2


class FetchmailServer(models.Model):
    """Gives up poison messages: those that end the process by the memory or time they take, and so block all others.

    A run that finds that the last one never ended records each message before it processes it. Runs that end
    normally cost nothing extra.
    """

    _inherit = "fetchmail.server"

    run_state = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Empty between two runs. A run that was stopped by force leaves: running, careful, or the number of "
        "tries of a message and its checksum.",
    )

    def _record_begin(self):
        """Record that a run begins, careful after a run that never ended; keep what a careful run recorded."""
        if self.run_state in (False, RUNNING):
            self._write_run_state(CAREFUL if self.run_state else RUNNING)
        return super()._record_begin()

    def _record_run(self, fetch):
        """Record that the run has ended."""
        self._write_run_state(False)
        return super()._record_run(fetch)

    def _store_message(self, raw, keys):
        """Process a message, unless it is a poison message."""
        if self.run_state in (False, RUNNING):
            return super()._store_message(raw, keys)
        key = raw_mail.checksum(raw)
        tries = self._tries(key)
        if tries >= TRIES:
            return self._give_up(raw, keys)
        self._in_transaction(lambda: self._write_run_state(f"{tries + 1} {key}"))
        return super()._store_message(raw, keys)

    def _tries(self, key):
        """Return how often processing this message was begun and not ended."""
        count, _space, recorded = (self.run_state or "").partition(" ")
        return int(count) if recorded == key else 0

    def _give_up(self, raw, keys):
        """Keep a poison message whole, without reading it."""
        error = UserError(
            _(
                "Odoo's process ended %s times while it processed this mail, which may need more memory or time "
                "than Odoo has. The mail is kept unchanged. Raise these limits, then retry it.",
                TRIES + 1,
            )
        )
        _logger.warning(
            "Fetching %s: a poison message, which ended the process, is now among the unrouted mails.", self.name
        )
        self._in_transaction(lambda: self._keep_message(raw, self._keys_text(keys), Outcome(), error))
        return True

    def _write_run_state(self, state):
        self.with_context(fetchmail_cron_running=True).run_state = state
