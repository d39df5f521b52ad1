from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ...routing import address
from ...routing.outgoing.policy import choose_policy
from ...routing.rows import AUTO, KEEP, ON_BEHALF, USERNAME, Server

SENDER_POLICIES = [
    (AUTO, "As the company says"),
    (KEEP, "Keep the author"),
    (ON_BEHALF, "Send on behalf of the author"),
    (USERNAME, "Only its own username"),
]


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
            "sender_refusal",
            "sequence",
            "smtp_authentication",
            "smtp_user",
        }
    )

    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Only this company's mails leave through this server, e.g. My Trading Co.; empty: every company's.",
    )
    sender_policy = fields.Selection(
        SENDER_POLICIES,
        required=True,
        default=AUTO,
        help="The sender that this server accepts.\n"
        "- As the company says: its own username if the company has Restrict Username on, else the author.\n"
        "- Keep the author: as Odoo does it.\n"
        "- Send on behalf of the author: From stays, Sender and envelope are the username.\n"
        '- Only its own username: e.g. "Author Name" <kevin@example.com>. For Tencent Exmail, QQ and NetEase.',
    )
    sender_address = fields.Char(
        help="The address this server sends as, if its username is not an e-mail address, e.g. kevin@example.com "
        "for the username kevin.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Reply Mailbox",
        ondelete="set null",
        help="The incoming mail server that fetches the replies to mails from this server, e.g. the mailbox "
        "kevin@example.com itself. Only needed if the company has no catch-all.",
    )
    sender_policy_info = fields.Char(
        string="What Will Happen",
        compute="_compute_sender_policy_info",
        compute_sudo=True,
        groups="base.group_system",
    )

    def init(self):
        """Let SQL that does not know the addon add a server, as Odoo's neutralization does."""
        self.env.cr.execute("ALTER TABLE ir_mail_server ALTER COLUMN sender_policy SET DEFAULT %s", [AUTO])
        return super().init()

    @api.depends("company_id", "sender_policy", "sender_address", "sender_refusal", "smtp_user", "smtp_authentication")
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
            return _("No mail leaves: the username is not an e-mail address. Set the Sender Address.")
        if policy == ON_BEHALF:
            return _('Mails leave as "Author Name" <author\'s address>, sent by %s on behalf of the author.', sender)
        return _('Mails leave as "Author Name" <%s>.', sender)

    @api.constrains("sender_address")
    def _check_sender_address(self):
        """Refuse an address that would break the headers of a mail."""
        for server in self.filtered("sender_address"):
            self.env["mail.routing"]._check_address(server, "sender_address")

    @api.constrains("sender_policy", "sender_address", "smtp_user", "smtp_authentication", "active", "company_id")
    def _check_sender(self):
        """Refuse a server that must send as itself while its address is unknown."""
        restricted = self.env["res.company"].sudo().search([("mail_restrict_username", "=", True)])
        for server in self.sudo().filtered("active"):
            row = server._routing_row()
            companies = [company._routing_row() for company in restricted if row.serves(company.id)]
            policies = [choose_policy(row, company)[0] for company in companies] or [row.policy]
            if not row.sender and any(policy in (ON_BEHALF, USERNAME) for policy in policies):
                raise ValidationError(self.env["mail.routing.words"]._unknown_sender_message(row.name, row.login))

    def _routing_row(self):
        """Return this server's row for the routing table."""
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
            has_refused=bool(self.sender_refusal),
        )
