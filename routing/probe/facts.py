"""What a probe found out: who may be the sender, and which test mails arrived."""

from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from ..delivery.answer_class import AnswerClass

# The senders that a server is asked about (MAIL FROM), in this order.
OWN, OTHER, BOUNCE, FOREIGN = SENDERS = ("own", "other", "bounce", "foreign")
# The test mails: with another author, as a server gets it that keeps the author, or sends on behalf; with its own
# address only; to a sub-address; to a name that nobody has.
KEPT, BEHALF, PLAIN, SUB, UNKNOWN = MAILS = ("kept", "behalf", "plain", "sub", "unknown")
ARRIVED, RETURNED = "arrived", "returned"
# If the server takes the same mail from its own address, these answers are about the sender, whatever they say.
_OF_SENDER = {kind.value for kind in (AnswerClass.SENDER, AnswerClass.RECIPIENT, AnswerClass.PERMANENT)}
_OF_RECIPIENT = {kind.value for kind in (AnswerClass.RECIPIENT, AnswerClass.PERMANENT)}


class Found(NamedTuple):
    """A test mail in a mailbox, or the report that it did not arrive; its From and Message-Id as they came."""

    kind: str
    arrived: bool
    header_from: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class Asked:
    """What a server said to a sender; without a class it took the sender.

    ``answer_class``: the value of an :class:`AnswerClass`; ``answer``: the server's words.
    """

    kind: str
    address: str
    answer_class: str = ""
    answer: str = ""

    @property
    def is_taken(self):
        return not self.answer_class


@dataclass(frozen=True)
class Sent:
    """A test mail: how it was sent, what the server said, and what became of it."""

    kind: str
    to: str
    header_from: str
    message_id: str
    answer_class: str = ""
    answer: str = ""
    state: str = ""
    arrived_from: str = ""
    arrived_id: str = ""

    @property
    def is_pending(self):
        return not (self.answer_class or self.state)

    @property
    def is_rewritten(self):
        """Whether it arrived with another From than it was sent with."""
        return self.state == ARRIVED and self.arrived_from.lower() != self.header_from.lower()

    @property
    def has_new_id(self):
        """Whether it arrived with another Message-Id than it was sent with."""
        return self.state == ARRIVED and self.arrived_id != self.message_id


@dataclass(frozen=True)
class Facts:
    """All that is known about a server.

    :param asked: an :class:`Asked` for each sender
    :param sent: a :class:`Sent` for each test mail
    :param is_anonymous: nobody logs in there
    :param moves_authors: *Mail From Email By Company* gives each author an address of the company's domain
    :param minutes: since the test mails were sent
    """

    asked: tuple = ()
    sent: tuple = ()
    is_anonymous: bool = False
    moves_authors: bool = False
    minutes: int = 0

    @classmethod
    def load(cls, stored, **others):
        """Return the facts that :meth:`stored` wrote."""
        asked = tuple(Asked(**row) for row in stored.get("asked", ()))
        return cls(asked, tuple(Sent(**row) for row in stored.get("sent", ())), **others)

    def stored(self):
        """Return the answers and the mails as plain values."""
        return {name: [asdict(row) for row in getattr(self, name)] for name in ("asked", "sent")}

    def answer_to(self, kind):
        """Return what the server said to a sender, or None."""
        return next((row for row in self.asked if row.kind == kind), None)

    def mail(self, kind):
        """Return a test mail, or None."""
        return next((row for row in self.sent if row.kind == kind), None)

    def is_taken(self, kind):
        """Tell whether the server took a sender; one that it was not asked about stands in nobody's way."""
        row = self.answer_to(kind)
        return row is None or row.is_taken

    def is_refused(self, kind):
        """Tell whether the server refused a sender because of who it is."""
        row = self.answer_to(kind)
        if row is None:
            return False
        if _is_unfit(row):
            return False
        own = self.answer_to(OWN)
        is_compared = kind != OWN and own and own.is_taken
        return row.answer_class in (_OF_SENDER if is_compared else {AnswerClass.SENDER.value})

    def is_mail_refused(self, kind):
        """Tell whether the server refused a test mail because of its author."""
        row = self.mail(kind)
        return bool(row) and row.answer_class in _OF_SENDER

    def is_recipient_refused(self, kind):
        """Tell whether the server refused a test mail because of its recipient."""
        row = self.mail(kind)
        return bool(row) and row.answer_class in _OF_RECIPIENT

    @property
    def trouble(self):
        """The answer that says nothing about any sender: no connection, no login, too many mails; else None."""
        return next(
            (row for row in self.asked if not (row.is_taken or self.is_refused(row.kind) or _is_unfit(row))), None
        )

    @property
    def author_mails(self):
        """The test mails with an author, in the order in which they are tried until the server takes one."""
        if self.is_anonymous:
            return (KEPT,)
        return (BEHALF, PLAIN) if self.is_refused(OTHER) or self.is_refused(BOUNCE) else (KEPT, BEHALF, PLAIN)

    @property
    def is_waiting(self):
        return any(mail.is_pending for mail in self.sent)

    @property
    def has_arrived(self):
        """Whether any mail arrived, so that the mailbox is the right one, and mail gets there in time."""
        return any(mail.state == ARRIVED for mail in self.sent)

    def with_found(self, found):
        """Return the facts with what a mailbox had; the first thing that is said about a mail counts."""
        row = self.mail(found.kind)
        if row is None or not row.is_pending:
            return self
        news = replace(
            row,
            state=ARRIVED if found.arrived else RETURNED,
            arrived_from=found.header_from,
            arrived_id=found.message_id,
        )
        return replace(self, sent=tuple(news if mail is row else mail for mail in self.sent))


def _is_unfit(row):
    """Tell whether a foreign sender's domain was refused as one that gets no mail, as reserved domains do not.

    RFC 3463 (x.1.8), RFC 7505 (5.7.27), and Postfix's words (reject_unknown_sender_domain).
    """
    words = row.answer.lower()
    return row.kind == FOREIGN and any(text in words for text in (".1.8", "5.7.27", "domain not found"))
