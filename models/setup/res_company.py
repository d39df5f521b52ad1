from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ...routing.rows import AUTO, Company
from ..context import in_domain


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "mail.routing.source"]

    _routing_fields = frozenset(
        {
            "mail_catchall_supported",
            "mail_domain_id",
            "mail_from_by_company",
            "mail_reply_to_by_company",
            "mail_reply_to_prefix",
            "mail_restrict_username",
            "mail_server_by_alias_domain",
            "mail_server_by_reply_to",
            "name",
        }
    )

    mail_catchall_supported = fields.Boolean(
        string="Catch All",
        default=True,
        groups="base.group_system",
        help="Keep it on if the mail domain delivers mail for every address, existing or not, to Odoo. Switch it "
        "off if your provider delivers only to real mailboxes (Tencent Exmail, QQ, NetEase): replies then go "
        "to a mailbox that Odoo fetches, e.g. kevin@example.com, or to the author, never to catchall@example.com.",
    )
    mail_restrict_username = fields.Boolean(
        string="Restrict Username",
        groups="base.group_system",
        help="Send every mail as the mailbox that logs in to the outgoing server, with the author's name in front: "
        '"Author Name" <kevin@example.com>. Providers such as Tencent Exmail, QQ and NetEase refuse any other '
        "sender. A server may have its own Sender Policy.",
    )

    mail_domain_id = fields.Many2one(
        "mail.routing.domain",
        string="Default Alias Domain",
        ondelete="restrict",
        help="The domain that this company sends from and gets replies at, e.g. b.com. Empty: the system parameters "
        "apply.",
    )
    mail_reply_to_by_company = fields.Boolean(
        string="Mail Reply-To By Company",
        groups="base.group_system",
        help="Ask for replies at one address of the company, e.g. info@b.com, unless somebody set another.",
    )
    mail_reply_to_prefix = fields.Char(
        string="Reply-To Prefix",
        groups="base.group_system",
        help="The name before the company's domain, e.g. info for info@b.com.",
    )
    mail_from_by_company = fields.Boolean(
        string="Mail From Email By Company",
        groups="base.group_system",
        help="Send from the company's domain: zy@gmail.com becomes zy@b.com, and anybody who is not an internal "
        "user becomes the domain's default sender, e.g. notifications@b.com.",
    )
    mail_server_by_alias_domain = fields.Boolean(
        string="SMTP and IMAP + Alias Domain By Company",
        groups="base.group_system",
        help="The domain of the author's address selects the server, e.g. the server of b.com for zy@b.com.",
    )
    mail_server_by_reply_to = fields.Boolean(
        string="SMTP and IMAP + Alias Domain By Company Reply-To",
        groups="base.group_system",
        help="The domain of the reply address selects the server, e.g. the server of b.com for info@b.com.",
    )
    mail_reply_to_email = fields.Char(
        string="Reply Address", compute="_compute_mail_reply_to_email", compute_sudo=True, groups="base.group_system"
    )

    @api.depends("mail_domain_id", "mail_reply_to_by_company", "mail_reply_to_prefix", "mail_catchall_supported")
    def _compute_mail_reply_to_email(self):
        """Show the address that replies go to as it will appear on mails; without a catch-all the server has it."""
        for company in self:
            prefix = company.mail_reply_to_by_company and company.mail_reply_to_prefix
            email = company.mail_domain_id._reply_to_email(prefix)
            company.mail_reply_to_email = company.mail_catchall_supported and email

    @api.depends("mail_domain_id.name", "mail_domain_id.catchall_alias")
    def _compute_catchall(self):
        """Give each company the catchall of its own alias domain, also in the mail flow of another."""
        for company in self:
            own = company.with_context(**in_domain(company.mail_domain_id.id))
            super(ResCompany, own)._compute_catchall()
        return None

    @api.constrains("mail_reply_to_prefix")
    def _check_mail_reply_to_prefix(self):
        """Refuse a prefix that would break the address."""
        for company in self:
            self.env["mail.routing"]._check_local_part(company, "mail_reply_to_prefix")

    @api.constrains("mail_domain_id")
    def _check_mail_domain_id(self):
        """Refuse the domain of another company as one's own."""
        for company in self.sudo():
            other = company.mail_domain_id.company_id
            if other and other != company:
                raise ValidationError(
                    _(
                        "%(company)s cannot send from %(domain)s, which belongs to %(other)s.",
                        company=company.name,
                        domain=company.mail_domain_id.display_name,
                        other=other.name,
                    )
                )

    @api.constrains("mail_restrict_username")
    def _check_mail_restrict_username(self):
        """Refuse the option while a server that would follow it has no address to send as."""
        if not any(self.mapped("mail_restrict_username")):
            return
        servers = self.env["ir.mail_server"].sudo().search([("sender_policy", "=", AUTO)])
        restricted = self.filtered("mail_restrict_username").ids
        unknown = servers.filtered(lambda server: server._routing_row().lacks_sender(restricted))
        if unknown:
            raise ValidationError(
                _(
                    "Restrict Username needs the address that these outgoing mail servers send as, because their "
                    "username is not an e-mail address: %(servers)s. Set their Sender Address first.",
                    servers=", ".join(unknown.mapped("name")),
                )
            )

    def _routing_row(self):
        """Return this company's row for the routing table."""
        return Company(
            id=self.id,
            restrict_username=self.mail_restrict_username,
            catchall_supported=self.mail_catchall_supported,
            reply_to_by_company=self.mail_reply_to_by_company,
            reply_to_prefix=self.mail_reply_to_prefix or "",
            from_by_company=self.mail_from_by_company,
            server_by_alias_domain=self.mail_server_by_alias_domain,
            server_by_reply_to=self.mail_server_by_reply_to,
            domain_id=self.mail_domain_id.id or None,
            name=self.name or "",
        )
