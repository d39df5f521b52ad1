from collections import defaultdict
from dataclasses import replace

from odoo import models, tools

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing.rows import KEEP
from ..context import DOMAIN_KEY, RAISE_KEY, ROUTE_KEY, ROUTES_KEY, SENT_KEY
from ..setup.mail_routing import CONFIG_SERVER_ID


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False):
        """Tell the split whether to raise, let it tell :meth:`_send` what it decided, and store how the mails left."""
        routes = {}
        mails = self.with_context(**{RAISE_KEY: raise_exception, ROUTES_KEY: routes})
        result = super(MailMail, mails).send(auto_commit=auto_commit, raise_exception=raise_exception)
        self._store_routes(routes)
        return result

    def _split_by_mail_configuration(self):
        """Send all mails that a server sends under its own name in one session, whoever wrote them.

        Core groups by author as well, because the session would rewrite the From header; here each mail has its
        own sender, see :meth:`_send`.
        """
        table = self.env["mail.routing"]._routing_table()
        if table.is_idle:
            yield from super()._split_by_mail_configuration()
        elif table.chooses_servers:
            yield from self._split_by_route()
        else:
            yield from self._split_by_policy(super()._split_by_mail_configuration())

    def _split_by_route(self):
        """Yield batches of the servers that the ladder names; a mail that has none fails with the reason."""
        routing = self.env["mail.routing"]
        ids_by_server = defaultdict(list)
        for mail_id, route in self._decide_once().items():
            if route.failure in ("no_server", "foreign_server"):
                self.browse(mail_id)._fail(routing._failure_message(route))
            else:
                ids_by_server[route.server_id or CONFIG_SERVER_ID].append(mail_id)
        yield from self._in_batches(ids_by_server)

    def _split_by_policy(self, batches):
        """Yield core's batches, but those of a server that sends as itself as one."""
        routing = self.env["mail.routing"]
        ids_by_server = defaultdict(list)
        for server_id, smtp_from, mail_ids in batches:
            routes = self.browse(mail_ids)._decide_once(routing._server(server_id))
            moved = {mail_id for mail_id, route in routes.items() if route.policy != KEEP}
            ids_by_server[server_id] += [mail_id for mail_id in mail_ids if mail_id in moved]
            if kept := [mail_id for mail_id in mail_ids if mail_id not in moved]:
                yield server_id, smtp_from, kept
        yield from self._in_batches(ids_by_server)

    def _decide_once(self, server=None):
        """Return each mail's route: what was decided earlier in the same ``send``, else decide now."""
        decided = self.env.context.get(ROUTES_KEY, {})
        if not all(mail_id in decided for mail_id in self.ids):
            decided.update(self.env["mail.routing"]._decide(self, server))
        return {mail_id: decided[mail_id] for mail_id in self.ids if mail_id in decided}

    def _in_batches(self, ids_by_server):
        """Yield (server id, no sender, mail ids) no longer than core's batches."""
        batch_size = int(self.env["ir.config_parameter"].sudo().get_param("mail.session.batch.size", 1000))
        for server_id, mail_ids in ids_by_server.items():
            for batch_ids in tools.split_every(batch_size, mail_ids):
                yield server_id, None, batch_ids

    def _fail(self, reason):
        """Let a mail fail as core does it where it cannot connect to a server.

        :raises MailDeliveryException: where the caller of ``send`` wants exceptions
        """
        if self.env.context.get(RAISE_KEY):
            raise MailDeliveryException(reason)
        self.write({"state": "exception", "failure_reason": reason})
        self._postprocess_sent_message(success_pids=[], failure_reason=reason, failure_type="mail_smtp")

    def _send(self, auto_commit=False, raise_exception=False, smtp_session=None):
        """Hand on each mail's route, and its alias domain, to the place where the message is about to leave."""
        routing = self.env["mail.routing"]
        table = routing._routing_table()
        if table.is_idle:
            return super()._send(auto_commit, raise_exception, smtp_session)
        server = self.env["ir.mail_server"]._session_server(smtp_session)
        routes = self._decide_once(None if table.chooses_servers else server)
        decided = self.env.context.get(ROUTES_KEY, {})
        for mail in self:
            route = routes.get(mail.id)
            if route and route.server_id != server.id:
                route = routing._decide(mail, server).get(mail.id)
            sent = {}
            # the domain also where it is none: what a caller has in the context is not for this mail
            mail = mail.with_context(**{ROUTE_KEY: route, SENT_KEY: sent, DOMAIN_KEY: route and route.domain_id})
            super(MailMail, mail)._send(auto_commit, raise_exception, smtp_session)
            decided[mail.id] = route and replace(route, **sent)
        return True
