"""What accompanies one incoming mail through core's methods, under two keys of :mod:`..context`."""

from dataclasses import dataclass

from ...routing.incoming.group import Copy
from ...routing.incoming.place import Place
from ..context import ARRIVAL_KEY, PLACING_KEY, carried


class Outcome(dict):
    """What became of one mail; a key is missing until its value is known.

    ``message_id``: the Message-Id as core reads it. ``company_id``: the company that the mail belongs to.
    ``kind``: ``record``, ``bounce``, ``own``, ``duplicate``, ``answered`` or ``loop``.
    ``trace``: pairs of rule and reason, in the order of the decisions.
    ``waits``: whether it is among the unrouted mails, for a person to decide.
    """


@dataclass(frozen=True, eq=False)
class Arrival:
    """How the caller of ``message_process`` wants one mail to be processed.

    Equal to nothing but itself: environments are shared where their contexts are equal, and the outcome of one mail
    must not end up in the context of another.
    """

    # Where what becomes of the mail is recorded; None: nobody asks.
    # Set: ``fetchmail.server._process_message`` and the preview. Read: ``mail.thread``, by :func:`record_outcome`.
    outcome: Outcome | None = None
    # Where a person said that the mail belongs: model, and id or None for a new record.
    # Set: ``_process_message``, for unrouted mails. Read: mail_thread_forced, mail_thread_copy.
    forced: tuple | None = None
    # Collects what would become of the mail; nothing is stored or sent.
    # Set: the preview. Read: mail_thread_preview.
    preview: object = None
    # The copy of a mail from another company that is being taken in.
    # Set: mail_thread_copy. Read: mail_thread_copy, mail_thread_own, mail_thread_automatic.
    copy: Copy | None = None


@dataclass(frozen=True)
class Placing:
    """Core is routing, storing or answering one mail; meanwhile ``get_param`` counts all alias domains as Odoo's own.

    Set by ``mail.thread``: ``message_route``, ``_message_route_process``, ``_routing_create_bounce_email``. It is a
    value: environments may share equal ones.
    """

    # The place of the mail, or of the route that is being checked or processed. Read: mail_thread.
    place: Place
    # True while a mail is routed that must not get the answer "do not write to the catchall": Odoo sees none then.
    # Set: ``message_route``. Read: ``get_param``.
    is_quiet: bool = False
    # The sender of an automatic answer, if its company has no bounce address.
    # Set: ``_routing_create_bounce_email``. Read: ``ir.mail_server._get_default_bounce_address``.
    answer_from: str | None = None


_BLANK = Arrival()


def arrival_of(env):
    """Return the :class:`Arrival` of the mail that is being processed; a blank one if its caller set none."""
    return carried(env, ARRIVAL_KEY, Arrival) or _BLANK


def placing_of(env):
    """Return the :class:`Placing` of the mail that core is busy with, or None."""
    return carried(env, PLACING_KEY, Placing)


def record_outcome(env, kind=None, rule=None, reason=None):
    """Record what became of the mail that is being processed, or why, if the caller asked for it.

    :param str kind: see :class:`Outcome`
    :param str rule: the rule that decided something
    :param str reason: why, in the user's language
    """
    outcome = arrival_of(env).outcome
    if outcome is None:
        return
    if kind:
        outcome["kind"] = kind
    if rule:
        outcome.setdefault("trace", []).append((rule, reason))
