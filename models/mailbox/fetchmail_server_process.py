import random
import time

import psycopg2

from odoo import _, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from ...routing.mailbox import raw_mail, slow_header
from ...routing.mailbox.fetch import StoreLost
from ..context import INCOMING_KEY
from ..incoming.incoming_mail import IncomingMail, Outcome
from ..incoming.mail_unrouted_message import ANSWERED, WAITING

# Kinds of outcome after which the message itself need not be kept.
SETTLED = ("record", "bounce", "own", "duplicate")
# Bytes. A header with thousands of recipients is shorter, and takes seconds to read.
LONGEST_HEADER = 256 * 1024
# Seconds before each new try after a transient database error; randomised, so that two processes do not clash again.
PAUSES = (0.2, 0.5, 1.5)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    def _process_message(self, raw, outcome=None, forced=None, company=None):
        """Process one message and return its outcome.

        :param outcome: the object to fill, for a caller who needs it even if processing fails
        :param forced: where a person said the message belongs: (model, id or None)
        :param company: the company of a forced message
        """
        self._in_words()._check_headers(raw)
        outcome = Outcome() if outcome is None else outcome
        outcome.clear()
        incoming = IncomingMail(outcome, forced=forced or None)
        context = {INCOMING_KEY: incoming, "fetchmail_cron_running": True, "default_fetchmail_server_id": self.id}
        thread = self.env["mail.thread"].with_context(**context)
        if forced:
            thread = thread.with_company(company)
        thread.message_process(
            self.object_id.model,
            raw_mail.with_message_id(raw),
            save_original=self.original,
            strip_attachments=bool(self) and not self.attach,
        )
        return outcome

    def _check_headers(self, raw):
        """Refuse a message whose headers would keep Python busy for hours, and all other mail waiting."""
        size = raw_mail.longest_header(raw)
        if size > LONGEST_HEADER:
            raise UserError(
                _(
                    "One of its headers has %s kB, which takes too long to read. The mail is kept unchanged.",
                    size // 1024,
                )
            )
        if slow_header.is_slow(raw):
            raise UserError(
                _("Its headers are in no proper form, and take too long to read. The mail is kept unchanged.")
            )

    def _store_message(self, raw, keys):
        """Process one message and commit; keep it whole if that fails.

        The keys are stored in the same transaction: if the process dies before it tells the server, the next run knows.

        :return: whether it waits among the unrouted mails
        """
        done = self._keys_text(keys)
        outcome = Outcome()
        try:
            self._in_transaction(lambda: self._place_message(raw, done, outcome))
        except StoreLost:
            raise
        except Exception as caught:
            error = caught
            if self._is_stored(done):
                # the message is stored, so this error came after the commit
                self._log_failure("after a message was stored", error)
            elif self._is_transient(error):
                raise
            else:
                self._log_failure("with a message, which is now among the unrouted mails", error)
                self._in_transaction(lambda: self._keep_message(raw, done, outcome, error))
        return outcome.get("waits")

    def _place_message(self, raw, done, outcome):
        """Process one message; keep it among the unrouted mails if it was stored nowhere."""
        self._store_keys(done)
        self._process_message(raw, outcome)
        kind = outcome.get("kind")
        if kind not in SETTLED:
            state = ANSWERED if kind == "answered" else WAITING
            self._keep(raw, outcome, state=state)

    def _keep_message(self, raw, done, outcome, error):
        """Keep a message that failed."""
        self._store_keys(done)
        self._keep(raw, outcome, error)

    def _keep(self, raw, outcome, error=None, state=WAITING):
        """Keep a message; with sudo, because users cannot create unrouted mails."""
        outcome["waits"] = state == WAITING
        server = self._in_words().sudo()
        return server.env["mail.unrouted.message"]._keep(server, raw, outcome, error, state)

    def _store_keys(self, done):
        """Store the keys first: another process that fetches the same mailbox waits here."""
        self.with_context(fetchmail_cron_running=True).processed_uids = done
        self.flush_recordset(["processed_uids"])

    def _in_words(self):
        """Use the language of the user who created the mailbox: the cron has none."""
        return self.with_context(lang=self.create_uid.lang or self.env.lang)

    def _in_transaction(self, work):
        """Do some work and commit; after a transient database error, try again."""
        for pause in (*PAUSES, None):
            try:
                work()
                self.env.cr.commit()  # pylint: disable=invalid-commit
                # now: a later rollback would forget that other workers have to drop their caches
                self.env.registry.signal_changes()
                return
            except Exception as error:
                self._roll_back(error)
                if pause is None or not self._is_transient(error):
                    raise
                time.sleep(random.uniform(pause / 2, pause))

    def _roll_back(self, error):
        """Undo everything, in the registry's caches too."""
        if self.env.cr.connection.closed:
            raise StoreLost(str(error)) from error
        self.env.cr.rollback()
        self.env.registry.reset_changes()

    def _is_stored(self, done):
        """Tell whether these keys are committed; no other transaction stores the same ones."""
        self.invalidate_recordset(["processed_uids"])
        return bool(done) and self.processed_uids == done

    @staticmethod
    def _is_transient(error):
        """Tell whether an error is, or was caused by, a database error that goes away by itself."""
        while error is not None:
            if isinstance(error, psycopg2.Error) and error.pgcode in PG_CONCURRENCY_ERRORS_TO_RETRY:
                return True
            error = error.__cause__ or error.__context__
        return False
