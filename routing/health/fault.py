"""What can be wrong with the mail of a company; the words are in ``models/explain/``, to be translated."""

from enum import Enum, auto
from typing import NamedTuple

from ..outgoing.decision import Route

DANGER, WARNING, INFO = "danger", "warning", "info"
# The worst first.
SEVERITIES = (DANGER, WARNING, INFO)


class Kind(Enum):
    """What is wrong, the most urgent first."""

    QUEUE_OFF = auto()
    FETCHING_OFF = auto()
    CANNOT_SEND = auto()
    SERVER_STOPPED = auto()
    SERVER_RESTS = auto()
    MAILBOX_TROUBLE = auto()
    MAILBOX_UNCONFIRMED = auto()
    MAILBOX_TWICE = auto()
    NO_MAILBOX = auto()
    REPLY_NOT_FETCHED = auto()
    NO_DOMAIN = auto()
    NO_PREFIX = auto()
    DOMAIN_SERVER_FOREIGN = auto()
    DOMAIN_SERVER_OFF = auto()
    SERVER_MAILBOX_FOREIGN = auto()
    DOMAIN_WITHOUT_COMPANY = auto()
    SERVER_UNUSED = auto()
    BOUNCE_NOT_FETCHED = auto()


# How bad each is: mail stops, mail goes astray, or somebody may want to know.
SEVERITY = {
    Kind.QUEUE_OFF: DANGER,
    Kind.FETCHING_OFF: DANGER,
    Kind.CANNOT_SEND: DANGER,
    Kind.SERVER_STOPPED: DANGER,
    Kind.SERVER_RESTS: WARNING,
    Kind.MAILBOX_TROUBLE: DANGER,
    Kind.MAILBOX_UNCONFIRMED: WARNING,
    Kind.MAILBOX_TWICE: DANGER,
    Kind.NO_MAILBOX: DANGER,
    Kind.REPLY_NOT_FETCHED: WARNING,
    Kind.NO_DOMAIN: WARNING,
    Kind.NO_PREFIX: WARNING,
    Kind.DOMAIN_SERVER_FOREIGN: WARNING,
    Kind.DOMAIN_SERVER_OFF: WARNING,
    Kind.SERVER_MAILBOX_FOREIGN: WARNING,
    Kind.DOMAIN_WITHOUT_COMPANY: WARNING,
    Kind.SERVER_UNUSED: INFO,
    Kind.BOUNCE_NOT_FETCHED: INFO,
}


class Fault(NamedTuple):
    """One thing that is wrong.

    ``company_id`` is None for what concerns all companies. ``record_id`` is what mends it: a server, a mailbox or a
    domain, as the kind has it, None for the company itself. ``email`` is the address that it is about, ``route`` the
    one that fails.
    """

    kind: Kind
    company_id: int | None = None
    record_id: int | None = None
    email: str = ""
    route: Route | None = None

    @property
    def severity(self):
        """How bad it is."""
        return SEVERITY[self.kind]


class Box(NamedTuple):
    """An active mailbox, confirmed or not, as the routing table does not hold it."""

    id: int
    company_id: int | None = None
    is_confirmed: bool = True
    is_failing: bool = False


class Facts(NamedTuple):
    """What the checks need beside the routing table.

    ``resting_ids`` and ``stopped_ids`` are servers in trouble, ``forced_ids`` those that a template or a mailing names.
    """

    boxes: tuple = ()
    resting_ids: frozenset = frozenset()
    stopped_ids: frozenset = frozenset()
    forced_ids: frozenset = frozenset()
    is_queue_on: bool = True
    is_fetching_on: bool = True
