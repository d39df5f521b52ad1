"""How long what a run writes is to last: the only place that knows whether a test runs."""

from contextlib import contextmanager

from .journal import Journal, JournalConnection, LiveJournal

# Marks the advisory locks of servers that a job sends through; the other half of the key is the server's id.
SERVER_LOCK = 0x6D6373


class Transactions:
    """Transactions that others see when they are committed.

    :param env: the environment of whoever sends
    """

    commits = True

    def __init__(self, env):
        self.env = env

    def commit(self):
        """Let others see what was done."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def open_journal(self, mails, auto_commit):
        """Return the journal of a run: a live one where others see the mails, too, and might send them as well.

        :param mails: what is to be sent
        :param auto_commit: whether core commits after each mail
        """
        if not mails:
            return Journal(self.env.cr)
        if auto_commit:
            # as core does after the first mail; from then on others see those that were just created
            self.commit()
        own = self.env.registry.cursor()
        own.execute("SELECT 1 FROM mail_mail WHERE id IN %s LIMIT 1", [tuple(mails.ids)])
        is_seen = bool(own.fetchone())
        own.rollback()
        if is_seen:
            return LiveJournal(self.env.cr, JournalConnection(own), auto_commit)
        own.close()
        return Journal(self.env.cr)

    @contextmanager
    def apart_with(self, server_id):
        """Open an environment in a transaction of its own, in which nobody else's job sends through a server.

        The lock is one of the connection: it outlives the commits, and not the process. None where another job has it.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", [SERVER_LOCK, server_id])
            if not cr.fetchone()[0]:
                yield None
                return
            try:
                yield self.env(cr=cr)
            finally:
                # ``send`` has committed what is to last
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", [SERVER_LOCK, server_id])


class OneTransaction(Transactions):
    """The one transaction of a test: nobody else sees it, and it is never committed."""

    commits = False

    def commit(self):
        """Do nothing."""

    def open_journal(self, mails, auto_commit):
        """Return one that writes in this transaction."""
        return Journal(self.env.cr)

    @contextmanager
    def apart_with(self, server_id):
        """Stay in this transaction."""
        yield self.env
