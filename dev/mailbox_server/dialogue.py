"""The common part of both protocols: lines in, lines out, and trouble on purpose."""

import socketserver
from contextlib import suppress


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
            self.greet()
            while line := self.rfile.readline():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self.mailbox.commands.append((self.protocol, self.shown(text)))
                if self.answer(text, self.owner.trouble(self.protocol, text)) is False:
                    return

    def say(self, text: str | bytes) -> None:
        """Send a line."""
        self.wfile.write((text.encode() if isinstance(text, str) else text) + b"\r\n")

    def shown(self, text: str) -> str:
        """Return a line as it is remembered."""
        return text.replace("secret", "***")

    def greet(self) -> None:
        """Send the first line."""
        raise NotImplementedError

    def answer(self, text: str, refusal: str | None) -> bool | None:
        """Answer one line; False ends the dialogue."""
        raise NotImplementedError
