from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...routing import address
from ...routing.rows import Domain


class MailRoutingDomain(models.Model):
    _name = "mail.routing.domain"
    _inherit = ["mail.routing.source"]
    _description = "Alias Domain"
    _order = "sequence, id"

    _routing_fields = frozenset(
        {
            "active",
            "bounce_alias",
            "catchall_alias",
            "company_id",
            "default_from",
            "fetchmail_server_id",
            "follows_parameters",
            "mail_server_id",
            "name",
            "reply_to_domain_id",
            "sequence",
        }
    )

    name = fields.Char(
        required=True,
        help="A domain that you send mails from, e.g. example.com. A domain such as 例子.cn is stored as mail servers "
        "write it.",
    )
    typed_name = fields.Char(
        string="As Typed", compute="_compute_typed_name", help="The domain as people write it, e.g. 例子.cn."
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The order of domains in lists, e.g. 1 for the first.")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="The company that sends from this domain, e.g. My Trading Co.; empty: every company may.",
    )
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        string="Outgoing Mail Server",
        ondelete="restrict",
        help="The server for mails from this domain, e.g. Exmail b.com; empty: the company's servers.",
    )
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Incoming Mail Server",
        ondelete="restrict",
        help="The server that fetches the mails to this domain, e.g. Exmail b.com.",
    )
    reply_to_domain_id = fields.Many2one(
        "mail.routing.domain",
        string="Reply Domain",
        ondelete="restrict",
        help="The domain for replies to mails from this one, e.g. b.com: mails from b.cn ask for replies at "
        "catchall@b.com.",
    )
    bounce_alias = fields.Char(default="bounce", help="The name that undeliverable mails return to, e.g. bounce.")
    catchall_alias = fields.Char(default="catchall", help="The name that replies go to, e.g. catchall.")
    default_from = fields.Char(
        help="The sender of mails that no user sends: a name such as notifications, or a whole address such as "
        "office@b.com.",
    )
    bounce_email = fields.Char(
        compute="_compute_emails",
        string="Bounce Address",
        help="Where mails that did not arrive come back to, e.g. bounce@b.com.",
    )
    catchall_email = fields.Char(
        compute="_compute_emails", string="Catchall Address", help="Where replies go, e.g. catchall@b.com."
    )
    default_from_email = fields.Char(
        compute="_compute_emails",
        string="Default Sender",
        help="Who writes where the author's address may not be used, e.g. notify@b.com.",
    )

    _sql_constraints = [
        ("name_unique", "UNIQUE(name)", "This alias domain already exists, perhaps archived or in another company."),
    ]

    @api.depends("name")
    def _compute_typed_name(self):
        """Show an internationalized domain as people write it; any other has no second form."""
        for domain in self:
            typed = address.typed_domain(domain.name or "")
            domain.typed_name = typed if typed != domain.name else False

    @api.depends("name", "bounce_alias", "catchall_alias", "default_from")
    def _compute_emails(self):
        """Show the addresses as they will appear on mails."""
        for domain in self:
            row = domain._routing_row()
            domain.bounce_email = row.email(row.bounce)
            domain.catchall_email = row.email(row.catchall)
            domain.default_from_email = row.default_email

    @api.constrains("name", "bounce_alias", "catchall_alias", "default_from")
    def _check_addresses(self):
        """Refuse a domain or a local part that would break an address."""
        check = self.env["mail.routing"]._check_local_part
        for domain in self:
            self.env["mail.routing"]._check_domain(domain, "name")
            check(domain, "bounce_alias")
            check(domain, "catchall_alias")
            if "@" in (domain.default_from or ""):
                self.env["mail.routing"]._check_address(domain, "default_from")
            else:
                check(domain, "default_from")

    @api.constrains("bounce_alias", "catchall_alias")
    def _check_aliases(self):
        """Refuse names that an incoming mail could not tell apart."""
        for domain in self:
            names = [name.lower() for name in (domain.bounce_alias, domain.catchall_alias) if name]
            if len(names) != len(set(names)):
                raise ValidationError(
                    _("The bounce and the catchall name of the alias domain %s must differ.", domain.name)
                )
            alias = (
                self.env["mail.alias"]
                .sudo()
                .search([("alias_name", "in", names), ("mail_domain_id", "in", (False, domain.id))], limit=1)
            )
            if alias:
                raise ValidationError(
                    _(
                        'The alias domain %(domain)s cannot use "%(name)s" as its bounce or catchall name: an alias '
                        "of this name creates records of %(model)s. Rename one of them.",
                        domain=domain.name,
                        name=alias.alias_name,
                        model=alias.alias_model_id.name,
                    )
                )

    @api.constrains("company_id", "mail_server_id", "fetchmail_server_id", "reply_to_domain_id")
    def _check_companies(self):
        """Refuse records of another company, also if the domain itself moved to another company."""
        using = self.sudo().with_context(active_test=False)
        using.env["res.company"].search([("mail_domain_id", "in", self.ids)])._check_mail_domain_id()
        using |= using.search([("reply_to_domain_id", "in", self.ids)])
        for domain in using.filtered("company_id"):
            for field in ("mail_server_id", "fetchmail_server_id", "reply_to_domain_id"):
                other = domain[field].company_id
                if other and other != domain.company_id:
                    raise ValidationError(
                        _(
                            "The alias domain %(domain)s of %(company)s cannot use %(record)s, which belongs to "
                            "%(other)s.",
                            domain=domain.name,
                            company=domain.company_id.name,
                            record=domain[field].display_name,
                            other=other.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Store domains in their wire form."""
        return super().create([self._wire_values(vals) for vals in vals_list])

    def write(self, vals):
        """Store domains in their wire form; refuse to archive one that is in use."""
        if not vals.get("active", True):
            self._check_unused()
        return super().write(self._wire_values(vals))

    @api.model
    def _wire_values(self, vals):
        """Return values with the domain name in its wire form; a constraint refuses a name that has none."""
        if not vals.get("name"):
            return vals
        try:
            return {**vals, "name": address.wire_domain(vals["name"].strip(" "))}
        except address.BadAddress:
            return vals

    def name_get(self):
        """Show domains as they are typed, not in their wire form."""
        return [(domain.id, address.typed_domain(domain.name or "")) for domain in self]

    def _check_unused(self):
        """Refuse to archive a domain that companies or other domains use, and say where."""
        companies = self.env["res.company"].sudo().search([("mail_domain_id", "in", self.ids)])
        domains = self.search([("reply_to_domain_id", "in", self.ids), ("id", "not in", self.ids)])
        aliases = self.env["mail.alias"].sudo().search([("mail_domain_id", "in", self.ids)])
        users = [
            *(_("default alias domain of %s", company.name) for company in companies),
            *(_("reply domain of %s", domain.display_name) for domain in domains),
            *(_("alias domain of %s", alias.display_name) for alias in aliases),
        ]
        if users:
            raise UserError(
                _(
                    "You cannot archive %(domains)s, because it is in use:\n%(users)s",
                    domains=", ".join(self.mapped("display_name")),
                    users="\n".join(f"- {user}" for user in users),
                )
            )

    def _from_email(self):
        """Return the addresses of a company's users and of everybody else as senders; empty without a domain."""
        row = self._routing_row()
        return row.name and ", ".join(filter(None, (f"…@{row.name}", row.default_email)))

    def _reply_to_email(self, prefix):
        """Return the address that replies go to, with a prefix or else the catchall; empty without a domain."""
        row = self._routing_row()
        return row.name and row.email(prefix or row.catchall)

    def _routing_row(self):
        """Return this domain's row for the routing table."""
        return Domain(
            id=self._origin.id,
            name=self.name or "",
            company_id=self.company_id.id or None,
            server_id=self.mail_server_id.id or None,
            mailbox_id=self.fetchmail_server_id.id or None,
            reply_domain_id=self.reply_to_domain_id.id or None,
            bounce=self.bounce_alias or "",
            catchall=self.catchall_alias or "",
            default_from=self.default_from or "",
        )
