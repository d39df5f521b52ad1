from odoo import SUPERUSER_ID, _, api, models, tools

from ...routing import address
from ...routing.incoming import reader
from ...routing.incoming.place import BY_ADDRESS, BY_SERVER, find_place, is_answered, place_of_domain, strangers
from ..context import ANSWER_KEY, DOMAIN_KEY, INCOMING_KEY, OUTCOME_KEY, PLACE_KEY, QUIET_KEY, SHOWN_KEY
from .mail_thread_outcome import note


class MailThread(models.AbstractModel):
    """Incoming mails are routed, become records and are answered as the company that they were sent to."""

    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Route a mail as its company, with the names of its alias domain and the aliases that it was sent to."""
        place = self._incoming_place(message)
        if not place:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        self._note_place(place)
        self._add_envelope(message, message_dict)
        if place.company_id:
            message_dict["record_company_id"] = place.company_id
        table = self.env["mail.routing"]._routing_table()
        context = {INCOMING_KEY: True, PLACE_KEY: place, SHOWN_KEY: self._shown_aliases(message_dict)}
        to = [entry.email for entry in address.parse(message_dict["to"])]
        context[QUIET_KEY] = not is_answered(table, place, to)
        thread = self._at_place(place).with_context(**context)
        routes = super(MailThread, thread).message_route(message, message_dict, model, thread_id, custom_values)
        return [self._own_route(route, place) for route in routes if route]

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Check a route as the company of its alias, which is not the mail's where it was sent to two companies."""
        mails_place = self.env.context.get(PLACE_KEY)
        place = mails_place and self._route_place(route, mails_place)
        if place == mails_place:
            return super()._routing_check_route(message, message_dict, route, raise_exception)
        thread = self._at_place(place).with_context(**{PLACE_KEY: place})
        return super(MailThread, thread)._routing_check_route(message, message_dict, route, raise_exception)

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Send an automatic answer as the company that was written to, whatever names it was routed by."""
        place = self.env.context.get(PLACE_KEY) or self._incoming_place(message)
        if not place or not place.company_id:
            return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)
        table = self.env["mail.routing"]._routing_table()
        # core sends it with sudo as well, and reads nothing else
        thread = self.sudo().with_company(place.company_id)
        domain_id = place.domain_id or table.parameter_domain_id(place.company_id)
        cleared = dict.fromkeys((INCOMING_KEY, QUIET_KEY, SHOWN_KEY, PLACE_KEY))
        thread = thread.with_context(**cleared, **{DOMAIN_KEY: domain_id})
        # whoever gets it must not answer by itself (RFC 3834)
        mail_values.setdefault("headers", repr({"Auto-Submitted": "auto-replied"}))
        if "reply_to" in mail_values:
            mail_values["reply_to"] = thread.env.company.email
        thread = thread.with_context(**{ANSWER_KEY: thread._answer_from(table)})
        return super(MailThread, thread)._routing_create_bounce_email(email_from, body_html, message, **mail_values)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Look for loops, and answer them, as the mail's company."""
        place = self._incoming_place(message)
        thread = self._at_place(place) if place else self
        return super(MailThread, thread)._detect_loop_sender(message, message_dict, routes)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Create or update the record of each route in the company that the route belongs to."""
        place = self._incoming_place(message)
        if not place or not routes:
            return super()._message_route_process(message, message_dict, routes)
        thread_id = False
        for own, group in tools.groupby(routes, lambda route: self._route_place(route, place)):
            # core acts as the route's user with sudo; only its company has to be let in
            thread = self.sudo()._at_place(own).with_context(**{INCOMING_KEY: True})
            values = {**message_dict, **({"record_company_id": own.company_id} if own.company_id else {})}
            thread_id = super(MailThread, thread)._message_route_process(message, values, group)
        return thread_id

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Put the new record into the mail's company, where the model leaves the company open."""
        record = super().message_new(msg_dict, custom_values)
        if not self.env.context.get(INCOMING_KEY):
            return record
        # what follows for this record, answers among it, is no routing
        record = record.with_context(**{INCOMING_KEY: None})
        company_id = msg_dict.get("record_company_id")
        is_open = company_id and self.env["mail.routing"]._has_company(record._name) and not record.company_id
        if is_open and not record._fields["company_id"].readonly:
            record.with_context(mail_notrack=True).company_id = company_id
        return record

    @api.model
    def _incoming_place(self, message):
        """Return the alias domain and the company of a mail, or None for Odoo's own way.

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
        # everybody's mail has to find its company, nobody reads more of the server
        return self.env["fetchmail.server"].sudo().browse(server_id).company_id.id or None

    @api.model
    def _at_place(self, place):
        """Return this model as the company of a place, with the names of its domain.

        A caller without sudo that does not belong to the company stays itself: Odoo refuses it anything else.
        """
        thread = self.with_context(**{DOMAIN_KEY: place.domain_id})
        is_allowed = self.env.su or place.company_id in self.env.user._get_company_ids()
        return thread.with_company(place.company_id) if place.company_id and is_allowed else thread

    @api.model
    def _route_place(self, route, place):
        """Return where a route belongs: to its alias's domain, else where the mail belongs."""
        alias = route[4]
        table = self.env["mail.routing"]._routing_table()
        domain_id = table.has_domain_aliases and alias and alias.sudo().mail_domain_id.id
        return place_of_domain(place, table.domains.get(domain_id))

    @api.model
    def _own_route(self, route, place):
        """Return a route whose user belongs to the company; who does not cannot own records there.

        As core does it for a sender who is no user: the alias's owner stands in, else the gateway itself.
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
        """Let an alias be found by any header that says where a mail was delivered; core reads one of them."""
        known = {entry.email.lower() for entry in address.parse(message_dict["recipients"])}
        added = {}
        for header, email in reader.recipients(message):
            if header in reader.ENVELOPE_HEADERS and email.lower() not in known:
                added.setdefault(email.lower(), email)
        for name in ("recipients", "to"):
            message_dict[name] = ",".join(filter(None, (message_dict[name], *added.values())))

    @api.model
    def _shown_aliases(self, message_dict):
        """Return a search domain without those aliases that answer for another domain than the mail's; None: all."""
        table = self.env["mail.routing"]._routing_table()
        emails = [entry.email for entry in address.parse(message_dict["recipients"])]
        if not table.has_domain_aliases or not emails:
            return None
        names = [address.local(email).lower() for email in emails]
        aliases = self.env["mail.alias"].sudo().search([("alias_name", "in", names)])
        rows = [(alias.id, alias.alias_name, alias.mail_domain_id.id or None) for alias in aliases]
        hidden = strangers(table, emails, rows)
        return (("id", "not in", tuple(hidden)),) if hidden else None

    @api.model
    def _answer_from(self, table):
        """Return the address that answers of a company without a bounce address come from."""
        company = self.env.company
        boxes = table.mailboxes_by_company.get(company.id, ())
        return (
            table.default_from(company.id) or next((box.email for box in boxes), None) or address.first(company.email)
        )

    @api.model
    def _note_place(self, place):
        """Note why the mail belongs to its company, where somebody wants to know."""
        outcome = self.env.context.get(OUTCOME_KEY)
        if outcome is None:
            return
        outcome["company_id"] = place.company_id
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
            why = _("No address is in an alias domain, and no incoming server says more: as Odoo does it.")
        note(self.env, rule="company", reason=why)
