"""A mailbox over IMAP: read by UID, and without setting flags."""

import imaplib
import re
from collections.abc import Iterator
from contextlib import suppress

from . import imap_folder
from .connection import Refused, allow_goodbye, unwrapped

# RFC 2971; NetEase wants it before SELECT.
IDENTITY = b'ID ("name" "Odoo" "version" "16.0")'
# imaplib takes no line of more than a million bytes, which the answer to SEARCH exceeds in a huge mailbox.
WINDOW = 20_000
# A short body may come as a quoted string.
QUOTED = re.compile(rb'BODY\[\](?:<0>)? (?:NIL|"((?:[^"\\]|\\.)*)")', re.IGNORECASE | re.DOTALL)


class NoFolder(Exception):
    """The folder cannot be opened.

    :param answer: the server's words
    :param folders: those that can be opened
    """

    def __init__(self, answer: str, folders: list[str]):
        super().__init__(answer)
        self.answer = answer
        self.folders = folders


class ImapMailbox:
    """The unread messages of one folder.

    :param connection: an open and logged-in connection of imaplib, or core's wrapper, which hides `uid` and `xatom`
    """

    limit = None
    # A flag holds as soon as it is set.
    settles_at_once = True

    def __init__(self, connection, folder: str = "INBOX"):
        self.client = unwrapped(connection)
        self.folder = folder
        try:
            self.exists = int(self.select() or 0)
        except NoFolder:
            with suppress(Exception):
                self.close()
            raise
        _name, validity = self.client.response("UIDVALIDITY")
        # A UID names a message only within its folder, and only while this number stays the same.
        self.prefix = f"{folder}/{_text(validity[0])}/"

    def select(self) -> bytes:
        """Open the folder and return the number of its messages."""
        try:
            code, data = self.client.select(imap_folder.quoted(self.folder))
        except imaplib.IMAP4.readonly as error:
            raise NoFolder(str(error), []) from error
        if code != "OK":
            raise NoFolder(_text(data[0]), self.folders())
        return data[0]

    def folders(self) -> list[str]:
        """Return the names of all folders that can be opened; none if the server does not tell."""
        try:
            return imap_folder.listed(self.client.list()[1])
        except imaplib.IMAP4.error:
            return []

    def pending(self) -> Iterator[str]:
        """Yield the keys of the unread messages, oldest first."""
        for first in range(1, self.exists + 1, WINDOW):
            part = [] if self.exists <= WINDOW else [f"{first}:{min(first + WINDOW - 1, self.exists)}"]
            for uid in b" ".join(filter(None, self._uid("SEARCH", *part, "UNSEEN"))).split():
                yield self.prefix + uid.decode()

    def newest(self, count: int) -> list[str]:
        """Return the keys of the newest messages, read or not."""
        if not self.exists:
            return []
        uids = b" ".join(filter(None, self._uid("SEARCH", f"{max(self.exists - count, 0) + 1}:{self.exists}")))
        return [self.prefix + uid.decode() for uid in uids.split()]

    def peek(self, key: str, size: int) -> bytes | None:
        """Return the first bytes of a message, which stays as it is; None if the server no longer has it."""
        return self._fetch(key, f"(BODY.PEEK[]<0.{size}>)")

    def message(self, key: str) -> bytes | None:
        """Return a message, still unread; None if the server no longer has it."""
        return self._fetch(key, "(BODY.PEEK[])")

    def _fetch(self, key: str, what: str) -> bytes | None:
        for item in self._uid("FETCH", self._number(key), what):
            if isinstance(item, tuple):
                return item[1]
            short = QUOTED.search(item or b"")
            if short:
                return re.sub(rb"\\(.)", rb"\1", short[1] or b"")
        return None

    def done(self, key: str) -> None:
        """Flag a message as read."""
        self._uid("STORE", self._number(key), "+FLAGS.SILENT", "(\\Seen)")

    def close(self) -> None:
        """Log out, without CLOSE, which would expunge messages that others marked as deleted."""
        allow_goodbye(self.client)
        self.client.logout()

    def drop(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self.client.shutdown()

    def _number(self, key: str) -> str:
        return key.removeprefix(self.prefix)

    def _uid(self, *command: str) -> list:
        """Run a UID command; a refusal raises `Refused`, a lost connection imaplib's abort."""
        try:
            code, data = self.client.uid(*command)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise Refused(str(error)) from error
        if code != "OK":
            raise Refused(_text(data[0]))
        return data


def identify(connection) -> None:
    """Send ID if the server announces it; many announce it only after the login."""
    client = unwrapped(connection)
    if getattr(client, "mail_company_routing_identified", False):
        return
    capabilities = client.capabilities
    if "ID" not in capabilities:
        _code, data = client.capability()
        capabilities = _text(data[-1]).upper().split()
    if "ID" in capabilities:
        # imaplib does not know the command, and has one table of commands for all databases of a process
        tag = client._new_tag()
        client.send(tag + b" " + IDENTITY + imaplib.CRLF)
        client._command_complete("ID", tag)
    client.mail_company_routing_identified = True


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")
