import json

from odoo import _, _lt, api, models, tools

from ...routing.delivery.answer import parse
from ...routing.delivery.answer_class import AnswerClass

# What each kind of answer means, and what to do about it.
MEANINGS = {
    AnswerClass.SENDER: _lt(
        "It does not accept this sender. Set its Sender Policy to Only its own username; if it is, check that its "
        "Sender Address belongs to this login."
    ),
    AnswerClass.RECIPIENT: _lt(
        "It does not know this recipient, or takes no mail for this address. Check the address."
    ),
    AnswerClass.MAILBOX_FULL: _lt("The recipient's mailbox is full. Ask the recipient to make room."),
    AnswerClass.CONTENT: _lt("It does not accept the content or the size of the mail. Change the mail."),
    AnswerClass.TEMPORARY: _lt("It does not take the mail now. Nothing has to be done."),
    AnswerClass.RATE: _lt(
        "It takes no more mail for now. Set a limit on the mail server, or ask the provider for more."
    ),
    AnswerClass.ACCOUNT: _lt(
        "The provider has blocked the account of this mail server, has not activated it yet, or its quota is used up. "
        "Log in to the provider's website to see what it asks for."
    ),
    AnswerClass.LOGIN: _lt("It refuses the login. Check username and password on the mail server, then press Try Now."),
    AnswerClass.CONNECTION: _lt("The connection failed. If this goes on, check host, port and encryption."),
    AnswerClass.PERMANENT: _lt("It refuses the mail for good."),
}
# What a rule about the server's words tells beyond its class (:mod:`routing.server_words`).
MEANINGS_BY_RULE = {
    "blocklist": _lt(
        "It does not accept mail from the network address that the mail came from, which is on a block list. Ask the "
        "provider of the mail server to have it removed."
    ),
    "domain_check": _lt(
        "It checked the sender's domain (SPF, DKIM, DMARC), and the check failed. Correct the DNS records of the "
        "domain."
    ),
    "encryption": _lt("It asks for an encrypted connection. Set Connection Security on the mail server to TLS or SSL."),
    "exchange_recipient": _lt(
        "The recipient accepts no mail from outside its organization, or from this sender. Ask the recipient to allow "
        "it."
    ),
    "many_recipients": _lt("The mail has too many recipients. Send it to fewer at a time."),
    "relay": _lt(
        "It does not pass on mail from this sender to this address. Check that the mail server has a username and a "
        "password, and that the sender belongs to them."
    ),
    "size": _lt("The mail is too big. Send a smaller attachment, or a link to it."),
    "suppressed": _lt(
        "The provider has put this recipient on its own list of addresses that it sends nothing to. Remove the "
        "recipient there if the address is right."
    ),
}


