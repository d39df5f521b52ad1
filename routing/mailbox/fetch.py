"""The order in which messages are read, stored, and flagged or deleted, so that none is lost or taken twice."""

from collections.abc import Callable
from contextlib import suppress

from .connection import Refused


class StoreLost(Exception):
    """Nothing can be stored any more, so there is no point in reading on."""


class NotStored(Exception):
    """One message could not be stored."""


class Fetch:
    """Fetches one mailbox.

    :param open_mailbox: begins a session
    :param store: stores a message for good, with the keys that are processed but not yet flagged or deleted; tells
        whether the message has no place yet
    :param processed: those keys as they were last stored; a process that died may have left some
    :param time_is_up: is asked before each message; if true, the rest waits for the next run
    """

    def __init__(
        self,
        open_mailbox: Callable,
        store: Callable[[bytes, set[str]], bool | None],
        processed: set[str],
        time_is_up: Callable[[], bool],
    ):
        self.open_mailbox = open_mailbox
        self.store = store
        self.processed = set(processed)
        self.time_is_up = time_is_up
        self.count = 0
        self.unrouted = 0
        self.errors: list[Exception] = []
        self.left: set[str] = set()
        self.settled: set[str] = set()

    def run(self) -> None:
        """Fetch until nothing is left or the time is up; a lost connection raises."""
        while self._session():
            pass

    def _session(self) -> bool:
        """Work through one session; tell whether another one is needed."""
        mailbox = self.open_mailbox()
        settled: set[str] = set()
        try:
            more = self._work(mailbox, settled)
        except OSError:
            # the connection is lost, or it is out of step
            mailbox.drop()
            raise
        except Exception:
            # what is processed is stored, so the server may delete it
            with suppress(Exception):
                mailbox.close()
            raise
        mailbox.close()
        self.processed -= settled
        self.settled |= settled
        return more

    def _work(self, mailbox, settled: set[str]) -> bool:
        met = set()
        for key in mailbox.pending():
            met.add(key)
            if key in self.settled:
                # the server did not delete it after all
                self.processed.add(key)
            if key in self.left or key in self.settled or key in settled:
                continue
            if self.time_is_up():
                return False
            if mailbox.limit and len(settled) >= mailbox.limit:
                return True
            if self._message(mailbox, key):
                settled.add(key)
        # keys of messages that are gone need no longer be remembered
        self.processed &= met
        return False

    def _message(self, mailbox, key: str) -> bool:
        """Read, store, and only then flag or delete; what fails stays on the server."""
        try:
            if key not in self.processed and not self._take_in(mailbox, key):
                return False
            mailbox.done(key)
        except (Refused, NotStored) as error:
            self.errors.append(error)
            self.left.add(key)
            return False
        if mailbox.settles_at_once:
            self.processed.discard(key)
        return True

    def _take_in(self, mailbox, key: str) -> bool:
        """Store a message, unless the server no longer has it."""
        raw = mailbox.message(key)
        if raw is None:
            return False
        try:
            is_unrouted = self.store(raw, self.processed | {key})
        except StoreLost:
            raise
        except Exception as error:
            raise NotStored(str(error)) from error
        self.processed.add(key)
        self.count += 1
        self.unrouted += bool(is_unrouted)
        return True
