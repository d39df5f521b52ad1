from odoo import _, _lt, api, models

from ...routing.probe.facts import BEHALF, BOUNCE, FOREIGN, KEPT, OTHER, OWN, PLAIN, RETURNED, SUB, UNKNOWN
from ...routing.probe.proposal import Why

SENDERS = {
    OWN: _lt("Its own address"),
    OTHER: _lt("Another address of its domain"),
    BOUNCE: _lt("The company's bounce address"),
    FOREIGN: _lt("A foreign address"),
}
MAILS = {
    KEPT: _lt("With another author"),
    BEHALF: _lt("On behalf of another author"),
    PLAIN: _lt("From its own address"),
    SUB: _lt("To a sub-address"),
    UNKNOWN: _lt("To a name that nobody has"),
}
# Why a policy, a catch-all or sub-addresses are proposed, or nothing.
WHY = {
    Why.NO_ADDRESS: _lt("Its username is not an e-mail address. Set its Sender Address, then probe it again."),
    Why.NO_ANSWER: _lt("The answers say nothing about the sender. Fix what they name, then ask again."),
    Why.OWN_REFUSED: _lt(
        "It refuses even its own address. Check that the username, or the Sender Address, belongs to this login."
    ),
    Why.FROM_KEPT: _lt("It takes any sender, and a mail with another author arrived unchanged."),
    Why.SENDER_TAKEN: _lt(
        "It takes any sender. Only a mail that arrives shows whether it changes From: send the test mails."
    ),
    Why.FROM_REWRITTEN: _lt(
        "It replaces the author in From by another address without a word. With its own username, at least the "
        "author's name stays."
    ),
    Why.FROM_REFUSED: _lt("It refuses a mail whose From is not its own address."),
    Why.BEHALF_ARRIVED: _lt(
        "It refuses other senders in the envelope, but a mail on behalf of another author arrived unchanged."
    ),
    Why.SENDER_REFUSED: _lt("It refuses other senders than its own address."),
    Why.OWN_DOMAIN_ONLY: _lt(
        "It takes every address of its domain, and no other. To keep the authors all the same, switch on Mail From "
        "Email By Company: each author then gets an address of the company's domain."
    ),
    Why.OWN_DOMAIN_AND_MOVED: _lt(
        "It takes every address of its domain, and Mail From Email By Company gives one to each author."
    ),
    Why.UNKNOWN_ARRIVED: _lt("A mail to a name that nobody has arrived in the mailbox."),
    Why.UNKNOWN_REFUSED: _lt("The mail server refuses a name that nobody has, so replies to a catchall would be lost."),
    Why.UNKNOWN_RETURNED: _lt("A mail to a name that nobody has came back, so replies to a catchall would be lost."),
    Why.UNKNOWN_MISSING: _lt(
        "A mail to a name that nobody has did not arrive within some minutes, though another mail did. Look into the "
        "spam folder before you apply this."
    ),
    Why.SUB_ARRIVED: _lt("A mail to a sub-address arrived in the mailbox."),
    Why.SUB_REFUSED: _lt("The mail server refuses sub-addresses."),
    Why.SUB_RETURNED: _lt("A mail to a sub-address came back."),
    Why.SUB_MISSING: _lt("A mail to a sub-address did not arrive within some minutes, though another mail did."),
    Why.NOT_ARRIVED_YET: _lt("The mail has not arrived yet. Look again in a minute, also into the spam folder."),
    Why.NOT_SENT: _lt("Only a mail shows this: send the test mails."),
}


class MailRoutingWords(models.AbstractModel):
    """Says what a probe of a mail server found out."""

    _inherit = "mail.routing.words"

    @api.model
    def _asked_message(self, server, facts, asked):
        """Return what a server said to a sender; the proposal says what a refusal means."""
        if facts.is_refused(asked.kind):
            return asked.answer
        return "" if asked.is_taken else self._said(server, asked.answer_class, asked.answer)

    @api.model
    def _sent_message(self, server, mail):
        """Return what became of a test mail."""
        if mail.answer_class:
            return self._said(server, mail.answer_class, mail.answer)
        if mail.is_pending:
            return str(WHY[Why.NOT_ARRIVED_YET])
        if mail.state == RETURNED:
            return _("It came back as undeliverable.")
        lines = [_("It arrived.")]
        if mail.is_rewritten:
            lines.append(
                _("From is now %(after)s instead of %(before)s.", after=mail.arrived_from, before=mail.header_from)
            )
        if mail.has_new_id:
            lines.append(
                _("Its Message-Id was replaced. Odoo finds the replies all the same, if one of its headers is left.")
            )
        return " ".join(lines)
