"""A mailbox over POP."""

import hashlib
import io
import poplib
from collections.abc import Iterator

from ..budget import PIECE
from .connection import Refused, allow_goodbye, unwrapped


class PopMailbox:
    """All messages of a mailbox; one session takes some of them.

    :param connection: an open and logged-in connection of poplib, or core's wrapper, which hides its file
    """

    # The server deletes at the end of a session, so a lost connection costs at most this many repetitions.
    limit = 50
    settles_at_once = False
    # Bytes of a line, by and large.
    LINE = 76

    def __init__(self, connection):
        self.client = unwrapped(connection)
        self.numbers: dict[str, int] = {}
        self.last: tuple[str, bytes] | None = None

    def pending(self) -> Iterator[str]:
        """Yield the keys of the messages, oldest first: what UIDL says, else a checksum of the content."""
        try:
            lines = self.client.uidl()[1]
        except poplib.error_proto:
            yield from self._checksums()
            return
        for line in lines:
            number, _space, uid = line.decode("ascii", "replace").partition(" ")
            self.numbers[uid.strip()] = int(number)
            yield uid.strip()

    def _checksums(self) -> Iterator[str]:
        """Yield keys for a server without UIDL; the message read for the last key is kept for `message`."""
        for line in self.client.list()[1]:
            number = int(line.split()[0])
            raw = self._retrieve(number)
            key = f"sha256:{hashlib.sha256(raw).hexdigest()}"
            self.numbers[key], self.last = number, (key, raw)
            yield key

    def newest(self, count: int) -> list[str]:
        """Return the keys of the newest messages."""
        return list(self.pending())[-count:]

    def peek(self, key: str, size: int) -> bytes:
        """Return the header and the first lines of a message; some servers hand out once only what RETR has read."""
        number = self.numbers[key]
        try:
            return self._lines(f"TOP {number} {size // self.LINE}")
        except Refused:
            # TOP is optional (RFC 1939, section 7)
            return self._retrieve(number)

    def message(self, key: str) -> bytes:
        """Return a message."""
        if self.last and self.last[0] == key:
            return self.last[1]
        return self._retrieve(self.numbers[key])

    def done(self, key: str) -> None:
        """Mark a message for deletion at the end of the session."""
        self._command(f"DELE {self.numbers[key]}")

    def close(self) -> None:
        """End the session; only then the server deletes."""
        allow_goodbye(self.client)
        self.client.quit()

    def drop(self) -> None:
        """Hang up."""
        self.client.close()

    def _retrieve(self, number: int) -> bytes:
        """Read a message with lines of any length: poplib gives up the whole session on a long one."""
        return self._lines(f"RETR {number}")

    def _lines(self, command: str) -> bytes:
        self._command(command)
        data, is_start = io.BytesIO(), True
        # in pieces of lines, which may be as long as the whole message
        while piece := self.client.file.readline(PIECE):
            if is_start and piece in (b".\r\n", b".\n"):
                return data.getvalue()
            data.write(piece[1:] if is_start and piece.startswith(b".") else piece)
            is_start = piece.endswith(b"\n")
        raise poplib.error_proto("-ERR EOF")

    def _command(self, command: str) -> None:
        try:
            self.client._shortcmd(command)
        except poplib.error_proto as error:
            # poplib says this for a lost connection, too
            if error.args[0] == "-ERR EOF":
                raise
            raise Refused(_words(error)) from error


def _words(error: poplib.error_proto) -> str:
    words = error.args[0]
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
