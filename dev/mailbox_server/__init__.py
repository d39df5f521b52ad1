"""A mailbox on loopback that is read over IMAP and POP, as far as Python's imaplib and poplib go.

No library: pymap speaks IMAP only, Twisted's reactor cannot start again for the next test, and neither goes wrong at a
command that a test names. `make lab` runs the same against Dovecot.
"""

from .server import MailboxServer
from .store import Mailbox

__all__ = ["Mailbox", "MailboxServer"]
