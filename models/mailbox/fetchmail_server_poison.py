import logging

from odoo import _, fields, models
from odoo.exceptions import UserError

from ...routing.mailbox import raw_mail
from ..incoming.arrival import Outcome

_logger = logging.getLogger(__name__)
RUNNING, CAREFUL = "running", "careful"
# How often a message may end the process while it is watched. Once before that nobody knew which message it was.
TRIES = 2


class FetchmailServer(models.Model):
    """A message that ends the process, by its memory or its time, is given up: it would hold up all others for ever.

    A run that does not end is noticed by the next one, which then notes each message before it is processed. Without
    such an accident, that costs nothing.
    """

    _inherit = "fetchmail.server"

    run_state = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Empty between two runs; a run that was stopped by force leaves it: running, careful, or how often which "
        "message was tried, by its checksum.",
    )

    def _record_begin(self):
        """Note that a run begins; what one that was stopped in its careful way has noted stays."""
        if self.run_state in (False, RUNNING):
            self._write_run_state(CAREFUL if self.run_state else RUNNING)
        return super()._record_begin()

    def _record_run(self, fetch):
        """Note that the run has ended."""
        self._write_run_state(False)
        return super()._record_run(fetch)

    def _store_message(self, raw, keys):
        """Process a message, unless it has ended the process too often."""
        if self.run_state in (False, RUNNING):
            return super()._store_message(raw, keys)
        key = raw_mail.checksum(raw)
        tries = self._tries(key)
        if tries >= TRIES:
            return self._give_up(raw, keys)
        self._in_transaction(lambda: self._write_run_state(f"{tries + 1} {key}"))
        return super()._store_message(raw, keys)

    def _tries(self, key):
        """Return how often this message has ended the process."""
        count, _space, noted = (self.run_state or "").partition(" ")
        return int(count) if noted == key else 0

    def _give_up(self, raw, keys):
        """Keep a message as it is."""
        error = UserError(
            _(
                "Odoo itself came to an end %s times while it processed this mail, which may be too big for the memory "
                "or the time that Odoo has. It is kept as it is. Retry it after raising these limits.",
                TRIES + 1,
            )
        )
        _logger.warning("Fetching %s: a message that ended the process is now among the unrouted mails.", self.name)
        self._in_transaction(lambda: self._keep_message(raw, self._keys_text(keys), Outcome(), error))

    def _write_run_state(self, note):
        self.with_context(fetchmail_cron_running=True).run_state = note
