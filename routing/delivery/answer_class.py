"""What becomes of the mail and of the server after each class of answer (docs/delivery.md)."""

from typing import NamedTuple

from ..server_words import AnswerClass


class Consequence(NamedTuple):
    """Whether the mail waits, and whether its server rests, or stops until it changes."""

    waits: bool = False
    rests: bool = False
    stops: bool = False


CONSEQUENCES = {
    AnswerClass.SENDER: Consequence(),
    AnswerClass.RECIPIENT: Consequence(),
    AnswerClass.MAILBOX_FULL: Consequence(waits=True),
    AnswerClass.CONTENT: Consequence(),
    AnswerClass.TEMPORARY: Consequence(waits=True),
    AnswerClass.RATE: Consequence(waits=True, rests=True),
    AnswerClass.ACCOUNT: Consequence(waits=True, rests=True),
    AnswerClass.LOGIN: Consequence(waits=True, stops=True),
    AnswerClass.CONNECTION: Consequence(waits=True, rests=True),
    AnswerClass.PERMANENT: Consequence(),
}

# Which answer stands for a mail that got several: what is no fault of the mail comes first, so that the mail
# does not fail for good while one of its recipients may still get it.
PRECEDENCE = (
    AnswerClass.LOGIN,
    AnswerClass.ACCOUNT,
    AnswerClass.SENDER,
    AnswerClass.RATE,
    AnswerClass.CONNECTION,
    AnswerClass.TEMPORARY,
    AnswerClass.MAILBOX_FULL,
    AnswerClass.CONTENT,
    AnswerClass.PERMANENT,
    AnswerClass.RECIPIENT,
)
