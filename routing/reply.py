"""Rung 5 of the ladder: where replies come back when there is no catch-all."""

from . import address

# Longer ones make Python fold right behind the header's name, which breaks some DKIM verifiers
# (core: _notify_get_reply_to_formatted_email).
_LONGEST = 68


def choose_reply_to(table, mail, company):
    """Return the decoded Reply-To header, None where it stays as it is, and the reason."""
    if company.catchall_supported:
        return None, "the company has a catch-all"
    replies = address.parse(mail.reply_to)
    lost = [reply for reply in replies if _is_lost(table, mail, reply)]
    if replies and not lost:
        return None, "it was set on purpose, or Odoo fetches that mailbox"
    email, why = _way_back(table, mail)
    kept = [str(reply) for reply in replies if reply not in lost]
    name = address.display_name(next((reply.name for reply in lost), ""))
    return ", ".join([*kept, _short(name, email)] if email else kept), why


def _is_lost(table, mail, reply):
    """Tell whether a reply to this address would not come back to Odoo, without anybody having chosen so."""
    if table.comes_back(reply.email, mail.company_id):
        return False
    if any(address.same(reply.email, virtual) for virtual in mail.virtual):
        return True
    is_author = any(address.same(reply.email, author.email) for author in address.parse(mail.author))
    return is_author and not mail.reply_to_force_new


def _way_back(table, mail):
    """Return the address that replies go to instead, and the reason; empty where there is none at all."""
    mailbox = table.mailbox(mail.server, mail.company_id)
    if mailbox:
        return mailbox, "no catch-all: a mailbox that Odoo fetches"
    author = next(iter(address.parse(mail.author)), None)
    if author:
        return author.email, "no catch-all and no mailbox that Odoo fetches: the author"
    return mail.server.sender or "", "no catch-all, no mailbox that Odoo fetches and no author: the server's own"


def _short(name, email):
    """Return a decoded mailbox, without its name where that makes it too long."""
    named = str(address.Address(name, email))
    return named if len(named) <= _LONGEST else email
