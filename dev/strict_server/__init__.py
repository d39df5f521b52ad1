"""A mail server that refuses foreign senders, in the words of the providers that do."""

from .server import StrictServer
from .store import FolderStore, MailStore, Refusal, StoredMail
from .wording import WORDINGS, Account

__all__ = [
    "WORDINGS",
    "Account",
    "FolderStore",
    "MailStore",
    "Refusal",
    "StoredMail",
    "StrictServer",
]
