"""What the mail servers were handed, noted by itself while a transaction is under way that may still be rolled back.

A mail that left cannot be taken back. So what is handed over is noted through a connection of its own, and is known
when the process is killed, or its transaction fails: such a mail does not leave again.
"""

import json
import logging
import random
from contextlib import suppress
from functools import partial

import psycopg2

from odoo.sql_db import db_connect

_logger = logging.getLogger(__name__)

# Marks our advisory locks; the other half of the key is the number of the run.
LOCK = 0x6D6372
_START = """
    INSERT INTO mail_delivery (run, mail_id, server_id, recipients, date, state, settled)
         VALUES (%s, %s, %s, %s, timezone('UTC', clock_timestamp()), 'handed', %s)
      RETURNING id
"""
_END = "UPDATE mail_delivery SET state = %s WHERE id = %s"
_SETTLE = "UPDATE mail_delivery SET settled = TRUE WHERE run = %s AND NOT settled"
_SETTLE_SENT = f"""
    {_SETTLE}
       AND NOT EXISTS (SELECT FROM mail_mail WHERE id = mail_id AND mail_mail.state IN ('outgoing', 'exception'))
"""
_HANDED_ELSEWHERE = """
    SELECT DISTINCT mail_id FROM mail_delivery WHERE mail_id IN %s AND NOT settled AND state != 'refused' AND run != %s
"""


class Journal:
    """Notes in memory, and writes in the end, in the transaction of the mails: for mails that nobody else sees yet."""

    def __init__(self, cr):
        self.cr = cr
        self.rows = []

    def handed_elsewhere(self, mail_ids):
        """Return those of these locked mails that another run handed over, without saying yet what became of it.

        :rtype: set(int)
        """
        return set()

    def start(self, mail_id, server_id, recipients):
        """Note that a server is about to be handed a mail."""
        row = {"mail_id": mail_id, "server_id": server_id, "recipients": " ".join(recipients), "state": "handed"}
        self.rows.append(row)

    def accepted(self):
        """Note that it took the mail."""
        self._end("accepted")

    def refused(self):
        """Note that it did not take it; where it had not come that far, there is nothing to note."""
        self._end("refused")

    def in_doubt(self):
        """Note that nobody knows."""
        self._end("doubt")

    def close(self, failed=False):
        """Write all that was noted, in one query; where the transaction fails, the mails are gone as well.

        :param bool failed: the run ended with an exception
        """
        if self.rows and not failed:
            self.cr.execute(
                """
                INSERT INTO mail_delivery (run, mail_id, server_id, recipients, state, date, settled)
                     SELECT 0, mail_id, server_id, recipients, state, timezone('UTC', clock_timestamp()), TRUE
                       FROM json_populate_recordset(NULL::mail_delivery, %s)
                """,
                [json.dumps(self.rows)],
            )
            self.rows = []

    def _end(self, state):
        if self.rows and self.rows[-1]["state"] == "handed":
            self.rows[-1]["state"] = state


class JournalConnection:
    """A connection that commits each statement by itself; it holds an advisory lock for as long as a run lasts.

    A run whose lock is free has ended, see ``mail.delivery._recover``.

    :param cursor: a cursor of its own, closed in the end
    """

    def __init__(self, cursor):
        self.dbname = cursor.dbname
        self.run = random.randrange(1, 2**31)
        self._begin(cursor)

    def _begin(self, cursor):
        """Let a cursor commit by itself, and hold the lock."""
        self.cursor = cursor
        cursor._cnx.autocommit = True
        # a power failure may cost the last moment; the end of this process does not
        cursor.execute("SET synchronous_commit TO off; SELECT pg_advisory_lock(%s, %s)", [LOCK, self.run])

    def execute(self, query, values):
        """Run a statement; where the connection was lost, through another one. Return the rows of the last one.

        Without the lock the run seems to have ended. What it has in hand is locked row by row all the same.
        """
        try:
            self.cursor.execute(query, values, log_exceptions=False)
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            if not self.cursor._cnx.closed:
                raise
            _logger.info("Run %s has lost the connection of its journal: %s", self.run, error)
            self._begin(db_connect(self.dbname).cursor())
            self.cursor.execute(query, values)
        return self.cursor.fetchall() if self.cursor.description else []

    def close(self):
        """Let go of the lock, and give the connection back as it was."""
        try:
            self.execute("SELECT pg_advisory_unlock(%s, %s); RESET synchronous_commit", [LOCK, self.run])
            self.cursor._cnx.autocommit = False
        except psycopg2.Error:
            _logger.info("Run %s has lost the connection of its journal", self.run, exc_info=True)
            # the lock must not outlive the run
            self.cursor._cnx.close()
        finally:
            with suppress(psycopg2.InterfaceError):
                self.cursor.close()


class LiveJournal(Journal):
    """Writes at once, in one statement for each mail, through a connection of its own.

    A row is *settled* when the mail itself, as everybody sees it, says what became of it. Until then it is open: a
    later run that finds an open row of a run that has ended knows that this mail may have left, whatever its state is.

    :param JournalConnection connection: where it writes
    :param bool commits: the mails' transaction is committed after each mail; else the end of it settles the matter
    """

    def __init__(self, cr, connection, commits):
        super().__init__(cr)
        self.connection = connection
        self.commits = commits
        # The row of the last message, whether its answer is known, and the state that is known but not written yet.
        self.last_id, self.is_answered, self.unwritten = None, True, None

    def handed_elsewhere(self, mail_ids):
        """Ask now: the mails' transaction does not see what happened since it began."""
        if not mail_ids:
            return set()
        return {row[0] for row in self.connection.execute(_HANDED_ELSEWHERE, [tuple(mail_ids), self.connection.run])}

    def start(self, mail_id, server_id, recipients):
        """Write that a server is about to be handed a mail, and what became of the one before."""
        query, values = _START, [self.connection.run, mail_id, server_id, " ".join(recipients), False]
        if self.unwritten:
            query, values = f"{_END}; {_START}", [self.unwritten, self.last_id, *values]
        [[self.last_id]] = self.connection.execute(query, values)
        self.is_answered, self.unwritten = False, None

    def _end(self, state):
        """Write that a mail was accepted with the next one; what may leave again, or is in doubt, at once."""
        if not self.is_answered:
            self.is_answered, self.unwritten = True, state
            if state != "accepted":
                self._write_end()

    def _write_end(self):
        if self.unwritten:
            self.connection.execute(_END, [self.unwritten, self.last_id])
            self.unwritten = None

    def close(self, failed=False):
        """Write the rest, and settle what is committed already, the rest of it when the transaction is committed.

        Where that fails, the next recovery finds out; it is no reason to take back what was sent.
        """
        try:
            self._write_end()
            if self.last_id and self.commits and not failed:
                self.connection.execute(_SETTLE, [self.connection.run])
            elif self.last_id and not failed:
                self.cr.postcommit.add(partial(_settle, self.connection.dbname, self.connection.run))
        except psycopg2.Error:
            _logger.info("The end of run %s is not noted", self.connection.run, exc_info=True)
        finally:
            self.connection.close()


def _settle(dbname, run):
    """Say that what a run noted is in the mails themselves, too; where that fails, the next recovery finds out.

    A transaction may be committed that has taken back a part of it: mails that are still to be sent stay open.
    """
    try:
        with db_connect(dbname).cursor() as cr:
            cr.execute(_SETTLE_SENT, [run], log_exceptions=False)
    except psycopg2.Error:
        _logger.info("The end of run %s is not noted", run, exc_info=True)
