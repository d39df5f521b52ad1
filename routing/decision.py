"""The outgoing ladder: from the table and one mail to its route, each rung with its reason."""

from dataclasses import dataclass

from .policy import apply_policy, choose_policy
from .reply import choose_reply_to
from .table import Company, Server


@dataclass(frozen=True)
class Mail:
    """What the decision needs to know of one outgoing mail.

    ``author`` and ``reply_to`` are the decoded headers as Odoo means to send them, ``server`` is the server it
    leaves through. ``virtual`` holds those addresses of ``reply_to`` that exist only through a catch-all (the
    catchall itself, aliases), ``reply_to_force_new`` is core's mark for a Reply-To chosen on purpose.
    """

    company_id: int
    server: Server
    author: str = ""
    reply_to: str = ""
    reply_to_force_new: bool = False
    virtual: frozenset = frozenset()


@dataclass(frozen=True)
class Route:
    """The decision for one mail. A header or envelope that is None stays as Odoo has it; an empty one is removed.

    ``failure`` names what stands in the way of sending at all: ``unknown_sender``, or nothing.
    ``trace`` is a tuple of (rule, reason) pairs, one for each rung that was passed.
    """

    company_id: int
    server_id: int | None
    policy: str
    header_from: str | None = None
    sender: str | None = None
    envelope_from: str | None = None
    return_path: str | None = None
    reply_to: str | None = None
    failure: str = ""
    trace: tuple = ()


def decide(table, mail):
    """Return the :class:`Route` of one mail.

    :param RoutingTable table: the snapshot to decide by
    :param Mail mail: the mail to decide for
    """
    company = table.companies.get(mail.company_id) or Company(mail.company_id)
    policy, why_policy = choose_policy(mail.server, company)
    reply_to, why_reply_to = choose_reply_to(table, mail, company)
    return Route(
        company_id=company.id,
        server_id=mail.server.id,
        policy=policy,
        reply_to=reply_to,
        trace=(("sender policy", why_policy), ("reply-to", why_reply_to)),
        **apply_policy(policy, mail.server, mail.author),
    )
