"""Rung 5 of the ladder: where replies go, so that they come back to the right company."""

from .. import address
from ..reason import Reason
from ..token import add_token

# Longer ones make Python fold right behind the header's name, which breaks some DKIM verifiers
# (core: _notify_get_reply_to_formatted_email).
_LONGEST = 68


def choose_reply_to(table, request, company, author):
    """Return the addresses of the Reply-To header of a company that has a catch-all, and the reason.

    :param str author: the address that the mail is sent from
    :rtype: tuple(list of Address, Reason)
    """
    replies = [_following(request, reply, author) for reply in address.parse(request.reply_to)]
    made_up = [reply for reply in replies if _is_made_up(request, reply)]
    if replies and not made_up:
        return replies, Reason.REPLY_ON_PURPOSE
    home = table.own_domain_of(author, company.id)
    default = table.default_domain(company.id)
    target = (home and table.domains.get(home.reply_domain_id)) or default or home
    email, why = _company_address(company, target)
    if not replies:
        return [address.Address("", email)] if email else [], why
    moved = [_at_home(request, reply, email, default or home) for reply in made_up]
    # an address still in another company's domain would take the reply there
    moved = [entry._replace(email=author) if table.is_foreign(entry.email, company.id) else entry for entry in moved]
    moved = [_named(table, request, company, entry) for entry in moved if entry.email]
    return [reply for reply in replies if reply not in made_up] + moved, why


def _following(request, reply, author):
    """Return a reply address that was set on purpose; one that only repeats the author's follows the author.

    Some wizards write it themselves, such as the one that invites followers.
    """
    repeats = request.reply_to_force_new and any(
        address.same(reply.email, entry.email) for entry in address.parse(request.author)
    )
    return reply._replace(email=author) if repeats and author else reply


def _named(table, request, company, reply):
    """Return a reply address that Odoo made up with the name of the company that the mail leaves as.

    Core puts the name of the company that was active in front of that of the record.
    """
    written = table.company(request.written_company_id).name
    is_other = written and company.name and written != company.name
    if is_other and (reply.name == written or reply.name.startswith(f"{written} ")):
        return reply._replace(name=company.name + reply.name[len(written) :])
    return reply


def _company_address(company, domain):
    """Return the address where replies to a company go, empty if it has none, and the reason."""
    if domain and company.reply_to_by_company and company.reply_to_prefix:
        return domain.email(company.reply_to_prefix), Reason.REPLY_BY_COMPANY
    if domain and domain.catchall:
        return domain.email(domain.catchall), Reason.REPLY_CATCHALL
    return "", Reason.REPLY_AS_ODOO


def _at_home(request, reply, email, domain):
    """Return an address of the Reply-To header that Odoo made up, moved to the company."""
    if reply.email in request.domain_aliases:
        return reply
    if reply.email in request.aliases:
        return reply._replace(email=domain.email(address.local(reply.email))) if domain else reply
    return reply._replace(email=email or reply.email)


def _is_made_up(request, reply):
    """Tell whether Odoo put this address there, and not a user or a template."""
    if reply.email in request.catchall_only or reply.email in request.aliases:
        return True
    if request.reply_to_force_new:
        return False
    return any(address.same(reply.email, author.email) for author in address.parse(request.author))


def without_catchall(table, request, company, server, author, replies):
    """Return the addresses that come back even if only real mailboxes get mail, and the reason.

    :param str author: the decoded From header on behalf of the company
    :param replies: the addresses that :func:`choose_reply_to` found
    """
    chosen = {reply.email for reply in address.parse(request.reply_to) if not _is_made_up(request, reply)}
    lost = [reply for reply in replies if reply.email not in chosen and not table.comes_back(reply.email, company.id)]
    if replies and not lost:
        return replies, Reason.REPLY_COMES_BACK
    email, why = _way_back(table, request, company, server, author)
    name = next((reply.name for reply in lost), "")
    kept = [reply for reply in replies if reply not in lost]
    return [*kept, address.Address(name, email)] if email else kept, why


def _way_back(table, request, company, server, author):
    """Return the address that replies go to instead, empty if there is none at all, and the reason."""
    mailbox = table.mailbox(server, company.id)
    if mailbox:
        return mailbox, Reason.REPLY_MAILBOX
    email = address.first(author)
    # of another address it is not known: the sets hold addresses of all mails that are decided together
    is_known = any(entry.email == email for text in (request.author, request.reply_to) for entry in address.parse(text))
    if email and not (is_known and (email in request.catchall_only or email in request.aliases)):
        return email, Reason.REPLY_AUTHOR
    return server.sender or "", Reason.REPLY_SERVER


def with_token(table, request, company, replies):
    """Return the addresses, with the mail's token in those of mailboxes with sub-addresses.

    A company's catchall stays as it is: all mail to it is a reply, or was sent there by mistake.
    """
    return [
        entry._replace(email=add_token(entry.email, request.token))
        if table.takes_token(entry.email, company.id)
        and not (company.catchall_supported and table.is_catchall(entry.email))
        else entry
        for entry in replies
    ]


def header(replies):
    """Return the decoded Reply-To header; a name that makes it too long is left out."""
    texts = []
    for reply in replies:
        named = str(reply._replace(name=address.display_name(reply.name)))
        texts.append(named if len(named) <= _LONGEST else reply.email)
    return ", ".join(texts)
