from contextlib import contextmanager

from odoo import api, models, tools

from odoo.addons.base.models.ir_mail_server import IrMailServer as CoreMailServer
from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing import address
from ...routing.outgoing.server import as_odoo
from ...routing.outgoing.wire import apply_route, drop_foreign, fold_legally, is_author_replaced
from ...routing.reason import Reason
from ...routing.rows import KEEP
from ...routing.system_address import is_in_own_domain
from ..context import in_domain
from ..run import run_of
from .mail_signature import sign_mail

_CORE_FIND_MAIL_SERVER = CoreMailServer._find_mail_server
# Of several authors core takes the first one for the whole mail; an earlier 16.0 looks for a server of all.
_TAKES_FIRST_AUTHOR = hasattr(tools, "email_split_and_format_normalize")


class IrMailServer(models.Model):
    """Who leaves through which server, and each mail by its own route."""

    _inherit = "ir.mail_server"

    def _find_mail_server(self, email_from, mail_servers=None):
        """Find the current company's server by the ladder, for callers that have no mail.

        A caller that passes servers of only one company means that company. OCA's ``mail_multicompany`` does so
        when a message is written, and stores the returned sender as the author, so it gets the sender unchanged.

        :raises MailDeliveryException: the company has no server
        """
        routing = self.env["mail.routing"]
        if not routing._routing_table().chooses_servers:
            return super()._find_mail_server(email_from, mail_servers)
        company = _only_company(mail_servers)
        route = routing._decide_message({"From": email_from, "Reply-To": ""}, company=company)
        if route.failure == "no_server":
            raise MailDeliveryException(self.env["mail.routing.words"]._failure_message(route))
        server = self.browse(route.server_id) if route.server_id else None
        return server, email_from if company else route.smtp_from or email_from

    @api.model
    def _odoo_chooser(self):
        """Return a function that finds Odoo's own choice for a From header: server row and sender of the session.

        The table knows Odoo's order. The function asks Odoo itself only if another addon takes part in the choice,
        or if the author has no address.

        :rtype: function(str) -> tuple(Server, str or None)
        """
        routing = self.env["mail.routing"]
        table, config = routing._routing_table(), routing._config_server()
        is_extended = self._is_choice_extended()
        servers = self.sudo().search([("active", "=", True)], order="sequence")

        def choose(author):
            authors = address.parse(author)
            first = authors[0] if authors and (len(authors) == 1 or _TAKES_FIRST_AUTHOR) else None
            if first and not is_extended:
                return as_odoo(table, first.email, config)
            header = str(first) if first else author
            server, smtp_from = self._find_mail_server(header, servers)
            return routing._server(server and server.id), None if first and smtp_from == header else smtp_from

        return choose

    @api.model
    def _is_choice_extended(self):
        """Tell whether another addon takes part in the choice of a sender's server."""
        known = (_CORE_FIND_MAIL_SERVER, vars(IrMailServer)["_find_mail_server"])
        found = (vars(cls).get("_find_mail_server") for cls in type(self).__mro__)
        return any(method not in (None, *known) for method in found)

    def _get_default_from_address(self):
        """Let a mail without any author leave if the route names its sender."""
        route = run_of(self.env).attempt.route
        return super()._get_default_from_address() or (route and (route.header_from or route.envelope_from))

    def _prepare_email_message(self, message, smtp_session):
        """Apply the route before core, which refuses a From without an address, and after it, as it rewrites From.

        :raises MailDeliveryException: the route says why the mail cannot leave
        """
        routing = self.env["mail.routing"]
        server = self._session_server(smtp_session)
        if routing._routing_table().is_idle and server.is_plain:
            return super()._prepare_email_message(message, smtp_session)
        attempt = run_of(self.env).attempt
        route = attempt.route or routing._decide_message(message, server)
        if route.failure:
            raise MailDeliveryException(self.env["mail.routing.words"]._failure_message(route, server))
        author = message["From"]
        if route.policy == KEEP:
            drop_foreign(routing._routing_table(), route.company_id, message)
        apply_route(route, message, author)
        with _session_sender(smtp_session, route, message):
            servers = self._with_static_from(server).with_context(**in_domain(route.domain_id))
            prepared = super(IrMailServer, servers)._prepare_email_message(message, smtp_session)
        smtp_from, smtp_to_list, message = prepared
        self._write_static_from(server, message)
        if route.policy != KEEP:
            apply_route(route, message, author)
        else:
            fold_legally(message)
        if routing._routing_table().is_routed(route.company_id, server) or route.reply_to is not None:
            is_ours = all(is_in_own_domain(routing._routing_table(), email) for email in smtp_to_list)
            sign_mail(self.env, message, route.mail_company_id, is_ours)
        smtp_from = route.envelope_from or smtp_from
        sent = {"header_from": message["From"], "envelope_from": smtp_from, "reply_to": message["Reply-To"]}
        attempt.wire.update({name: str(value) for name, value in sent.items() if value})
        if is_author_replaced(route, message["From"], author):
            attempt.wire["trace"] = (*route.trace, ("policy", Reason.POLICY_DEFAULT_SENDER))
        return smtp_from, smtp_to_list, message


def _only_company(servers):
    """Return the one company that all of these servers belong to, or None."""
    companies = {server.company_id for server in servers or ()}
    company = companies.pop() if len(companies) == 1 else None
    return company or None


@contextmanager
def _session_sender(smtp_session, route, message):
    """Set the sender of one mail on a session that mails of several authors share; core reads it from there.

    Where the policy has set From, it is the sender as well: core would parse it once more to replace it by itself.
    """
    previous = getattr(smtp_session, "smtp_from", None)
    sender = message["From"] if route.policy != KEEP else route.smtp_from or route.header_from
    if smtp_session is None or not sender:
        yield
        return
    smtp_session.smtp_from = sender
    try:
        yield
    finally:
        smtp_session.smtp_from = previous
