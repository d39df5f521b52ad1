"""One call of ``send``, and the mail of it that is leaving: what their steps hand on to each other."""

import time
from collections import Counter
from contextlib import contextmanager

from .context import RUN_KEY, carried


class DeliveryAttempt:
    """One mail that is about to leave, and what its server says to it.

    :param Route route: its route, None if it has none; the one that it leaves by in the end
    :param mail: the record; None for a message that is no ``mail.mail``
    :param server_id: the id under which the run knows the mail's server
    """

    def __init__(self, route=None, mail=None, server_id=None):
        self.route = route
        self.mail = mail
        self.mail_id = mail.id if mail else None
        self.server_id = server_id
        # What went over the wire. Set: ``_prepare_email_message``. Read: ``_send``, for the route that is stored.
        self.wire = {}
        # The addresses, in lower case, that have the mail already. Set: ``_send``. Read: the session.
        self.had = frozenset()
        # What follows is set by the session, and read by what becomes of the mail.
        # (Envelope sender, bytes) of the last message that the server took.
        self.handed = None
        # The Answer to the whole mail, and those to recipients by address.
        self.failure = None
        self.refused = {}
        # The addresses, in lower case, that have it now, and those that perhaps have it.
        self.done = set()
        self.doubt = []
        # What core thinks of the mail.
        self.failure_type = None

    @property
    def answers(self):
        """Return all answers that are refusals, the one to the whole mail first."""
        return [*filter(None, [self.failure]), *self.refused.values()]


class DeliveryRun:
    """One call of ``mail.mail.send``: it is handed on from step to step.

    Equal to nothing but itself: environments share equal contexts.

    :param Journal journal: where is noted what the servers were handed; None where nothing is set up, or nothing is
        sent: then the mails leave in core's way
    :param Tally tally: counts what becomes of the mails, for a run that delivers
    :param JobSlice job: what the job may send that this run belongs to, if it does
    """

    # Seconds that one run spends on waiting for servers in trouble; what is left is for the next run.
    PATIENCE = 60

    def __init__(self, auto_commit=False, raise_exception=False, journal=None, tally=None, job=None):
        self.auto_commit = auto_commit
        self.raise_exception = raise_exception
        self.journal = journal
        self.tally = tally
        self.job = job
        # By mail id: as they were decided, then as they were used.
        self.routes = {}
        # The ids of mails that have had their turn, and of those that this run may send (None: not known yet).
        self.left = set()
        self.claimed = None
        # The mail that is about to leave; a blank one before.
        self.attempt = DeliveryAttempt()
        # By server id: the sessions, connections that were opened ahead, and the Answer that tells why a server is not
        # asked again in this run; then the ids of servers that took a mail.
        self.sessions = {}
        self.opened = {}
        self.troubles = {}
        self.delivered = set()
        # The ids of mails that have to wait.
        self.postponed = set()
        # How many mails were looked at after they left, by company id; see ``mail.routing.leak``.
        self.checked = Counter()
        self._waited = 0.0

    @property
    def has_time(self):
        """Tell whether a further mail may be begun: a job has a while only."""
        return not (self.job and self.job.is_over)

    @property
    def delivers(self):
        """Tell whether the run itself sees to sessions, limits and answers; else core does."""
        return self.journal is not None

    def forget(self, server_id):
        """Have the mails decided anew that are still to leave through a server."""
        self.routes = {
            mail_id: route
            for mail_id, route in self.routes.items()
            if mail_id in self.left or not route or route.server_id != server_id
        }

    @contextmanager
    def attempting(self, attempt):
        """Have one mail leave, for as long as the block lasts."""
        before, self.attempt = self.attempt, attempt
        try:
            yield attempt
        finally:
            self.attempt = before

    def is_patient(self):
        """Tell whether the run may still wait for servers in trouble."""
        return self._waited < self.PATIENCE

    @contextmanager
    def waiting(self):
        """Count the time in the block as waiting, where it ends with an exception."""
        start = time.monotonic()
        try:
            yield
        except BaseException:
            self._waited += time.monotonic() - start
            raise

    def hang_up(self, server_id):
        """End the session of a server, if there is one."""
        session = self.sessions.pop(server_id, None)
        if session:
            session.end()

    def close(self, failed):
        """End all sessions, and what was opened for nothing; then the journal.

        :param bool failed: the run ended with an exception
        """
        try:
            for server_id in list(self.sessions):
                self.hang_up(server_id)
            for connection in self.opened.values():
                connection.close()
        finally:
            if self.journal:
                self.journal.close(failed)


def run_of(env):
    """Return the :class:`DeliveryRun` that is under way; a blank one for code that sends without ``mail.mail.send``."""
    return carried(env, RUN_KEY, DeliveryRun) or DeliveryRun()
