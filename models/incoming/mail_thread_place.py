from dataclasses import replace

from odoo import SUPERUSER_ID, _, api, models

from ...routing import address
from ...routing.incoming import reader
from ...routing.incoming.place import (
    BY_ADDRESS,
    BY_SERVER,
    aliases_of_other_domains,
    find_place,
    place_of_domain,
)
from ..context import INCOMING_KEY, SHOWN_KEY, Shown, in_domain
from .incoming_mail import incoming_of


class MailThread(models.AbstractModel):
    """Finds the place of an incoming mail, its company and alias domain, and acts there."""

    _inherit = "mail.thread"

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Check a route as its alias's company; a mail to two companies has routes of both."""
        incoming = incoming_of(self.env)
        place = incoming.place and self._route_place(route, incoming.place)
        if place == incoming.place:
            return super()._routing_check_route(message, message_dict, route, raise_exception)
        thread = self._at_place(place)
        return super(MailThread, thread)._routing_check_route(message, message_dict, route, raise_exception)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Set the company of the new record to the mail's, if the model sets none."""
        record = super().message_new(msg_dict, custom_values)
        incoming = incoming_of(self.env)
        if not incoming.place:
            return record
        # what this record does next, e.g. answer, is no longer routing
        record = record.with_context(**{INCOMING_KEY: replace(incoming, place=None)})
        company_id = msg_dict.get("record_company_id")
        is_open = company_id and self.env["mail.routing"]._has_company(record._name) and not record.company_id
        if is_open and not record._fields["company_id"].readonly:
            record.with_context(mail_notrack=True).company_id = company_id
        return record

    @api.model
    def _incoming_place(self, message):
        """Return the alias domain and company of a mail, or None to leave it to Odoo.

        :rtype: Place
        """
        table = self.env["mail.routing"]._routing_table()
        company_id = self._mailbox_company_id()
        if table.is_idle and not company_id:
            return None
        return find_place(table, reader.recipients(message), company_id)

    @api.model
    def _mailbox_company_id(self):
        """Return the company of the mailbox that is being fetched, or None."""
        server_id = self.env.context.get("default_fetchmail_server_id")
        # any mail must find its company, whoever hands it over; nothing else of the server is read
        return self.env["fetchmail.server"].sudo().browse(server_id).company_id.id or None

    @api.model
    def _in_company(self, place):
        """Return this model in the company and alias domain of a place.

        A caller without sudo who is not in that company keeps its own: Odoo would refuse the other one.
        """
        thread = self.with_context(**in_domain(place.domain_id))
        is_allowed = self.env.su or place.company_id in self.env.user._get_company_ids()
        return thread.with_company(place.company_id) if place.company_id and is_allowed else thread

    @api.model
    def _at_place(self, place, **values):
        """Return this model as :meth:`_in_company` does, while core routes or processes a mail there.

        :param values: what else core needs to know meanwhile, see :class:`IncomingMail`
        """
        incoming = replace(incoming_of(self.env), place=place, **values)
        return self._in_company(place).with_context(**{INCOMING_KEY: incoming})

    @api.model
    def _route_place(self, route, place):
        """Return the place of a route: its alias's domain, else the place of the mail."""
        alias = route[4]
        table = self.env["mail.routing"]._routing_table()
        domain_id = table.has_domain_aliases and alias and alias.sudo().mail_domain_id.id
        return place_of_domain(place, table.domains.get(domain_id))

    @api.model
    def _own_route(self, route, place):
        """Return the route with a user who belongs to the company, as nobody else can own records there.

        As in core for a sender who is no user, the alias's owner stands in, else the gateway itself.
        """
        model, thread_id, values, user_id, alias = route
        company_id = self._route_place(route, place).company_id
        alias = alias and alias.with_env(self.env)
        candidates = (user_id, alias.sudo().alias_user_id.id if alias else None, SUPERUSER_ID)
        user_id = next(user_id for user_id in candidates if self._may_own(user_id, company_id))
        return model, thread_id, values, user_id, alias

    @api.model
    def _may_own(self, user_id, company_id):
        """Tell whether a user can own records of a company."""
        if not company_id or user_id == SUPERUSER_ID:
            return True
        return bool(user_id) and company_id in self.env["res.users"].sudo().browse(user_id)._get_company_ids()

    @api.model
    def _add_envelope(self, message, message_dict):
        """Find aliases by all headers that say where a mail was delivered; core reads one of them."""
        known = {entry.email.lower() for entry in address.parse(message_dict["recipients"])}
        added = {}
        for header, email in reader.recipients(message):
            if header in reader.ENVELOPE_HEADERS and email.lower() not in known:
                added.setdefault(email.lower(), email)
        for name in ("recipients", "to"):
            message_dict[name] = ",".join(filter(None, (message_dict[name], *added.values())))

    @api.model
    def _shown_aliases(self, message_dict):
        """Return a search domain that hides aliases of other domains than the mail's; None hides nothing."""
        table = self.env["mail.routing"]._routing_table()
        emails = [entry.email for entry in address.parse(message_dict["recipients"])]
        if not table.has_domain_aliases or not emails:
            return None
        names = [address.local(email).lower() for email in emails]
        aliases = self.env["mail.alias"].sudo().search([("alias_name", "in", names)])
        owners = aliases._company_ids()
        rows = [
            (alias.id, alias.alias_name, alias.mail_domain_id.id or None, owners.get(alias.id)) for alias in aliases
        ]
        hidden = aliases_of_other_domains(table, emails, rows)
        return Shown([("id", "not in", tuple(hidden))]) if hidden else None

    @api.model
    def _answering(self, place):
        """Return this model as it sends an automatic answer from a place; with sudo, as core sends it."""
        table = self.env["mail.routing"]._routing_table()
        thread = self.sudo().with_company(place.company_id)
        company = thread.env.company
        boxes = table.mailboxes_by_company.get(company.id, ())
        # of a company that has no bounce address
        sender = (
            table.default_from(company.id) or next((box.email for box in boxes), None) or address.first(company.email)
        )
        incoming = replace(incoming_of(self.env), place=place, hides_catchall=False, answer_from=sender)
        domain_id = place.domain_id or table.parameter_domain_id(place.company_id)
        return thread.with_context(**in_domain(domain_id), **{INCOMING_KEY: incoming, SHOWN_KEY: None})

    @api.model
    def _record_place(self, place):
        """Record why the mail belongs to its company, if the caller asked for an outcome."""
        incoming = incoming_of(self.env)
        if incoming.preview:
            incoming.preview.place = place
        if incoming.outcome is None:
            return
        incoming.outcome["company_id"] = place.company_id
        company = self.env["res.company"].sudo().browse(place.company_id).name if place.company_id else _("any company")
        if place.rule == BY_ADDRESS:
            why = _(
                "%(header)s is %(email)s, which belongs to %(company)s.",
                header=place.header,
                email=place.email,
                company=company,
            )
        elif place.rule == BY_SERVER:
            why = _("No address is in an alias domain; the incoming server belongs to %s.", company)
        else:
            why = _("No address is in an alias domain, and no incoming server names a company: Odoo decides.")
        incoming.record(rule="company", reason=why)
