from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from odoo import models, tools

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..context import DOMAIN_KEY, HELD_KEY, SENDING_KEY, carried
from ..setup.mail_routing import CONFIG_SERVER_ID
from .dry_session import HeldMails
from .sending import Departure, Sending, sending_of

# What core reads of each mail by itself; most of it is its message's, which is computed for all at once.
READ_BY_CORE = (
    "state",
    "attachment_ids",
    "email_from",
    "mail_server_id",
    "message_id",
    "model",
    "recipient_ids.email",
    "reply_to",
    "res_id",
    "subject",
)


class MailMail(models.Model):
    """Mails are decided together, grouped by the server that they leave through, and each leaves by its own route."""

    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False):
        """Keep the routes from the split to :meth:`_send`, and store how the mails left."""
        held = carried(self.env, HELD_KEY, HeldMails)
        if held is not None:
            return held.hold(self)
        with self._start_sending(auto_commit, raise_exception) as sending:
            mails = self.with_context(**{SENDING_KEY: sending})
            result = super(MailMail, mails).send(auto_commit=auto_commit, raise_exception=raise_exception)
            self._store_routes(sending.routes)
        return result

    @contextmanager
    def _start_sending(self, auto_commit, raise_exception):
        """Have what one call of ``send`` keeps; a hook for what has to be closed in the end."""
        yield Sending(auto_commit, raise_exception)

    def _split_by_mail_configuration(self):
        """Yield (server id, no sender, mail ids); a mail that may leave through no server fails with the reason.

        Core groups by author as well, because the session would rewrite the From header; here each mail has its
        own sender, see :meth:`_send`.
        """
        routing = self.env["mail.routing"]
        if routing._routing_table().is_idle:
            yield from super()._split_by_mail_configuration()
            return
        ids_by_server = defaultdict(list)
        for mail_id, route in self._decide_once().items():
            if route.failure in ("no_server", "foreign_server"):
                self.browse(mail_id)._fail(routing._failure_message(route))
            else:
                ids_by_server[route.server_id or CONFIG_SERVER_ID].append(mail_id)
        self._read_together(ids_by_server)
        for server_id, batch_ids in self._batches(ids_by_server):
            yield server_id, None, batch_ids

    def _batches(self, ids_by_server):
        """Yield (server id, mail ids) of each batch, when the one before it was sent."""
        batch_size = int(self.env["ir.config_parameter"].sudo().get_param("mail.session.batch.size", 1000))
        for server_id, mail_ids in ids_by_server.items():
            for batch_ids in tools.split_every(batch_size, mail_ids):
                yield server_id, batch_ids

    def _decide_once(self):
        """Return each mail's route, decided earlier in the same ``send``, else now."""
        sending = sending_of(self.env)
        if not all(mail_id in sending.routes for mail_id in self.ids):
            sending.routes.update(self.env["mail.routing"]._decide(self))
        return {mail_id: sending.routes[mail_id] for mail_id in self.ids if mail_id in sending.routes}

    def _read_together(self, server_ids):
        """Read at once what core reads mail by mail; no use if it commits after each mail, and so forgets all."""
        self.env["ir.mail_server"].sudo().browse(id_ for id_ in server_ids if id_ != CONFIG_SERVER_ID).mapped("name")
        sending = carried(self.env, SENDING_KEY, Sending)
        if sending and not sending.auto_commit:
            for name in READ_BY_CORE:
                self.mapped(name)

    def _fail(self, reason):
        """Let a mail fail as core does if it cannot connect to a server.

        :raises MailDeliveryException: if the caller of ``send`` wants exceptions
        """
        if sending_of(self.env).raise_exception:
            raise MailDeliveryException(reason)
        self.write({"state": "exception", "failure_reason": reason})
        self._postprocess_sent_message(success_pids=[], failure_reason=reason, failure_type="mail_smtp")

    def _send(self, auto_commit=False, raise_exception=False, smtp_session=None):
        """Hand each mail's route and alias domain on to the place where the message leaves."""
        routing = self.env["mail.routing"]
        if routing._routing_table().is_idle:
            return super()._send(auto_commit, raise_exception, smtp_session)
        server = self.env["ir.mail_server"]._session_server(smtp_session)
        sending = sending_of(self.env)
        mails = self.with_context(**{SENDING_KEY: sending})
        mail_ids = list(mails._decide_once())
        for position, mail_id in enumerate(mail_ids):
            if mail_id not in sending.routes:
                # the server has shown meanwhile that it wants another sender
                mails.browse(mail_ids[position:])._decide_once()
            mail, route = self.browse(mail_id), sending.routes.get(mail_id)
            if route and route.server_id != server.id:
                route = routing._decide(mail, self.env["ir.mail_server"]._session_server(smtp_session)).get(mail_id)
            departure = Departure(route, mail)
            # the domain also where it is none: the one in the caller's context is not this mail's
            context = {SENDING_KEY: sending, DOMAIN_KEY: route and route.domain_id}
            leaving = mail.with_context(**context)
            with sending.leaving(departure):
                leaving._send_one(
                    server, partial(super(MailMail, leaving)._send, auto_commit, raise_exception, smtp_session)
                )
            sending.left.add(mail_id)
            sending.routes[mail_id] = departure.route and replace(departure.route, **departure.wire)
        return True

    def _send_one(self, _server, send):
        """Send one mail; a hook for what has to be clear before, and may say that it does not leave now.

        :param Server server: the one of the session
        :param send: does it as core does
        """
        send()
