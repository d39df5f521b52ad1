"""How many bytes and seconds a mail server or a mailbox may take, in all.

The timeout of a socket is for each read only: a server that sends a byte now and then keeps its client for ever.
"""

import io
import math
import socket
import time
from contextlib import contextmanager

# Bytes of an answer: none of SMTP has more than a few hundred lines; lists of messages are longer; and no provider
# takes in a larger mail.
REPLY, LIST, MAIL = 64 * 1024, 16 * 1024 * 1024, 150 * 1024 * 1024
# Seconds that an answer may take once it has begun, and bytes a second that earn it more, up to so many seconds again.
GRACE, RATE = 20, 4096
# Bytes that are read at once: a server may announce any number of them, and send none.
PIECE = 1024 * 1024


class TooMuch(OSError):
    """The server sends more than it may."""

    def __init__(self, limit):
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class Budget:
    """What one session may take.

    :param seconds: for all of it
    :param clock: a function that returns seconds
    """

    def __init__(self, seconds: float = math.inf, clock=time.monotonic):
        self.clock = clock
        self.ends = clock() + seconds
        self.begin(REPLY)

    def begin(self, limit: int, patience: float | None = None) -> None:
        """Let the next answer begin.

        :param limit: its bytes
        :param patience: seconds of silence before it
        """
        self.limit = limit
        self.received = 0
        self.answer_ends = math.inf if patience is None else self.clock() + patience

    @property
    def seconds_left(self) -> float:
        """How long the session may last."""
        return self.ends - self.clock()

    def wait(self, timeout: float | None = None) -> float | None:
        """Return how long the next read may take; None for ever.

        :param timeout: that of the socket
        :raises TimeoutError: no longer
        """
        seconds = min(self.ends, self.answer_ends) - self.clock()
        if seconds <= 0:
            raise TimeoutError("timed out")
        seconds = min(seconds, math.inf if timeout is None else timeout)
        return None if seconds == math.inf else seconds

    def room(self, size: int) -> int:
        """Return how many of so many bytes the answer may have.

        :raises TooMuch: none
        """
        if self.received >= self.limit:
            raise TooMuch(self.limit)
        return min(size, self.limit - self.received)

    def spend(self, size: int) -> None:
        """Count bytes of the answer, which earn it time."""
        latest = self.clock() + GRACE
        self.answer_ends = min(self.answer_ends + size / RATE, latest) if self.received else latest
        self.received += size

    @contextmanager
    def within(self, seconds: float):
        """Let a part of the session, such as the login, last so long."""
        before, self.ends = self.ends, min(self.ends, self.clock() + seconds)
        try:
            yield
        finally:
            self.ends = before

    def extend(self, seconds: float) -> None:
        """Leave time to say goodbye."""
        self.ends = max(self.ends, self.clock() + seconds)
        self.answer_ends = math.inf


class BudgetReader(io.RawIOBase):
    """Reads a socket within a budget.

    :param raw: what the socket's ``makefile`` reads by
    """

    def __init__(self, raw: io.RawIOBase, sock, budget: Budget):
        super().__init__()
        self._raw, self._sock, self._budget = raw, sock, budget

    def readable(self):
        return True

    def readinto(self, buffer):
        timeout = self._sock.gettimeout()
        room = self._budget.room(len(buffer))
        self._sock.settimeout(self._budget.wait(timeout))
        try:
            size = self._raw.readinto(memoryview(buffer)[:room])
        finally:
            self._sock.settimeout(timeout)
        self._budget.spend(size or 0)
        return size

    def close(self):
        self._raw.close()
        return super().close()


class Budgeted:
    """What a client of the standard library (``imaplib``, ``poplib``, ``smtplib``) inherits from first.

    :param budget: what its session may take; the other arguments are the client's
    """

    # Bytes of an answer, unless a command says otherwise.
    LIMIT = REPLY
    _file = None

    def __init__(self, *args, budget: Budget, **options):
        self.budget = budget
        super().__init__(*args, **options)

    @property
    def file(self):
        """What the client reads by. It makes one anew where TLS begins."""
        return self._file

    @file.setter
    def file(self, file):
        self._file = file and io.BufferedReader(BudgetReader(file.detach(), self.sock, self.budget))
        if file:
            self.begin_answer(self.LIMIT)

    def begin_answer(self, limit):
        """Let an answer begin; the timeout of the socket says how long the server may be silent before it."""
        self.budget.begin(limit, self.sock.gettimeout())

    def reach(self, host, port, timeout):
        """Return a socket that is connected to a host, of whose addresses each may be silent; in all for so long."""
        ends = self.budget.clock() + (math.inf if timeout is None else timeout)
        error = OSError(f"no address of {host}")
        for *_kind, address in socket.getaddrinfo(host or None, port, 0, socket.SOCK_STREAM):
            with self.budget.within(ends - self.budget.clock()):
                try:
                    sock = socket.create_connection(address[:2], self.budget.wait())
                except OSError as caught:
                    error = caught
                    continue
            # also how long the TLS handshake may take
            sock.settimeout(timeout)
            return sock
        raise error
