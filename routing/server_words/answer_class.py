"""The classes of what mail servers say (docs/delivery.md)."""

from enum import Enum


class AnswerClass(Enum):
    """The class of an answer, or of a failure to get one; the values are stored in the database."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    MAILBOX_FULL = "mailbox_full"
    CONTENT = "content"
    TEMPORARY = "temporary"
    RATE = "rate"
    ACCOUNT = "account"
    LOGIN = "login"
    CONNECTION = "connection"
    PERMANENT = "permanent"
