"""What became of an incoming mail, for whoever asks: the fetching of mailboxes, and the simulator."""

from ..context import OUTCOME_KEY


class Outcome(dict):
    """What became of one message; a caller puts a new one under OUTCOME_KEY for each message.

    It is equal to nothing but itself: environments are reused where their contexts are equal, and the outcome of
    one message must not end up in the context of another.
    """

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


def record_outcome(env, kind=None, rule=None, reason=None):
    """Note what became of the mail that is being processed, or why, where the caller asked for it.

    :param str kind: ``record``, ``bounce``, ``own``, ``duplicate``, ``answered`` or ``loop``
    :param str rule: the rule that decided something
    :param str reason: why, in the user's language
    """
    outcome = env.context.get(OUTCOME_KEY)
    if outcome is None:
        return
    if kind:
        outcome["kind"] = kind
    if rule:
        outcome.setdefault("trace", []).append((rule, reason))
