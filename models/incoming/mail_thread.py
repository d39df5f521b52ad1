from dataclasses import replace

from odoo import _, api, models, tools
from odoo.exceptions import AccessError

from ...routing import address
from ...routing.incoming import reader
from ...routing.incoming.bounce import read_bounce, says_no_failure
from ...routing.incoming.group import is_copy_id
from ...routing.incoming.notice import read_notice
from ...routing.incoming.place import is_answered
from ..context import INCOMING_KEY, SHOWN_KEY
from ..outgoing.mail_signature import read_signature
from .incoming_mail import incoming_of

# Asked in this order about each incoming mail: did a person place it, did this database send it, is it a bounce, what
# does it answer? Who knows the routes returns them, none for a mail that becomes no record. Then core routes the mail
# as its company.
QUESTIONS = ("_route_forced", "_route_own", "_route_bounce", "_route_reply")


class MailThread(models.AbstractModel):
    """The way of an incoming mail: it is taken in, parsed, routed, and becomes a record, each step as its company.

    What became of it is recorded here alone.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Process a mail of another company once for each company it is for, each under the Message-Id of its copy."""
        result = None
        incoming = incoming_of(self.env)
        for copy in self.env["mail.incoming.copy"]._copies(message, incoming.forced) or (None,):
            thread = self.with_context(**{INCOMING_KEY: replace(incoming, copy=copy)}) if copy else self
            taken = super(MailThread, thread).message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
            result = result or taken
        if not result:
            self._record_known()
        return result

    @api.model
    def message_parse(self, message, save_original=False):
        """Parse a copy for its company, and record the Message-Id as core reads it."""
        message_dict = super().message_parse(message, save_original=save_original)
        incoming = incoming_of(self.env)
        if incoming.copy:
            self.env["mail.incoming.copy"]._address(incoming.copy, message, message_dict)
        if incoming.outcome is not None:
            incoming.outcome["message_id"] = message_dict["message_id"]
        return message_dict

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Ask the questions; then route the mail as its company, with only the aliases that it was sent to."""
        # before anything is written
        self._check_handed_over(message_dict)
        for question in QUESTIONS:
            routes = getattr(self, question)(message, message_dict, custom_values)
            if routes is not None:
                return routes
        place = self._incoming_place(message)
        if not place:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        self._record_place(place)
        self._add_envelope(message, message_dict)
        if place.company_id:
            message_dict["record_company_id"] = place.company_id
        to = [entry.email for entry in address.parse(message_dict["to"])]
        is_hidden = not is_answered(self.env["mail.routing"]._routing_table(), place, to)
        shown = self._shown_aliases(message_dict)
        thread = self._at_place(place, hides_catchall=is_hidden).with_context(**{SHOWN_KEY: shown})
        routes = super(MailThread, thread).message_route(message, message_dict, model, thread_id, custom_values)
        return [self._own_route(route, place) for route in routes if route]

    @api.model
    def _check_handed_over(self, message_dict):
        """Refuse a mail that an ordinary user hands over by RPC in another user's name: core posts it as superuser.

        Incoming servers and mail gateways run as superuser or as an administrator, and are not checked.
        """
        author = self.env["res.partner"].browse(message_dict.get("author_id") or [])
        sender = self.env["mail.sender.identity"]._foreign_sender(message_dict.get("email_from"), author)
        if sender:
            raise AccessError(
                _(
                    "This mail is from %s, who is another user. Let the mail gateway log in as an administrator.",
                    sender,
                )
            )

    @api.model
    def _route_forced(self, message, message_dict, custom_values):
        """Route a mail to where a person said it belongs."""
        forced = incoming_of(self.env).forced
        if not forced:
            return None
        # the message that it answers may belong to another record
        message_dict.pop("parent_id", None)
        user = self._mail_find_user_for_gateway(message_dict["email_from"])
        route = (*forced, custom_values, user.id or self.env.uid, None)
        return [self._routing_check_route(message, message_dict, route, raise_exception=True)]

    @api.model
    def _route_own(self, message, _message_dict, _custom_values):
        """Skip own mail whose message is deleted or whose Message-Id a provider replaced; core skips the rest."""
        if incoming_of(self.env).copy or not self._is_own_mail(message):
            return None
        self._record_own_mail()
        return []

    @api.model
    def _route_bounce(self, message, message_dict, _custom_values):
        """Handle bounces that core takes for ordinary mail, because their sender or recipient is none it knows."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return None
        bounce = read_bounce(message)
        if not bounce or not (bounce.certain or self.env["mail.incoming.bounce"]._original(bounce)):
            return None
        self._routing_handle_bounce(message, message_dict)
        return []

    @api.model
    def _route_reply(self, message, message_dict, _custom_values):
        """Tell core which message a mail answers, if its headers do not; core then checks it like any reply."""
        parent = self.env["mail.incoming.reply"]._answered(message, message_dict)
        if parent:
            message_dict["references"] = f"{message_dict['references'] or ''} {parent.message_id}".strip()
            message_dict.update(self._message_parse_extract_from_parent(parent))

    @api.model
    def _is_own_mail(self, message):
        """Tell whether this database sent a mail; the headers of an enclosed mail do not count."""
        if read_signature(self.env, message):
            return True
        message_ids = reader.message_ids(reader.header(message, "X-Odoo-Message-Id"))
        if not message_ids or self.env["mail.routing"]._routing_table().is_idle:
            return False
        return bool(self.env["mail.message"].sudo().search([("message_id", "in", message_ids)], limit=1))

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Let core handle each failed recipient, and store the reason; core reads only the first one of a report."""
        incoming_of(self.env).record("bounce")
        if self.env["mail.routing"]._routing_table().is_idle:
            return super()._routing_handle_bounce(email_message, message_dict)
        # core expects at most one message, but finds all that share a Message-Id
        message_dict["bounced_message"] = message_dict["bounced_message"][:1]
        bounces, bounce = self.env["mail.incoming.bounce"], read_bounce(email_message)
        if not bounce:
            # a complaint or a receipt says that the mail arrived; core takes each report for a bounce
            if says_no_failure(email_message) or read_notice(email_message):
                message_dict.update(bounces._nobody())
            return super()._routing_handle_bounce(email_message, message_dict)
        original = bounces._original(bounce)
        message_dict.update(
            bounces._nobody(),
            bounced_message=original,
            bounced_msg_id=original.mapped("message_id") or list(bounce.message_ids[:1]),
        )
        failed = bounces._failed(bounce, original)
        result = None
        for email, partners in (failed or {False: self.env["res.partner"]}).items():
            message_dict.update(bounced_email=email, bounced_partner=partners.sudo())
            result = super()._routing_handle_bounce(email_message, message_dict)
        bounces._store_reason(bounce, original, self.env["res.partner"].concat(*failed.values()))
        return result

    @api.model
    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Send an automatic answer as the company that the mail was sent to.

        Automatic mail of another company of this database gets none: it would never end.
        """
        incoming = incoming_of(self.env)
        if incoming.copy and incoming.copy.is_automatic:
            incoming.record("own", "own mail", _("No person wrote it, so nobody gets an answer."))
            return None
        thread, place = self, incoming.place or self._incoming_place(message)
        if place and place.company_id:
            thread = self._answering(place)
            # tells the recipient's mailbox not to answer automatically (RFC 3834)
            mail_values.setdefault("headers", repr({"Auto-Submitted": "auto-replied"}))
            if "reply_to" in mail_values:
                mail_values["reply_to"] = thread.env.company.email
        result = super(MailThread, thread)._routing_create_bounce_email(email_from, body_html, message, **mail_values)
        incoming.record("answered", "answered", _("The sender got an automatic answer."))
        return result

    @api.model
    def _detect_loop_headers(self, msg_dict):
        """Find mail that answers our own automatic answers; a person may have decided otherwise."""
        incoming = incoming_of(self.env)
        found = not incoming.forced and super()._detect_loop_headers(msg_dict)
        if found:
            incoming.record("loop", "loop", _("It answers an automatic answer of this database."))
        return found

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Detect and answer loops as the mail's company; not for the one mail that a person picked."""
        incoming = incoming_of(self.env)
        if incoming.forced:
            return False
        place = self._incoming_place(message)
        thread = self._in_company(place) if place else self
        found = super(MailThread, thread)._detect_loop_sender(message, message_dict, routes)
        if found:
            incoming.record("loop", "loop", _("Its sender wrote too many mails in a short time."))
        return found

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Create or update the record of each route in that route's company."""
        incoming = incoming_of(self.env)
        if incoming.preview:
            incoming.preview.routes += routes or ()
            return False
        place = self._incoming_place(message)
        if not place or not routes:
            thread_id = super()._message_route_process(message, message_dict, routes)
        else:
            for own, group in tools.groupby(routes, lambda route: self._route_place(route, place)):
                # core acts as the route's user with sudo, so only the company has to be set
                values = {**message_dict, **({"record_company_id": own.company_id} if own.company_id else {})}
                thread_id = super(MailThread, self.sudo()._at_place(own))._message_route_process(message, values, group)
        if routes:
            # also a mere notification, for which core returns nothing
            incoming.record("record")
        return thread_id

    @api.model
    def _record_own_mail(self):
        """Record that the mail becomes nothing because this database sent it."""
        incoming_of(self.env).record("own", "own mail", _("This database sent the mail itself."))

    @api.model
    def _record_known(self):
        """Record that a mail is known already; core drops own mail and duplicates without a word."""
        incoming = incoming_of(self.env)
        if incoming.outcome is None or incoming.outcome.get("kind"):
            return
        message_id = incoming.outcome.get("message_id")
        known = self.env["mail.message"].sudo().search([("message_id", "=", message_id)], limit=1)
        written_here = "-openerp-" in (known.message_id or "") and not is_copy_id(known.message_id)
        if known and (known.message_type != "email" or written_here):
            self._record_own_mail()
        elif known:
            incoming.record("duplicate", "duplicate", _("A message with this Message-Id already exists."))
