"""The strict server itself: a listener in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from .certificate import server_context
from .faults import CONNECT, LISTEN, TLS, Fault, Faults, Moment
from .latency import CHUNK, slow_down
from .store import MailStore
from .wording import Account

# Seconds for the listener to open or close; both take milliseconds.
PATIENCE = 10


class StrictServer:
    """A mail server on loopback that lives as long as its ``with`` block.

    :param accounts: who may log in
    :param tls: ``none``, ``starttls`` (login only after it) or ``ssl``
    :param port: 0 takes any free one; ``OSError`` where a given one is taken
    :param store: where mails go; in memory unless told
    :param faults: what is wrong at first; ``faults`` sets and clears them while it runs
    :param delay: seconds that each round trip takes: greeting, TLS, EHLO, and so on to QUIT. Commands that arrive
        together take it once. For connections opened from then on, it may be changed at any time
    :param pipelining: whether it is announced (RFC 2920), which may be changed, too
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        tls: str = "none",
        port: int = 0,
        store: MailStore | None = None,
        faults: Iterable[Fault] = (),
        delay: float = 0,
        pipelining: bool = False,
    ):
        if tls not in ("none", "starttls", "ssl"):
            raise ValueError(f"tls: {tls!r} is none of none, starttls, ssl")
        self.host = "127.0.0.1"
        self.port = port
        self.sessions = 0
        self.store = store or MailStore()
        self.mails = self.store.mails
        self.refusals = self.store.refusals
        self.delay = delay
        self.faults = Faults(self._follow_faults)
        # It needs aiosmtpd; without it, what imports this module still loads.
        from .protocol import StrictHandler

        self._handler = StrictHandler(list(accounts), self.store, self.faults, pipelining)
        self.logins = self._handler.logins
        self.presence = self._handler.presence
        self._tls = tls
        self._context = None if tls == "none" else server_context()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listener: socket.socket | None = None
        self.faults.set(*faults)

    def __enter__(self) -> "StrictServer":
        self._thread.start()
        try:
            self._run(self._listen())
        except OSError:
            self._end_loop()
            raise
        self._follow_faults()
        return self

    def __exit__(self, *_exc_info) -> None:
        self._run(self._close())
        self._end_loop()

    @property
    def pipelined(self) -> int:
        """How many MAILs came together with the commands after them."""
        return self._handler.pipelined

    @property
    def pipelining(self) -> bool:
        """Whether it is announced to those who connect now."""
        return self._handler.pipelining

    @pipelining.setter
    def pipelining(self, announced: bool) -> None:
        self._handler.pipelining = announced

    def _follow_faults(self) -> None:
        """Listen, or stop listening, as the faults say."""
        down = any(fault.at == LISTEN for fault in self.faults)
        if self._thread.is_alive() and down == bool(self._listener):
            self._run(self._close() if down else self._listen())

    async def _listen(self) -> None:
        self._listener = socket.create_server((self.host, self.port))
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self._loop.create_task(self._accept())

    async def _accept(self) -> None:
        while True:
            client, _peer = await self._loop.sock_accept(self._listener)
            # Else each line of an answer waits for the client to acknowledge the one before.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sessions += 1
            self._loop.create_task(self._connect(client))

    async def _connect(self, client: socket.socket) -> None:
        """Serve one connection, or fail before there is a dialogue."""
        implicit = self._context if self._tls == "ssl" else None
        if self.delay:
            client = slow_down(self._loop, client, lambda: self.delay)
            await asyncio.sleep(self.delay)
        fault = self.faults.strike(Moment(CONNECT))
        if implicit and not fault:
            fault = self.faults.strike(Moment(TLS))
        # Raised where a client hangs up in the middle.
        with suppress(OSError):
            if fault and (fault.at == TLS or not fault.answer):
                await self._turn_away(client, fault)
            else:
                await self._loop.connect_accepted_socket(partial(self._open, fault), client, ssl=implicit)

    async def _turn_away(self, client: socket.socket, fault: Fault) -> None:
        """Suffer a fault that comes before a dialogue."""
        with client:
            if fault.at == TLS:
                await self._loop.sock_recv(client, CHUNK)
            while fault.silent and await self._loop.sock_recv(client, CHUNK):
                pass

    def _open(self, fault: Fault | None) -> asyncio.BaseProtocol:
        """Make the protocol of one connection; a fault here is in place of a greeting."""
        starttls = self._tls == "starttls"
        return self._handler.protocol(self._loop, self._context if starttls else None, fault)

    async def _close(self) -> None:
        """Stop listening, and hang up on clients that are still connected."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._listener:
            self._listener.close()
            self._listener = None

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
