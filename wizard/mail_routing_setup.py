from odoo import _, api, fields, models
from odoo.exceptions import AccessError

from ..models.setup.ir_mail_server import SENDER_POLICIES
from ..models.setup.mail_provider import GOOGLE, SMTP_ENCRYPTIONS
from ..models.setup.mail_provider_oauth import OAUTH
from ..routing import address
from ..routing.rows import AUTO

LOGIN, CONNECT, FAILED, DONE = "login", "connect", "failed", "done"
IMAP, POP, NOTHING = "imap", "pop", "none"


class MailRoutingSetup(models.TransientModel):
    """Asks for one mailbox of a company, and finds out the rest."""

    _name = "mail.routing.setup"
    _description = "Set Up Company Mail"

    state = fields.Selection(
        [(LOGIN, "Mailbox"), (CONNECT, "Connect"), (FAILED, "Not Yet"), (DONE, "Set Up")], default=LOGIN, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company that sends and receives by this mailbox, e.g. My Trading Co.",
    )
    email = fields.Char(string="Mail Address", help="The mailbox that Odoo sends and receives by, e.g. info@b.com.")
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        help="What the mailbox logs in with: its password, or the code that the provider gives to programs. Empty: "
        "the one that the mail servers have.",
    )
    has_password = fields.Boolean(compute="_compute_password")
    provider_id = fields.Many2one(
        "mail.provider", string="Mail Provider", help="The provider of the mailbox, e.g. Tencent Exmail."
    )
    filled_domain = fields.Char(help="The domain that the provider was looked up for, e.g. b.com.")
    filled_for = fields.Char(help="The provider and the kind of server that the values are for, e.g. 7 imap.")
    shown_email = fields.Char(help="The mailbox that the company has, e.g. info@b.com.")
    provider_found = fields.Char(compute="_compute_provider_found")
    provider_help = fields.Html(compute="_compute_provider_help", sanitize=False)
    provider_module = fields.Char(compute="_compute_provider_help")
    provider_redirect_uri = fields.Char(string="Redirect Address", compute="_compute_provider_help")
    needs_password = fields.Boolean(compute="_compute_provider_help")
    smtp_host = fields.Char(string="SMTP Server", help="The outgoing server, e.g. smtp.exmail.qq.com.")
    smtp_port = fields.Integer(string="SMTP Port", default=465, help="The port of the outgoing server, e.g. 465.")
    smtp_encryption = fields.Selection(
        SMTP_ENCRYPTIONS,
        string="SMTP Encryption",
        required=True,
        default="ssl",
        help="SSL/TLS, e.g. on port 465, or TLS (STARTTLS), e.g. on port 587.",
    )
    sender_policy = fields.Selection(
        SENDER_POLICIES,
        required=True,
        default=AUTO,
        help="The sender that the provider accepts, e.g. Only its own username. If it refuses another one, the "
        "assistant switches to that.",
    )
    incoming_type = fields.Selection(
        [(IMAP, "IMAP"), (POP, "POP"), (NOTHING, "Fetch nothing")],
        string="Fetch Mail By",
        required=True,
        default=IMAP,
        help="How Odoo fetches the replies, e.g. by IMAP.",
    )
    incoming_host = fields.Char(string="Incoming Server", help="The server to fetch from, e.g. imap.exmail.qq.com.")
    incoming_port = fields.Integer(default=993, help="The port of the incoming server, e.g. 993.")
    incoming_ssl = fields.Boolean(string="Incoming SSL/TLS", default=True, help="E.g. on port 993 or 995.")
    own_domain = fields.Boolean(
        string="The Domain Is Ours",
        help="The domain of the address belongs to the company and becomes its alias domain, e.g. b.com; not qq.com "
        "or gmail.com, where everybody may have a mailbox.",
    )
    catch_all = fields.Boolean(
        help="Tick it only if the provider delivers the mail for every address of the domain to this mailbox, "
        "e.g. catchall@b.com. Else replies go to the mailbox itself."
    )
    result = fields.Html(readonly=True, sanitize=False)
    server_id = fields.Many2one("ir.mail_server", readonly=True)
    fetchmail_server_id = fields.Many2one("fetchmail.server", readonly=True)

    def init(self):
        """Drop the column of a version that stored the password here."""
        self.env.cr.execute("ALTER TABLE mail_routing_setup DROP COLUMN IF EXISTS password")
        return super().init()

    def _compute_password(self):
        """Say whether a password is kept from the last try; the password itself is never shown again."""
        kept = self.env["mail.typed.password"]._of(self).setup_id
        for setup in self:
            setup.password = False
            setup.has_password = setup in kept

    def _inverse_password(self):
        """Keep what was typed until it is used, out of reach of everybody."""
        for setup in self:
            self.env["mail.typed.password"]._keep(setup, setup.password)

    @api.depends("email", "provider_id")
    @api.depends_context("lang")
    def _compute_provider_found(self):
        """Say how the provider was found, or what to do without one."""
        for setup in self:
            setup.provider_found = setup._domain() and setup._found_sentence()

    @api.depends("provider_id")
    @api.depends_context("lang")
    def _compute_provider_help(self):
        """Say how to get the password, and what OAuth needs."""
        for setup in self:
            provider, oauth = setup.provider_id, setup._oauth()
            setup.provider_help = provider._help_html(bool(oauth)) if provider else False
            missing = provider.password_kind in OAUTH and not oauth
            setup.provider_module = OAUTH[provider.password_kind].module if missing else False
            setup.provider_redirect_uri = f"{setup.get_base_url()}{oauth.path}" if oauth else False
            # Google also gives app passwords
            setup.needs_password = not oauth or provider.password_kind == GOOGLE

    def _found_sentence(self):
        """Return where the values below come from."""
        domain = address.typed_domain(self._domain())
        if self.provider_id:
            return _("%(domain)s is at %(provider)s.", domain=domain, provider=self.provider_id.name)
        if not self.env["mail.routing"]._resolver().available:
            return _(
                "Odoo cannot look up where %s is, because the Python package dnspython is not installed. Choose the "
                "provider, or fill in the servers.",
                domain,
            )
        return _("Odoo knows no provider of %s. Choose one, or check the servers below.", domain)

    @api.onchange("company_id")
    def _onchange_company_id(self):
        """Show what the company already has; nothing of the company that was chosen before."""
        if self.email == self.shown_email:
            self.update(dict.fromkeys(("email", "filled_domain", "provider_id", "smtp_host", "incoming_host"), False))
        server = self._servers().filtered(lambda server: address.find(server.smtp_user))[:1]
        if server:
            self.email = server.smtp_user
            self.filled_domain = self._domain()
            self.provider_id = server.provider_id or self._provider()
            self._fill({**self._defaults(), **self._current_values(server)})
        self.shown_email = server.smtp_user

    def _current_values(self, server):
        """Return what a company has set up with this outgoing server."""
        company, box = self.company_id, server.fetchmail_server_id or self._made(self._mailboxes(), "user")
        names = ("smtp_host", "smtp_port", "smtp_encryption", "sender_policy")
        values = {name: server[name] for name in names}
        values["own_domain"] = bool(company.mail_domain_id) and company.mail_domain_id.name == self._domain()
        values["catch_all"] = values["own_domain"] and company.mail_catchall_supported
        if box:
            values |= {"incoming_type": POP if box.server_type == "pop" else IMAP, "incoming_host": box.server}
            values |= {"incoming_port": box.port, "incoming_ssl": box.is_ssl}
        return values

    @api.onchange("email")
    def _onchange_email(self):
        """Find the provider; a change in front of the @ changes nothing below."""
        domain = self._domain()
        if domain and domain != self.filled_domain:
            self.filled_domain = domain
            self.provider_id = self._provider()
            self._fill(self._defaults())

    @api.onchange("provider_id", "incoming_type")
    def _onchange_choice(self):
        """Fill in what another provider wants, or follow a change between IMAP and POP."""
        filled, chosen = (self.filled_for or "").split(), self._choice().split()
        if self.provider_id and filled[:1] != chosen[:1]:
            self._fill(self._defaults())
        elif filled[1:] != chosen[1:]:
            self._fill(self._incoming_defaults(self.incoming_type))

    def _fill(self, values):
        """Set values, and remember for which provider and kind of server they are."""
        self.update(values)
        self.filled_for = self._choice()

    def _choice(self):
        return f"{self.provider_id.id or 0} {self.incoming_type}"

    def _provider(self):
        """Return the provider of the mailbox, perhaps none."""
        return self.env["mail.provider"]._of_address(self.email)

    def _domain(self):
        """Return the domain of the mailbox in its wire form, or an empty text."""
        return address.domain(address.find(self.email) or "")

    def _defaults(self):
        """Return what to propose: the provider's values, else what hosts are mostly called."""
        provider, domain = self.provider_id, self._domain()
        is_public = self.env["mail.provider"]._is_public_domain(domain)
        values = {"own_domain": bool(domain) and not is_public, "catch_all": False}
        if provider:
            names = ("smtp_host", "smtp_port", "smtp_encryption", "sender_policy")
            values |= {name: provider[name] for name in names}
            kind = IMAP if provider.imap_host else POP if provider.pop_host else NOTHING
        else:
            values |= {"smtp_host": domain and f"smtp.{domain}", "smtp_port": 465, "smtp_encryption": "ssl"}
            values |= {"sender_policy": AUTO}
            kind = IMAP
        return {**values, "incoming_type": kind, **self._incoming_defaults(kind)}

    def _incoming_defaults(self, kind):
        """Return what to propose for fetching by IMAP or POP."""
        provider, domain = self.provider_id, self._domain()
        if kind == NOTHING:
            return {}
        if provider and provider[f"{kind}_host"]:
            host, port, ssl = (provider[f"{kind}_{name}"] for name in ("host", "port", "ssl"))
            return {"incoming_host": host, "incoming_port": port, "incoming_ssl": ssl}
        host = f"{kind}.{domain}" if domain else False
        return {"incoming_host": host, "incoming_port": 995 if kind == POP else 993, "incoming_ssl": True}

    def _oauth(self):
        """Return how core logs in at the provider without a password, None where it does not."""
        oauth = OAUTH.get(self.provider_id.password_kind)
        return oauth if oauth and self.env["ir.mail_server"]._has_oauth(oauth) else None

    def _for_company(self):
        """Return the assistant in the company that it is for.

        :raises AccessError: the user does not belong to that company
        """
        self.ensure_one()
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(_("You do not belong to this company. Choose one of your companies."))
        return self.with_company(self.company_id)

    def _servers(self):
        """Return the outgoing servers that are the company's own, or nobody's while there is but one company."""
        return self._own("ir.mail_server")

    def _mailboxes(self):
        """Return the incoming servers in the same way."""
        return self._own("fetchmail.server")

    def _own(self, model):
        records = self.with_company(self.company_id).env[model].with_context(active_test=False)
        owners = [self.company_id.id, *([] if self._is_one_of_several() else [False])]
        return records.search([("company_id", "in", owners)])

    def _is_one_of_several(self):
        """Tell whether the database has other companies, also such as the user does not see."""
        return self.env["res.company"].sudo().search_count([], limit=2) > 1

    def _reopen(self):
        """Return the action that shows this assistant again."""
        return {
            "type": "ir.actions.act_window",
            "name": _("Set Up Company Mail"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
