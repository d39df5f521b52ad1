"""The outgoing ladder: from the table and one mail to its route, each rung with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import address
from ..reason import Reason
from ..rows import KEEP, USERNAME, Server
from . import reply
from .author import author_of, choose_author
from .policy import apply_policy, choose_policy
from .server import choose_server, takes

# The rungs, in the order in which a mail's trace has them.
RULES = ("company", "author", "server", "policy", "reply_to")


@dataclass(frozen=True)
class RoutingRequest:
    """What the decision needs to know about one outgoing mail.

    ``author`` and ``reply_to`` are the decoded headers as Odoo means to send them; ``server`` is the one it must
    leave through, None to let the ladder choose. ``catchall_only`` and ``aliases`` hold the addresses of ``reply_to``
    that only a catch-all delivers: catchalls and prefixes, and aliases; ``domain_aliases`` are aliases of exactly that
    domain. ``reply_to_force_new`` is core's mark for a Reply-To chosen on purpose. ``user_id`` is the author if that
    is an internal user, with its addresses and companies; ``owners`` maps addresses that such an author could be moved
    onto, in lower case, to the ids of the users whose e-mail each is, see :func:`~.author.moved_addresses`.
    ``written_company_id`` is the company that was active when the mail was written: its name may be in the Reply-To.
    ``why_company`` and ``why_server`` are the reasons for this company and this server. ``token`` leads a reply to the
    message, if a mailbox has sub-addresses. ``smtp_from`` is the sender that core would note on the session of a server
    that it chose, see :func:`as_odoo`.
    """

    company_id: int
    server: Server | None = None
    author: str = ""
    reply_to: str = ""
    reply_to_force_new: bool = False
    catchall_only: frozenset = frozenset()
    aliases: frozenset = frozenset()
    domain_aliases: frozenset = frozenset()
    user_id: int | None = None
    user_emails: tuple = ()
    user_company_ids: tuple = ()
    owners: Mapping = field(default_factory=dict)
    written_company_id: int | None = None
    why_company: Reason = Reason.COMPANY_WHEN_WRITTEN
    why_server: Reason = Reason.SERVER_AS_ODOO
    token: str = ""
    smtp_from: str | None = None


@dataclass(frozen=True)
class Route:
    """The decision for one mail. A header or envelope that is None stays as Odoo has it; an empty one is removed.

    ``mail_company_id`` is the mail's company, ``company_id`` the one that it leaves as, which an author's domain may
    select. ``domain_id`` is the alias domain whose bounce, catchall and default sender apply to the mail, ``failure``
    the reason why it cannot leave: ``no_server``, ``foreign_server``, ``no_sender``, ``unknown_sender``, ``bad_name``,
    or empty.
    ``trace`` is a tuple of (rule, :class:`Reason`) pairs, one for each rung that was passed.
    """

    company_id: int
    server_id: int | None
    policy: str = KEEP
    mail_company_id: int | None = None
    domain_id: int | None = None
    header_from: str | None = None
    smtp_from: str | None = None
    sender: str | None = None
    envelope_from: str | None = None
    return_path: str | None = None
    reply_to: str | None = None
    failure: str = ""
    trace: tuple = ()


def decide(table, request):
    """Return the :class:`Route` of one mail: first its server and company, then what it says, for that company.

    :param RoutingTable table: the snapshot to decide by
    :param RoutingRequest request: the mail to decide for
    """
    server, company_id, why_server = choose_server(table, request)
    reasons = {"company": request.why_company, "server": why_server}
    if server and server.serves(company_id):
        values = _written(table, request, table.company(company_id), server, reasons)
    else:
        # what stops a mail is shown beside who would have sent it
        reasons["author"] = choose_author(table, request, table.company(company_id))[1]
        values = {"failure": "foreign_server" if server else "no_server"}
    return Route(
        company_id=company_id,
        server_id=server and server.id,
        mail_company_id=request.company_id,
        trace=tuple((rule, reasons[rule]) for rule in RULES if rule in reasons),
        **values,
    )


def _written(table, request, company, server, reasons):
    """Return the rest of the route of a mail that leaves through this server as this company.

    :param dict reasons: gets the reason of each rung that is passed
    """
    author, reasons["author"] = author_of(table, request, company, server)
    policy, reasons["policy"] = choose_policy(server, company)
    if author is None and policy != USERNAME:
        return {"policy": policy, "failure": "no_sender"}
    chosen = reply.choose_reply_to(table, request, company, address.first(author))
    if _has_bad_name(table, company, policy, chosen[0]):
        return {"policy": policy, "failure": "bad_name"}
    reply_to, reasons["reply_to"] = _reply_to(table, request, company, server, author or "", chosen)
    return {
        "policy": policy,
        "domain_id": table.parameter_domain_id(company.id),
        "reply_to": reply_to,
        **_sender(table, request, company, server, policy, author or request.author),
    }


def _has_bad_name(table, company, policy, replies):
    """Tell whether a name of the company makes an address that no mail can carry.

    Saving refuses such a prefix, catchall, bounce name or domain, but rows also come from imports and scripts.
    """
    domain = table.default_domain(company.id)
    emails = [reply.email for reply in replies] if company.catchall_supported else []
    if domain and policy == KEEP:
        emails.append(domain.email(domain.bounce))
    return any(email and not address.find(email) for email in emails)


def _sender(table, request, company, server, policy, author):
    """Return the sender's part of the route."""
    changed = author if author != request.author else None
    if policy != KEEP:
        return {"header_from": changed, **apply_policy(policy, server, author)}
    return {"header_from": changed, "smtp_from": _smtp_from(table, request, company, server, author)}


def _smtp_from(table, request, company, server, author):
    """Return the sender that core notes on a session, None if it noted that itself.

    The default sender replaces an author whose address the server does not take, or takes only because it takes
    everything (core: ``_find_mail_server``), but no author in a domain of the company. A server that was set on the
    mail gets the author, as in core, unless it belongs to a company and its FROM Filtering says no.
    """
    email = address.first(author)
    if request.server and (not server.company_id or takes(server, email)):
        return request.smtp_from if email == address.first(request.author) else None
    if (server.from_filter and takes(server, email)) or table.own_domain_of(email, company.id):
        return author
    return table.default_from(company.id) or author


def _reply_to(table, request, company, server, author, chosen):
    """Return the Reply-To header, None if it stays as it is, and the reason.

    :param chosen: the same for a company that has a catch-all, see :func:`~.reply.choose_reply_to`
    """
    replies, why = chosen
    if not company.catchall_supported:
        replies, why = reply.without_catchall(table, request, company, server, author, replies)
    if request.token:
        replies = reply.with_token(table, request, company, replies)
    asked = address.in_wire_form(request.reply_to)
    unchanged = asked == request.reply_to and replies == list(address.parse(asked))
    return None if unchanged else reply.header(replies), why
