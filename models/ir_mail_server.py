from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..routing.policy import choose_policy
from ..routing.table import AUTO, KEEP, ON_BEHALF, USERNAME, Server
from ..routing.wire import apply_route
from .mail_routing import ROUTE_KEY


class IrMailServer(models.Model):
    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "mail.routing.source"]

    _routing_fields = frozenset(
        {
            "active",
            "fetchmail_server_id",
            "name",
            "sender_address",
            "sender_policy",
            "smtp_authentication",
            "smtp_user",
        }
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

    @api.depends("sender_policy", "sender_address", "smtp_user", "smtp_authentication")
    @api.depends_context("company", "lang")
    def _compute_sender_policy_info(self):
        """Say in one sentence how mails of the current company leave through this server."""
        company = self.env.company._routing_row()
        for server in self:
            row = server._routing_row()
            policy, _reason = choose_policy(row, company)
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

    @api.constrains("sender_policy", "sender_address", "smtp_user", "smtp_authentication", "active")
    def _check_sender(self):
        """Refuse a server that must send as itself while nothing tells which address that is."""
        restricted = self.env["res.company"].sudo().search([("mail_restrict_username", "=", True)], limit=1)
        for server in self.sudo().filtered("active"):
            row = server._routing_row()
            policy = choose_policy(row, restricted._routing_row())[0]
            if policy != KEEP and not row.sender:
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
            found, found_from = self.sudo()._find_mail_server(smtp_from)
            if found:
                mail_server_id, smtp_from = found.id, found_from
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
            session.mail_company_routing_server = (
                routing._config_server(host, user) if host and not mail_server_id else routing._server(mail_server_id)
            )
        return session

    @api.model
    def _session_server(self, smtp_session):
        """Return the server of an open session; one that somebody else opened only tells its login, if that."""
        server = getattr(smtp_session, "mail_company_routing_server", None)
        return server or Server(id=None, name="", login=getattr(smtp_session, "user", None) or "")

    def _get_default_from_address(self):
        """Let a mail without any author leave where the server sends as itself anyway."""
        route = self.env.context.get(ROUTE_KEY)
        return super()._get_default_from_address() or (route and route.envelope_from)

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
            raise MailDeliveryException(routing._unknown_sender_message(server))
        author = message["From"]
        apply_route(route, message, author)
        smtp_from, smtp_to_list, message = super()._prepare_email_message(message, smtp_session)
        apply_route(route, message, author)
        return route.envelope_from or smtp_from, smtp_to_list, message
