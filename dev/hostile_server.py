"""An SMTP server on loopback that takes everything, until one command of it is attacked.

The strict server cannot: aiosmtpd, which it is made of, writes answers of its own making.
"""

import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress

from .attacks import Attack, carry_out

GREETING = "GREETING"
ANSWERS = {
    "EHLO": b"250-hostile\r\n250 AUTH PLAIN LOGIN",
    "AUTH": b"235 welcome",
    "DATA": b"354 go on",
    "QUIT": b"221 bye",
}


class HostileServer:
    """Serves for as long as its ``with`` block lasts.

    :param attacks: what it sends in place of an answer, made anew each time, by the first word of a command; GREETING
        is before all commands, and END behind a message
    """

    def __init__(self, attacks: dict[str, Callable[[], Attack]]):
        self.attacks = attacks
        self.commands: list[str] = []
        # Bytes of the attacks, and how many of them came to their end.
        self.sent = self.ended = 0
        self.is_over = threading.Event()
        self._listener = _Listener(("127.0.0.1", 0), _Dialogue)
        self._listener.owner = self
        self.host, self.port = self._listener.server_address

    def __enter__(self) -> "HostileServer":
        threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc_info) -> None:
        self.is_over.set()
        self._listener.shutdown()
        self._listener.server_close()


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.owner: HostileServer = self.server.owner
        with suppress(OSError):
            self.answer(GREETING, b"220 hostile")
            while line := self.rfile.readline():
                command = line.decode("utf-8", "replace").strip()
                self.owner.commands.append(command)
                verb = command.partition(" ")[0].upper()
                self.answer(verb, ANSWERS.get(verb, b"250 ok"))
                if verb == "DATA":
                    self.take_message()
                if verb == "QUIT":
                    return

    def take_message(self) -> None:
        """Read a message."""
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        self.answer("END", b"250 taken")

    def answer(self, stage: str, usual: bytes) -> None:
        """Answer as usual, or carry out an attack."""
        if stage not in self.owner.attacks:
            self.wfile.write(usual + b"\r\n")
            return
        carry_out(self.owner.attacks[stage](), self.attack, self.owner.is_over.wait)
        self.owner.ended += 1

    def attack(self, piece: bytes) -> None:
        """Send a piece of an attack."""
        self.wfile.write(piece)
        self.owner.sent += len(piece)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
