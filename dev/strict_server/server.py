"""The strict server itself: a listener in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterable

from .certificate import server_context
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
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        tls: str = "none",
        port: int = 0,
        store: MailStore | None = None,
    ):
        if tls not in ("none", "starttls", "ssl"):
            raise ValueError(f"tls: {tls!r} is none of none, starttls, ssl")
        self.host = "127.0.0.1"
        self.port = port
        self.sessions = 0
        self.store = store or MailStore()
        self.mails = self.store.mails
        self.refusals = self.store.refusals
        # It needs aiosmtpd; without it, what imports this module still loads.
        from .protocol import StrictHandler

        self._handler = StrictHandler(list(accounts), self.store)
        self.logins = self._handler.logins
        self._tls = tls
        self._context = None if tls == "none" else server_context()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "StrictServer":
        self._thread.start()
        try:
            self._listener = self._run(self._listen())
        except OSError:
            self._end_loop()
            raise
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_exc_info) -> None:
        self._run(self._close())
        self._end_loop()

    async def _listen(self) -> asyncio.Server:
        context = self._context if self._tls == "ssl" else None
        return await self._loop.create_server(self._open, self.host, self.port, ssl=context)

    def _open(self) -> asyncio.BaseProtocol:
        """Make the protocol of one connection; asyncio calls it once for each."""
        self.sessions += 1
        starttls = self._tls == "starttls"
        return self._handler.protocol(self._loop, self._context if starttls else None)

    async def _close(self) -> None:
        """Stop listening, and hang up on clients that are still connected."""
        self._listener.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
