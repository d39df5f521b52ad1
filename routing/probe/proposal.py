"""What to set, by what a probe found out. The words are in ``models/explain/``, to be translated."""

from enum import Enum, auto
from typing import Any, NamedTuple

from ..rows import KEEP, ON_BEHALF, USERNAME
from .facts import ARRIVED, BEHALF, BOUNCE, FOREIGN, KEPT, OTHER, OWN, RETURNED, SUB, UNKNOWN

# Minutes after which a mail that did not arrive will not, if others did.
ENOUGH = 5


class Why(Enum):
    """Why something is proposed, or nothing."""

    NO_ADDRESS = auto()
    NO_ANSWER = auto()
    OWN_REFUSED = auto()
    FROM_KEPT = auto()
    SENDER_TAKEN = auto()
    FROM_REWRITTEN = auto()
    FROM_REFUSED = auto()
    BEHALF_ARRIVED = auto()
    SENDER_REFUSED = auto()
    OWN_DOMAIN_ONLY = auto()
    OWN_DOMAIN_AND_MOVED = auto()

    UNKNOWN_ARRIVED = auto()
    UNKNOWN_REFUSED = auto()
    UNKNOWN_RETURNED = auto()
    UNKNOWN_MISSING = auto()
    SUB_ARRIVED = auto()
    SUB_REFUSED = auto()
    SUB_RETURNED = auto()
    SUB_MISSING = auto()
    NOT_ARRIVED_YET = auto()
    NOT_SENT = auto()


class Proposal(NamedTuple):
    """A value, None for no proposal; why; and whether there is no doubt left."""

    value: Any
    why: Why
    is_sure: bool = True


def propose_policy(facts):
    """Propose a sender policy."""
    own = facts.answer_to(OWN)
    if own is None and not facts.is_anonymous:
        return Proposal(None, Why.NO_ADDRESS)
    if own and facts.is_refused(OWN):
        return Proposal(None, Why.OWN_REFUSED)
    if facts.trouble and not any(facts.is_refused(kind) for kind in (OTHER, BOUNCE, FOREIGN)):
        return Proposal(None, Why.NO_ANSWER)
    if facts.is_refused(OTHER) or facts.is_refused(BOUNCE):
        return _restricted(facts, Why.SENDER_REFUSED)
    if facts.is_mail_refused(KEPT):
        return _restricted(facts, Why.FROM_REFUSED)
    kept = facts.mail(KEPT)
    if kept and kept.is_rewritten:
        return Proposal(USERNAME, Why.FROM_REWRITTEN)
    if facts.is_refused(FOREIGN):
        return Proposal(KEEP, Why.OWN_DOMAIN_AND_MOVED) if facts.moves_authors else _of_own_domain(facts)
    if kept and kept.state == ARRIVED:
        return Proposal(KEEP, Why.FROM_KEPT)
    return Proposal(KEEP, Why.SENDER_TAKEN, is_sure=False)


def _restricted(facts, why):
    """Propose on behalf if such a mail arrived unchanged; else the username, which the server takes in any case."""
    behalf = facts.mail(BEHALF)
    if behalf and behalf.is_rewritten:
        return Proposal(USERNAME, Why.FROM_REWRITTEN)
    if behalf and behalf.state == ARRIVED:
        return Proposal(ON_BEHALF, Why.BEHALF_ARRIVED)
    if facts.is_mail_refused(BEHALF):
        return Proposal(USERNAME, Why.FROM_REFUSED)
    return Proposal(USERNAME, why)


def _of_own_domain(facts):
    """Propose for a server that takes every address of its domain, and no other."""
    return Proposal(None if facts.is_anonymous else USERNAME, Why.OWN_DOMAIN_ONLY)


def propose_catchall(facts):
    """Propose whether the company has a catch-all."""
    return _arrival(facts, UNKNOWN, Why.UNKNOWN_ARRIVED, Why.UNKNOWN_REFUSED, Why.UNKNOWN_RETURNED, Why.UNKNOWN_MISSING)


def propose_sub_addresses(facts):
    """Propose whether to ask for replies at sub-addresses."""
    return _arrival(facts, SUB, Why.SUB_ARRIVED, Why.SUB_REFUSED, Why.SUB_RETURNED, Why.SUB_MISSING)


def _arrival(facts, kind, arrived, refused, returned, missing):
    """Propose yes if a mail arrived, no if it was refused, came back, or is missing while others arrived."""
    mail = facts.mail(kind)
    if mail is None:
        return Proposal(None, Why.NOT_SENT)
    if mail.state == ARRIVED:
        return Proposal(True, arrived)
    if facts.is_recipient_refused(kind):
        return Proposal(False, refused)
    if mail.state == RETURNED:
        return Proposal(False, returned)
    if mail.answer_class:
        return Proposal(None, Why.NO_ANSWER)
    if facts.has_arrived and facts.minutes >= ENOUGH:
        return Proposal(False, missing)
    return Proposal(None, Why.NOT_ARRIVED_YET)
