"""A mail server that refuses foreign senders, in the words of the providers that do."""

from .faults import FAULTS, Fault, Faults
from .post import Post
from .server import StrictServer
from .store import FolderStore, MailStore, Refusal, StoredMail
from .wording import WORDINGS, Account

__all__ = [
    "FAULTS",
    "WORDINGS",
    "Account",
    "Fault",
    "Faults",
    "FolderStore",
    "MailStore",
    "Post",
    "Refusal",
    "StoredMail",
    "StrictServer",
]
