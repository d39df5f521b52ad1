"""A slow network in front of a connection: what the client writes arrives late."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

# Octets read at once.
CHUNK = 65536


def slow_down(loop: asyncio.AbstractEventLoop, client: socket.socket, delay: Callable[[], float]) -> socket.socket:
    """Return the socket to serve in place of `client`.

    Only one way is slow, so each round trip takes the delay once: commands that are written together arrive together.

    :param delay: tells the seconds of a round trip, for each piece anew
    """
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    loop.create_task(_relay(loop, client, near, delay))
    return far


async def _relay(loop, client: socket.socket, near: socket.socket, delay: Callable[[], float]) -> None:
    """Pass on in both ways until the server closes, which it does, too, when the client has."""
    queue = asyncio.Queue()
    to_server = [loop.create_task(_take(loop, client, queue, delay)), loop.create_task(_hand_on(loop, queue, near))]
    try:
        with suppress(OSError):
            while chunk := await loop.sock_recv(near, CHUNK):
                await loop.sock_sendall(client, chunk)
    finally:
        for task in to_server:
            task.cancel()
        await asyncio.gather(*to_server, return_exceptions=True)
        near.close()
        client.close()


async def _take(loop, client: socket.socket, queue: asyncio.Queue, delay: Callable[[], float]) -> None:
    """Queue what the client writes, with the time at which it arrives; the end, too."""
    chunk = b"more"
    while chunk:
        try:
            chunk = await loop.sock_recv(client, CHUNK)
        except OSError:
            chunk = b""
        queue.put_nowait((loop.time() + delay(), chunk))


async def _hand_on(loop, queue: asyncio.Queue, near: socket.socket) -> None:
    """Hand each piece on when its time has come."""
    with suppress(OSError):
        while True:
            due, chunk = await queue.get()
            await asyncio.sleep(due - loop.time())
            if not chunk:
                near.shutdown(socket.SHUT_WR)
                return
            await loop.sock_sendall(near, chunk)
