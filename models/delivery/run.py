"""One run of the queue, or one mail that somebody sends at once: what ``send`` knows of servers and sessions."""

import logging
import smtplib
import time
from collections import Counter

from ..outgoing.sending import Sending
from .tally import Tally

_logger = logging.getLogger(__name__)


class Run(Sending):
    """One call of ``send`` that delivers: open sessions, servers in trouble, and the journal.

    :param Journal journal: where is noted what the servers were handed
    """

    # Seconds that one run spends on waiting for servers in trouble; what is left is for the next run.
    PATIENCE = 60

    def __init__(self, auto_commit, raise_exception, journal):
        super().__init__(auto_commit, raise_exception)
        self.journal = journal
        self.sessions = {}
        # Connections that were opened ahead, by server id.
        self.opened = {}
        # The ids of servers that took a mail.
        self.delivered = set()
        # The Answer by server id. Such a server is not asked again in this run.
        self.troubles = {}
        # The ids of mails that this run may send: nobody else does.
        self.claimed = None
        # The ids of mails that have to wait.
        self.postponed = set()
        # How many mails were looked at after they left, by company id; see ``mail.routing.leak``.
        self.checked = Counter()
        self.waited = 0.0
        # What became of the mails, to be counted.
        self.tally = Tally()

    def is_patient(self):
        """Tell whether the run may still wait for servers in trouble."""
        return self.waited < self.PATIENCE

    def waiting(self):
        """Return a context manager: the time in it counts as waiting where it ends with an exception."""
        return _Waiting(self)

    def hang_up(self, server_id):
        """End the session of a server, if there is one."""
        session = self.sessions.pop(server_id, None)
        if session:
            session.end()

    def hang_up_all(self):
        """End all sessions, and what was opened for nothing."""
        for server_id in list(self.sessions):
            self.hang_up(server_id)
        for connection in self.opened.values():
            connection.close()


class _Waiting:
    def __init__(self, run):
        self.run = run

    def __enter__(self):
        self.start = time.monotonic()

    def __exit__(self, error, *_rest):
        if error:
            self.run.waited += time.monotonic() - self.start


def say_goodbye(quit_session):
    """End a session politely; a server that is gone already is none to be polite to."""
    try:
        quit_session()
    except (smtplib.SMTPException, OSError) as error:
        _logger.info("A mail server ended the session first: %s", error)
