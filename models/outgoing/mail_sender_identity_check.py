from odoo import _, api, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.base.models.ir_mail_server import extract_rfc2822_addresses

from ...routing import address
from ..context import TEMPLATE_SENDERS_KEY, carried


class TemplateSenders(frozenset):
    """Addresses, in lower case, that an administrator's template lends to everybody who uses it.

    A separate type, because anybody may send a context over RPC, but only as plain JSON or XML.
    """


class MailSenderIdentity(models.Model):
    """Nobody sends as somebody else.

    The check protects users who have an identity: each of their identities, their e-mail, and themselves as
    author, because the route of a mail leads from its author to an identity. Other addresses stay free, as in Odoo:
    those of customers, shared ones that a template uses, those of colleagues without identities.

    It trusts administrators and code that runs as superuser: the queue, the incoming gateway, business code that
    speaks for a person on purpose, such as the calendar for the organizer. An ordinary user never starts as superuser,
    neither over RPC nor in an import. A constraint of ``mail.message`` checks messages when they are created or
    changed. If core continues as superuser with a user's words, the check comes before that: in composers, templates,
    mailings and the like, and for mails that are handed over as the gateway does.
    """

    _inherit = "mail.sender.identity"

    @api.model
    def _checks_senders(self):
        """Tell whether the current user is restricted at all; without identities that costs no query."""
        return not self.env.su and bool(self.env["mail.routing"]._routing_table().senders) and not self.env.is_system()

    @api.model
    def _check_sender(self, email_from, author=None):
        """Refuse a sender that belongs to another user.

        :param str email_from: a From header, decoded
        :param author: the ``res.partner`` who is the author, if one is known
        :raises AccessError: it names the sender and the cure
        """
        sender = self._foreign_sender(email_from, author)
        if sender:
            raise AccessError(
                _(
                    "You cannot send as %s: that is another user. Send from your own address, or ask an "
                    "administrator to add the address to your Sender Identities.",
                    sender,
                )
            )

    @api.model
    def _foreign_sender(self, email_from, author=None):
        """Return the sender of a message if that is another user, else an empty text."""
        if not self._checks_senders():
            return ""
        return self._foreign_address(email_from) or (author and self._foreign_author(author)) or ""

    @api.model
    def _foreign_address(self, email_from):
        """Return the first protected address of a From header that is not the current user's, or an empty text.

        Any that somebody could read there may leave, or look like the sender; core finds some that nobody else does.
        """
        if not self._checks_senders() or not email_from:
            return ""
        table = self.env["mail.routing"]._routing_table()
        lent = carried(self.env, TEMPLATE_SENDERS_KEY, TemplateSenders) or ()
        found = address.mentioned(email_from).union(map(address.key, extract_rfc2822_addresses(email_from)))
        found = sorted(found.difference(lent))
        return next((email for email in found if table.is_taken(email, self.env.uid)), "") or self._foreign_user(found)

    @api.model
    def _foreign_user(self, emails):
        """Return the first of these addresses, in lower case, that another user with identities has, or an empty text.

        An own identity vouches for an address. The own e-mail does not: users write that themselves.
        """
        table = self.env["mail.routing"]._routing_table()
        rest = {email for email in emails if self.env.uid not in table.senders.get(email, ())}
        users = self.env["mail.routing"]._users_with_email(rest)
        return next((email for email in emails if table.user_ids & users.get(email, set()) - {self.env.uid}), "")

    @api.model
    def _foreign_author(self, author):
        """Return an author who is another user with identities, as a From header, or an empty text."""
        if author == self.env.user.partner_id:
            return ""
        author = author.sudo().with_context(active_test=False)
        owners = self.env["mail.routing"]._routing_table().user_ids
        is_foreign = self.env.user not in author.user_ids and not owners.isdisjoint(author.user_ids.ids)
        return (author.email_formatted or author.name) if is_foreign else ""

    def _with_senders_of(self, templates):
        """Return the model, aware of the addresses that templates lend."""
        return self.with_context(**{TEMPLATE_SENDERS_KEY: TemplateSenders(templates._senders_of_templates())})

    @api.model
    def _offered(self, company):
        """Return the current user's own identities for a company, in the order they are preferred."""
        if not self.env["mail.routing"]._routing_table().identities.get((self.env.uid, company.id)):
            return self.browse()
        return self.search([("user_id", "=", self.env.uid), ("company_id", "=", company.id)])

    def _formatted(self):
        """Return the identity as a From header with its user's name."""
        self.ensure_one()
        return str(address.Address(self.user_id.name, self._routing_row().email))


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.constrains("email")
    def _check_own_email(self):
        """Refuse somebody else's address as the own e-mail, which users may change themselves.

        Odoo would write as that person, and the person itself could not write any more.
        """
        user, table = self.env.user, self.env["mail.routing"]._routing_table()
        if user.partner_id not in self or user._is_system() or (table.is_idle and not table.senders):
            return
        emails = address.mentioned(user.sudo().email)
        users = self.env["mail.routing"]._users_with_email(emails)
        taken = [email for email in emails if table.is_taken(email, user.id) or users.get(email, set()) - {user.id}]
        if taken:
            raise ValidationError(
                _("%s is the address of another user. Ask an administrator if it is yours as well.", min(taken))
            )
