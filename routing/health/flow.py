"""How a usual mail of a company leaves, and where the answers to it come in."""

from typing import NamedTuple

from .. import address
from ..outgoing.decision import Route, RoutingRequest, decide
from ..outgoing.server import as_odoo
from ..rows import KEEP, Server

# Before the @ of a colleague who has no name yet.
ANYBODY = "anybody"


class Flow(NamedTuple):
    """The way of a usual mail, written by a colleague in the company's default domain.

    ``server`` is None if the mail cannot leave. ``reply`` and ``bounce`` are addresses, empty where they are the
    author's. ``is_reply_fetched`` and ``is_bounce_fetched`` tell whether Odoo fetches mail to them, ``is_scripted``
    that a script hands it over; ``mailboxes`` are those that the company may use, its own first.
    """

    route: Route
    server: Server | None
    reply: str = ""
    bounce: str = ""
    is_reply_fetched: bool = False
    is_bounce_fetched: bool = False
    is_scripted: bool = False
    mailboxes: tuple = ()


def usual_flow(table, company_id, config, author="", is_scripted=False):
    """Return the :class:`Flow` of a company.

    :param Server config: the server in odoo.conf, for a database that has none
    :param str author: the address of a colleague, for a company without a domain
    :param is_scripted: whether a script hands this company's mail to Odoo
    """
    domain = table.default_domain(company_id)
    author = f"{ANYBODY}@{domain.name}" if domain else author
    route = decide(table, _usual_mail(table, company_id, config, author))
    server = None if route.failure else (table.servers.get(route.server_id) or config)
    reply, bounce = (_unless(author, email) for email in (_reply_email(table, route), _bounce_email(table, route)))
    return Flow(
        route=route,
        server=server,
        reply=reply,
        bounce=bounce,
        is_reply_fetched=is_fetched(table, reply, company_id),
        is_bounce_fetched=is_fetched(table, bounce, company_id),
        is_scripted=is_scripted,
        mailboxes=mailboxes_of(table, company_id),
    )


def mailboxes_of(table, company_id):
    """Return the mailboxes of a company, its own first; each address once."""
    own, shared = (table.mailboxes_by_company.get(key, ()) for key in (company_id, None))
    return tuple({box.email.lower(): box for box in reversed(own + shared)}.values())[::-1]


def is_fetched(table, email, company_id):
    """Tell whether mail to an address of this company reaches Odoo, as far as the set-up says."""
    if not email:
        return False
    if table.comes_back(email, company_id):
        return True
    if not table.company(company_id).catchall_supported:
        return False
    domain = table.domain_of(email)
    boxes = mailboxes_of(table, company_id)
    names = {address.domain(box.email).lower() for box in boxes}
    return address.domain(email).lower() in names or bool(domain and domain.mailbox_id in {box.id for box in boxes})


def _usual_mail(table, company_id, config, author):
    """Return a mail as a colleague writes it who belongs to this company alone."""
    chosen = {}
    if not table.chooses_servers:
        server, smtp_from = as_odoo(table, author, config)
        chosen = {"server": server, "smtp_from": smtp_from}
    # of no user: identities are each user's own
    return RoutingRequest(company_id=company_id, author=author, user_company_ids=(company_id,), **chosen)


def _reply_email(table, route):
    """Return the address that replies go to, empty for the author's: Odoo itself takes its catchall, if it has one."""
    if route.reply_to:
        return address.first(route.reply_to)
    fallback = table.fallback
    return fallback.email(fallback.catchall) if fallback and fallback.name else ""


def _bounce_email(table, route):
    """Return the address that undeliverable mails go to, empty for the author's."""
    if route.policy != KEEP:
        return route.envelope_from or ""
    domain = table.fallback if route.domain_id is None else table.domains.get(route.domain_id)
    return domain.email(domain.bounce) if domain and domain.name else ""


def _unless(author, email):
    """Return an address, empty if it is the author's."""
    return "" if address.same(author, email) else email
