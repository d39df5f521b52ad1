"""What accompanies one incoming mail through core's methods, under one key of :mod:`..context`, and what core reads."""

from dataclasses import dataclass

from odoo import api, models

from ...routing.incoming.group import CrossCompanyCopy
from ...routing.incoming.place import Place
from ..context import INCOMING_KEY, carried


class Outcome(dict):
    """What became of one mail; a key is missing until its value is known.

    ``message_id``: the Message-Id as core reads it. ``company_id``: the company that the mail belongs to.
    ``kind``: ``record``, ``bounce``, ``own``, ``duplicate``, ``answered`` or ``loop``.
    ``trace``: pairs of rule and reason, in the order of the decisions.
    ``waits``: whether it is among the unrouted mails, for a person to decide.
    """


class Preview:
    """Collects where a mail would go: its place and its routes. No record is created or changed."""

    def __init__(self):
        self.place, self.routes = None, []


@dataclass(frozen=True, eq=False)
class IncomingMail:
    """One mail on its way through ``message_process``: first what its caller wants, then what was found out.

    Equal to nothing but itself: environments are shared where their contexts are equal, and the outcome of one mail
    must not end up in the context of another.
    """

    # Where what becomes of the mail is recorded; None: nobody asks.
    # Set: ``fetchmail.server._process_message`` and the preview. Read: :meth:`record`.
    outcome: Outcome | None = None
    # Where a person said that the mail belongs: model, and id or None for a new record.
    # Set: ``_process_message``, for unrouted mails. Read: ``mail.thread``.
    forced: tuple | None = None
    # Set: the preview of an incoming mail. Read: ``mail.thread``.
    preview: Preview | None = None
    # The copy of a mail from another company that is being taken in.
    # Set: ``message_process``. Read: ``mail.thread``.
    copy: CrossCompanyCopy | None = None
    # The place of the mail, or of its route that is being checked or processed; None while core does neither. Meanwhile
    # ``get_param`` counts all alias domains as Odoo's own.
    # Set: ``message_route``, ``_message_route_process``, ``_routing_create_bounce_email``. Read: ``mail.thread``.
    place: Place | None = None
    # True while a mail is routed that must not get the answer "do not write to the catchall": Odoo sees none then.
    # Set: ``message_route``. Read: ``get_param``.
    hides_catchall: bool = False
    # The sender of an automatic answer, if its company has no bounce address.
    # Set: ``_routing_create_bounce_email``. Read: ``ir.mail_server._get_default_bounce_address``.
    answer_from: str | None = None

    def record(self, kind=None, rule=None, reason=None):
        """Record what became of the mail, or why, if the caller asked for it.

        :param str kind: see :class:`Outcome`
        :param str rule: the rule that decided something
        :param str reason: why, in the user's language
        """
        if self.outcome is None:
            return
        if kind:
            self.outcome["kind"] = kind
        if rule:
            self.outcome.setdefault("trace", []).append((rule, reason))


_BLANK = IncomingMail()


def incoming_of(env):
    """Return the :class:`IncomingMail` that is being processed; a blank one if nobody set one."""
    return carried(env, INCOMING_KEY, IncomingMail) or _BLANK


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """While a mail is placed, count all alias domains as Odoo's own; hide the catchall if it must not answer."""
        value = super().get_param(key, default)
        incoming = incoming_of(self.env)
        if incoming.hides_catchall and key == "mail.catchall.alias":
            return default
        if incoming.place and value and key == "mail.catchall.domain.allowed":
            return ",".join([value, *self.env["mail.routing"]._routing_table().domains_by_name])
        return value


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_default_bounce_address(self):
        """Return a sender for an automatic answer; without one, core takes the recipient of the incoming mail."""
        return super()._get_default_bounce_address() or incoming_of(self.env).answer_from
