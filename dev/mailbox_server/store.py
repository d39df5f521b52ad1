"""The mailbox, and what the clients did to it; it outlives the connections."""

import threading
from dataclasses import dataclass, field


@dataclass
class Message:
    """One message of a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Mailbox:
    """The folders of one account.

    :param login: who may log in; the password is always "secret"
    :param folders: names as they are on the wire, in modified UTF-7
    """

    def __init__(self, login: str = "box@b.example", folders: tuple[str, ...] = ("INBOX",)):
        self.login = login
        self.folders: dict[str, list[Message]] = {name: [] for name in folders}
        self.lock = threading.RLock()
        # (protocol, command line), without the password
        self.commands: list[tuple[str, str]] = []
        # how often a message was handed out, by folder and UID
        self.reads: dict[tuple[str, int], int] = {}
        self._next_uid = 1

    def add(self, raw: bytes, folder: str = "INBOX") -> int:
        """Deliver a message and return its UID."""
        with self.lock:
            message = Message(self._next_uid, raw)
            self._next_uid += 1
            self.folders[folder].append(message)
            return message.uid

    def handed_out(self, folder: str, message: Message) -> bytes:
        """Return a message's content, and remember that it was asked for."""
        with self.lock:
            key = (folder, message.uid)
            self.reads[key] = self.reads.get(key, 0) + 1
        return message.raw

    def unread(self, folder: str = "INBOX") -> list[int]:
        """Return the UIDs of the messages that nobody flagged as read."""
        return [message.uid for message in self.folders[folder] if "\\Seen" not in message.flags]

    def lines(self, protocol: str) -> list[str]:
        """Return what the clients said."""
        return [line for spoken, line in self.commands if spoken == protocol]
