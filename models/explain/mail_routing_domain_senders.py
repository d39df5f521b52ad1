from odoo import api, models, tools

from ...routing import address
from ...routing.domain.findings import Question, Sender
from ...routing.outgoing.decision import RoutingRequest, decide
from ...routing.outgoing.server import takes
from ...routing.reason import Reason
from ...routing.rows import KEEP

# Somebody who writes from the domain.
AUTHOR = "someone"
# More mailboxes of one company tell nothing new about its provider.
MAILBOXES = 20


class MailRouting(models.AbstractModel):
    """Gathers how the mails of a domain leave, and where they are fetched."""

    _inherit = "mail.routing"

    @api.model
    def _domain_question(self, domain):
        """Return what the DNS of an alias domain has to fit, for its company, else for the current ones.

        :rtype: Question
        """
        companies = domain.company_id or self.env.companies
        senders = (self._domain_sender(domain, company) for company in companies)
        return Question(
            domain=domain.name,
            senders=tuple(dict.fromkeys(senders)),
            mailbox_hosts=self._domain_mailbox_hosts(domain, companies),
            selector=domain.dkim_selector or "",
        )

    @api.model
    def _domain_sender(self, domain, company):
        """Return how a mail of somebody with an address of a domain leaves for a company.

        :rtype: Sender
        """
        author = f"{AUTHOR}@{domain.name}"
        route = self._domain_route(author, company)
        server = self._server(route.server_id)
        if route.failure:
            return Sender(server.name, failure=self.env["mail.routing.words"]._failure_message(route, server))
        header = address.first(route.header_from) or address.first(route.policy == KEEP and route.smtp_from) or author
        envelope = route.envelope_from or self._kept_envelope(route, server, header)
        return Sender(server.name, self._smtp_host(route), address.domain(header), address.domain(envelope))

    @api.model
    def _domain_route(self, author, company):
        """Decide as for a mail of this author that is sent now."""
        table = self._routing_table()
        chosen = {}
        if not table.chooses_servers:
            server, smtp_from = self.env["ir.mail_server"]._odoo_chooser()(author)
            chosen = {"server": server, "smtp_from": smtp_from, "why_server": Reason.SERVER_AS_ODOO}
        return decide(table, RoutingRequest(company.id, author=author, user_company_ids=(company.id,), **chosen))

    @api.model
    def _kept_envelope(self, route, server, header):
        """Return the envelope sender of a server that keeps the author (core: ``_prepare_email_message``)."""
        table = self._routing_table()
        domain = table.domains.get(route.domain_id) if route.domain_id is not None else table.fallback
        bounce = domain and domain.name and address.find(domain.email(domain.bounce))
        return bounce if bounce and takes(server, bounce) else header

    @api.model
    def _smtp_host(self, route):
        """Return the host of a route's server; empty for a relay on this machine."""
        # the route was decided for a company that the reader may see
        server = self.env["ir.mail_server"]._server_record(route.server_id)
        host = (server.smtp_host if server else tools.config.get("smtp_server")) or ""
        return "" if host == "localhost" or host.startswith("127.") or host == "::1" else host.lower()

    @api.model
    def _domain_mailbox_hosts(self, domain, companies):
        """Return the hosts that Odoo fetches the mails of a domain from."""
        # who may keep domains need not see servers
        mailboxes = domain.sudo().fetchmail_server_id or self.env["fetchmail.server"].sudo().search(
            [
                ("state", "=", "done"),
                ("server_type", "!=", "local"),
                ("company_id", "in", (False, *companies.ids)),
            ],
            limit=MAILBOXES,
        )
        return tuple(dict.fromkeys(host.lower() for host in mailboxes.mapped("server") if host))
