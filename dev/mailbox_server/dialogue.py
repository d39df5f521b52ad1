"""The common part of both protocols: lines in, lines out, and trouble on purpose."""

import socketserver
import time
from contextlib import suppress

from ..attacks import Attack, carry_out

GREETING = "GREETING"


class Dialogue(socketserver.StreamRequestHandler):
    """One connection."""

    protocol = ""
    # else each message waits 40 ms for the acknowledgement of its first part
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer until the client leaves or we hang up."""
        self.owner = self.server.owner
        self.mailbox = self.owner.mailbox
        with suppress(ConnectionError, BrokenPipeError):
            if self.attacked(self.owner.trouble(self.protocol, GREETING)):
                return
            self.greet()
            while line := self.rfile.readline():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self.mailbox.commands.append((self.protocol, self.shown(text)))
                trouble = self.owner.trouble(self.protocol, text)
                if self.attacked(trouble) or self.answer(text, trouble) is False:
                    return

    def say(self, text: str | bytes) -> None:
        """Send a line."""
        self.wfile.write((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def attacked(self, trouble: str | Attack | None) -> bool:
        """Carry out an attack; tell whether it was one."""
        if trouble is None or isinstance(trouble, str):
            return False
        carry_out(trouble, self.attack, time.sleep)
        self.owner.ended += 1
        return True

    def attack(self, piece: bytes) -> None:
        """Send a piece of an attack."""
        self.wfile.write(piece)
        self.owner.sent += len(piece)

    def shown(self, text: str) -> str:
        """Return a line as it is remembered."""
        return text.replace("secret", "***")

    def greet(self) -> None:
        """Send the first line."""
        raise NotImplementedError

    def answer(self, text: str, refusal: str | None) -> bool | None:
        """Answer one line; False ends the dialogue."""
        raise NotImplementedError
