"""A mailbox on loopback that is read over IMAP and POP, as far as Python's imaplib and poplib go."""

from .server import MailboxServer
from .store import Mailbox

__all__ = ["Mailbox", "MailboxServer"]
