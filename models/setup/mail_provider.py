from odoo import api, fields, models

from ...routing import address
from ...routing.provider import Preset, by_domain, by_host, by_mx, names
from ...routing.rows import AUTO
from .ir_mail_server import SENDER_POLICIES

SMTP_ENCRYPTIONS = [("none", "None"), ("starttls", "TLS (STARTTLS)"), ("ssl", "SSL/TLS")]
PASSWORD, CODE, APP_PASSWORD, GOOGLE, MICROSOFT = "password", "code", "app_password", "google", "microsoft"


class MailProvider(models.Model):
    _name = "mail.provider"
    _description = "Mail Provider"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="The provider, e.g. Tencent Exmail.")
    sequence = fields.Integer(
        default=100, help="If several providers share a mail exchanger, the first one is proposed, e.g. 10."
    )
    active = fields.Boolean(default=True)
    domains = fields.Char(
        string="Public Domains",
        help="The provider's own domains, in which everybody may have a mailbox, e.g. qq.com foxmail.com. Such a "
        "domain is never a company's alias domain.",
    )
    mx_suffixes = fields.Char(
        string="Mail Exchangers",
        help="What the MX records of domains at this provider end with, e.g. mxbiz1.qq.com mxbiz2.qq.com.",
    )
    smtp_host = fields.Char(string="SMTP Server", help="The outgoing server, e.g. smtp.exmail.qq.com.")
    other_smtp_hosts = fields.Char(
        string="Other SMTP Servers", help="Other names of the outgoing server, e.g. smtp.outlook.com."
    )
    smtp_port = fields.Integer(string="SMTP Port", default=465, help="The port of the outgoing server, e.g. 465.")
    smtp_encryption = fields.Selection(
        SMTP_ENCRYPTIONS,
        string="SMTP Encryption",
        required=True,
        default="ssl",
        help="SSL/TLS, e.g. on port 465, or TLS (STARTTLS), e.g. on port 587.",
    )
    imap_host = fields.Char(string="IMAP Server", help="The server that hands out mail, e.g. imap.exmail.qq.com.")
    imap_port = fields.Integer(string="IMAP Port", default=993, help="The port of IMAP, e.g. 993.")
    imap_ssl = fields.Boolean(string="IMAP with SSL/TLS", default=True, help="E.g. on port 993.")
    pop_host = fields.Char(string="POP Server", help="The server for POP, e.g. pop.exmail.qq.com.")
    pop_port = fields.Integer(string="POP Port", default=995, help="The port of POP, e.g. 995.")
    pop_ssl = fields.Boolean(string="POP with SSL/TLS", default=True, help="E.g. on port 995.")
    sender_policy = fields.Selection(
        SENDER_POLICIES,
        required=True,
        default=AUTO,
        help="The sender that the provider accepts, e.g. Only its own username.",
    )
    catch_all = fields.Boolean(
        string="Offers a Catch-All",
        help="The provider can deliver the mail for every address of a domain to one mailbox, once its administrator "
        "switches that on, e.g. Google Workspace.",
    )
    sub_addresses = fields.Boolean(
        string="Sub-addresses", help="Mail to box+anything@example.com reaches the mailbox box@example.com."
    )
    limit_per_minute = fields.Integer("Mails per Minute", help="What a mailbox may send, e.g. 30. 0: not known.")
    limit_per_hour = fields.Integer("Mails per Hour", help="What a mailbox may send, e.g. 500. 0: not known.")
    limit_per_day = fields.Integer("Mails per Day", help="What a mailbox may send, e.g. 2000. 0: not known.")
    limit_per_session = fields.Integer("Mails per Session", help="What one login may send, e.g. 50. 0: not known.")
    password_kind = fields.Selection(
        [
            (PASSWORD, "Password of the mailbox"),
            (CODE, "Authorization code"),
            (APP_PASSWORD, "App password"),
            (GOOGLE, "Google OAuth"),
            (MICROSOFT, "Microsoft OAuth"),
        ],
        required=True,
        default=PASSWORD,
        help="What Odoo logs in with, e.g. an authorization code, which the provider gives to programs.",
    )
    password_help = fields.Text(
        string="How to Get It",
        translate=True,
        help="Where a person finds that password, e.g. In Settings > Account, switch on IMAP/SMTP.",
    )
    console_url = fields.Char(string="Console", help="The provider's page for that, e.g. https://exmail.qq.com.")

    @api.model
    def _of_address(self, email):
        """Return the provider of a mailbox: by its domain, else by the mail exchangers of its domain, else none."""
        domain = address.domain(address.find(email) or "").lower()
        if not domain:
            return self.browse()
        presets = self._presets()
        known = by_domain(presets, domain)
        if known:
            return self.browse(known)
        return self.browse(by_mx(presets, self.env["mail.routing"]._resolver().lookup(domain, "MX").records) or [])

    @api.model
    def _of_host(self, host):
        """Return the provider of an outgoing server, perhaps none."""
        return self.browse(by_host(self._presets(), host) or [])

    @api.model
    def _is_public_domain(self, domain):
        """Tell whether everybody may have a mailbox in a domain, so that it belongs to no company."""
        return bool(by_domain(self._presets(), domain))

    @api.model
    def _presets(self):
        """Return what tells the providers apart, in their order."""
        return [
            Preset(
                id=provider.id,
                domains=names(provider.domains),
                mx=names(provider.mx_suffixes),
                hosts=names(f"{provider.smtp_host or ''} {provider.other_smtp_hosts or ''}"),
            )
            for provider in self.search([])
        ]