class MailRoutingWords(models.AbstractModel):
    """Says why a mail waits or failed, and what is wrong with a server: what happened, why, and what to do."""

    _inherit = "mail.routing.words"

    @api.model
    def _waits_message(self, mail, server, due):
        """Return why a mail waits, and until when."""
        return _(
            "Waits until %(due)s. %(trouble)s",
            due=self._moment(due),
            trouble=self._mail_trouble(mail, server),
        )

    @api.model
    def _limit_message(self, server, due):
        """Return why a mail waits that is over a server's limit."""
        return _(
            'Waits until %(due)s, as the mail server "%(server)s" has sent as many mails as its limit allows.',
            due=self._moment(due),
            server=server.name,
        )

    @api.model
    def _gave_up_message(self, mail, server):
        """Return the story of a mail that waited too long; when its server is tried again is no part of it."""
        last = mail.delivery_class, mail.delivery_answer
        if server and server.delivery_state != "ok":
            last = server.delivery_class, server.delivery_failure
        return _(
            "Failed after %(attempts)s attempts since %(since)s. %(trouble)s When that is fixed, press Send Again.",
            attempts=mail.delivery_attempts,
            since=self._moment(mail.delivery_since),
            trouble=self._said(server, *last),
        )

    @api.model
    def _mail_trouble(self, mail, server):
        """Return what stands in the way of a mail: its server, else the last answer to it."""
        if not server or server.delivery_state == "ok":
            return self._said(server, mail.delivery_class, mail.delivery_answer)
        since = self._moment(server.delivery_failing_since)
        said = self._said(server, server.delivery_class, server.delivery_failure)
        # not when the server is tried again: what waits for it says that already
        if server.delivery_state == "stopped":
            return _("Its mail server has been stopped since %(since)s. %(said)s", since=since, said=said)
        return _("Its mail server has been in trouble since %(since)s. %(said)s", since=since, said=said)

    @api.model
    def _server_trouble_message(self, server):
        """Return what is wrong with a server, since when, and what happens next."""
        said = self._said(server, server.delivery_class, server.delivery_failure)
        meant = parse(server.delivery_failure)
        if server.delivery_state == "resting" and meant.rest and meant.rest.today:
            return _(
                '"%(server)s" takes no more mail today; next try at %(until)s. %(said)s',
                server=server.name,
                until=self._moment(server.delivery_rest_until),
                said=said,
            )
        if server.delivery_state == "stopped":
            return _("Stopped since %(since)s. %(said)s", since=self._moment(server.delivery_failing_since), said=said)
        return _(
            "In trouble since %(since)s. Odoo tries again at %(until)s. %(said)s",
            since=self._moment(server.delivery_failing_since),
            until=self._moment(server.delivery_rest_until),
            said=said,
        )

    @api.model
    def _refusal_message(self, server, sender):
        """Return which sender a server refused, how mails leave since then, and how to undo that."""
        return _(
            'On %(date)s, "%(server)s" refused a sender that is not its own mailbox: %(refusal)s. Since then, mails '
            'leave as "Author Name" <%(sender)s>. If the provider allows other senders now, press Forget.',
            date=self._moment(server.sender_refusal_date),
            server=server.name,
            refusal=server.sender_refusal.rstrip("."),
            sender=sender,
        )

    @api.model
    def _trouble_message(self, answer, server):
        """Return what a server answered, and what that means."""
        return self._said(server, answer.answer_class.value, str(answer))

    @api.model
    def _failed_message(self, mail, server):
        """Return why a mail failed: the recipients that were refused, else the answer to the whole mail."""
        refused = json.loads(mail.delivery_refused or "[]")
        if not refused:
            return self._said(server, mail.delivery_class, mail.delivery_answer)
        lines = [
            _(
                "%(email)s: %(answer)s. %(meaning)s",
                email=email,
                answer=answer.rstrip("."),
                meaning=self._meaning(name, answer),
            )
            for email, name, answer in refused
        ]
        return "\n".join([_("Not delivered to:"), *lines])

    @api.model
    def _meaning(self, answer_class, answer=""):
        """Return what an answer of a class means, by its stored name; nothing for one of another version."""
        known = answer_class in {member.value for member in AnswerClass}
        meant = parse(answer)
        by_rule = MEANINGS_BY_RULE.get(meant.rule) if meant.answer_class.value == answer_class else None
        # as a text here: formatted into another sentence, it would not find the reader's language
        return str(by_rule or MEANINGS[AnswerClass(answer_class)]) if known else ""

    @api.model
    def _said(self, server, answer_class, answer):
        """Return a server's answer in its own words, and what it means; nothing where none is known."""
        if not answer:
            return ""
        words = {
            "server": server.name or "odoo.conf",
            "answer": answer.rstrip("."),
            "meaning": self._meaning(answer_class, answer),
        }
        if answer[:3].isdigit():
            return _('"%(server)s" said: %(answer)s. %(meaning)s', **words)
        return _('Odoo did not get through to "%(server)s": %(answer)s. %(meaning)s', **words)

    @api.model
    def _moment(self, moment):
        """Return a moment as the reader writes it; core would take the time zone of whoever sends."""
        return tools.format_datetime(self.env, moment, self.env.context.get("tz"), "short") if moment else ""
