from contextlib import contextmanager

from odoo import _, api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing import address
from ...routing.outgoing.policy import choose_policy
from ...routing.outgoing.wire import apply_route
from ...routing.rows import AUTO, KEEP, ON_BEHALF, USERNAME, Server
from ..context import DOMAIN_KEY, ROUTE_KEY, SENT_KEY
from ..setup.mail_routing import CONFIG_SERVER_ID
from .mail_own_header import write_own_header


class IrMailServer(models.Model):
    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "mail.routing.source"]

    _routing_fields = frozenset(
        {
            "active",
            "company_id",
            "fetchmail_server_id",
            "from_filter",
            "name",
            "sender_address",
            "sender_policy",
            "sequence",
            "smtp_authentication",
            "smtp_user",
        }
    )

    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="The company whose mails alone leave through this server, e.g. My Trading Co.; empty: every company's.",
    )
    sender_policy = fields.Selection(
        [
            (AUTO, "As the company says"),
            (KEEP, "Keep the author"),
            (ON_BEHALF, "Send on behalf of the author"),
            (USERNAME, "Only its own username"),
        ],
        required=True,
        default=AUTO,
        help="What this server accepts as the sender of a mail.\n"
        "- As the company says: its own username where the mail's company has Restrict Username on, else the author.\n"
        "- Keep the author: as Odoo does it.\n"
        "- Send on behalf of the author: From stays, Sender and envelope are the username.\n"
        '- Only its own username: e.g. "Author Name" <kevin@example.com>. Tencent Exmail, QQ and NetEase want this.',
    )
    sender_address = fields.Char(
        help="The address this server sends as, if its username is no e-mail address, e.g. kevin@example.com for the "
        "username kevin.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Reply Mailbox",
        ondelete="set null",
        help="The incoming mail server that fetches the replies to what leaves through this server. Only needed where "
        "the company has no catch-all, e.g. the mailbox kevin@example.com itself.",
    )
    sender_policy_info = fields.Char(
        string="What Will Happen",
        compute="_compute_sender_policy_info",
        compute_sudo=True,
        groups="base.group_system",
    )

    @api.depends("company_id", "sender_policy", "sender_address", "smtp_user", "smtp_authentication")
    @api.depends_context("company", "lang")
    def _compute_sender_policy_info(self):
        """Say in one sentence how mails of its company, else of the current one, leave through this server."""
        for server in self:
            row = server._routing_row()
            policy, _reason = choose_policy(row, (server.company_id or self.env.company)._routing_row())
            server.sender_policy_info = server._sender_policy_sentence(policy, row.sender)

    def _sender_policy_sentence(self, policy, sender):
        """Return the sentence for a policy and the server's own address, which may be unknown."""
        if policy == KEEP:
            return _("Mails leave with the author's own address, as Odoo does it.")
        if not sender:
            return _("No mail leaves: the username is no e-mail address. Set the Sender Address.")
        if policy == ON_BEHALF:
            return _('Mails leave as "Author Name" <author\'s address>, sent on behalf by %s.', sender)
        return _('Mails leave as "Author Name" <%s>.', sender)

    @api.constrains("sender_address")
    def _check_sender_address(self):
        """Refuse an address that would break the headers of a mail."""
        for server in self.filtered("sender_address"):
            self.env["mail.routing"]._check_address(server, "sender_address")

    @api.constrains("sender_policy", "sender_address", "smtp_user", "smtp_authentication", "active", "company_id")
    def _check_sender(self):
        """Refuse a server that must send as itself while nothing tells which address that is."""
        restricted = self.env["res.company"].sudo().search([("mail_restrict_username", "=", True)])
        for server in self.sudo().filtered("active"):
            row = server._routing_row()
            companies = [company._routing_row() for company in restricted if row.serves(company.id)]
            policies = [choose_policy(row, company)[0] for company in companies] or [row.policy]
            if not row.sender and any(policy in (ON_BEHALF, USERNAME) for policy in policies):
                raise ValidationError(self.env["mail.routing"]._unknown_sender_message(row))

    def _routing_row(self):
        """Return what the routing table holds of this server."""
        self.ensure_one()
        return Server(
            id=self.id,
            name=self.name or "",
            policy=self.sender_policy or AUTO,
            login=(self.smtp_authentication != "certificate" and self.smtp_user) or "",
            sender_address=self.sender_address or "",
            mailbox_id=self.fetchmail_server_id.id or None,
            active=self.active,
            company_id=self.company_id.id or None,
            from_filter=address.wire_filter(self.from_filter),
        )

    def connect(
        self,
        host=None,
        port=None,
        user=None,
        password=None,
        encryption=None,
        smtp_from=None,
        ssl_certificate=None,
        ssl_private_key=None,
        smtp_debug=False,
        mail_server_id=None,
        allow_archived=False,
    ):
        """Note on the session which server it belongs to; core notes only its from_filter.

        The server is looked up here, where core would do it a moment later without telling.
        """
        routing = self.env["mail.routing"]
        if not (mail_server_id or host or routing._routing_table().is_idle or self._is_test_mode()):
            found, smtp_from = self.sudo()._find_mail_server(smtp_from)
            mail_server_id = found.id if found else CONFIG_SERVER_ID
        if mail_server_id == CONFIG_SERVER_ID:
            # with a host core looks for no record, and takes all else from odoo.conf
            mail_server_id, host = None, tools.config.get("smtp_server")
        session = super().connect(
            host=host,
            port=port,
            user=user,
            password=password,
            encryption=encryption,
            smtp_from=smtp_from,
            ssl_certificate=ssl_certificate,
            ssl_private_key=ssl_private_key,
            smtp_debug=smtp_debug,
            mail_server_id=mail_server_id,
            allow_archived=allow_archived,
        )
        if session is not None:
            # with a record core ignores the other arguments
            is_config = mail_server_id or (not user and host in (None, tools.config.get("smtp_server")))
            session.mail_company_routing_server = (
                routing._server(mail_server_id) if is_config else routing._config_server(host, user)
            )
        return session

    @api.model
    def _session_server(self, smtp_session):
        """Return the server of an open session; one that somebody else opened only tells its login, if that."""
        server = getattr(smtp_session, "mail_company_routing_server", None)
        return server or Server(id=None, name="", login=getattr(smtp_session, "user", None) or "")

    def _find_mail_server(self, email_from, mail_servers=None):
        """Find the server by the ladder, for callers that have no mail: that of the current company.

        Whoever asks among the servers of one company alone means that company. OCA's ``mail_multicompany`` does so
        when a message is written, and keeps the sender that it is told as the author: that one stays.

        :raises MailDeliveryException: the company has no server
        """
        routing = self.env["mail.routing"]
        if not routing._routing_table().chooses_servers:
            return super()._find_mail_server(email_from, mail_servers)
        company = _only_company(mail_servers)
        route = routing._decide_message({"From": email_from, "Reply-To": ""}, company=company)
        if route.failure == "no_server":
            raise MailDeliveryException(routing._failure_message(route))
        server = self.browse(route.server_id) if route.server_id else None
        return server, email_from if company else route.smtp_from or email_from

    def _get_default_from_address(self):
        """Let a mail without any author leave where the route names its sender anyway."""
        route = self.env.context.get(ROUTE_KEY)
        return super()._get_default_from_address() or (route and (route.header_from or route.envelope_from))

    def _prepare_email_message(self, message, smtp_session):
        """Apply the route: before, because core refuses a From without an address; after, because it rewrites From.

        :raises MailDeliveryException: the route names what stands in the way of sending
        """
        routing = self.env["mail.routing"]
        server = self._session_server(smtp_session)
        if routing._routing_table().is_idle and server.is_plain:
            return super()._prepare_email_message(message, smtp_session)
        route = self.env.context.get(ROUTE_KEY) or routing._decide_message(message, server)
        if route.failure:
            raise MailDeliveryException(routing._failure_message(route, server))
        author = message["From"]
        apply_route(route, message, author)
        with _session_sender(smtp_session, route):
            servers = self.with_context(**{DOMAIN_KEY: route.domain_id})
            prepared = super(IrMailServer, servers)._prepare_email_message(message, smtp_session)
        smtp_from, smtp_to_list, message = prepared
        if route.policy != KEEP:
            apply_route(route, message, author)
        if routing._routing_table().is_routed(route.company_id, server) or route.reply_to is not None:
            write_own_header(self.env, message, route.mail_company_id)
        smtp_from = route.envelope_from or smtp_from
        sent = {"header_from": message["From"], "envelope_from": smtp_from, "reply_to": message["Reply-To"]}
        self.env.context.get(SENT_KEY, {}).update({name: str(value) for name, value in sent.items() if value})
        return smtp_from, smtp_to_list, message


def _only_company(servers):
    """Return the one company that all of these servers belong to, or None."""
    companies = {server.company_id for server in servers or ()}
    company = companies.pop() if len(companies) == 1 else None
    return company or None


@contextmanager
def _session_sender(smtp_session, route):
    """Note the sender of one mail on a session that mails of several authors share; core reads it from there."""
    noted = getattr(smtp_session, "smtp_from", None)
    sender = route.smtp_from or route.header_from
    if smtp_session is None or not sender:
        yield
        return
    smtp_session.smtp_from = sender
    try:
        yield
    finally:
        smtp_session.smtp_from = noted
