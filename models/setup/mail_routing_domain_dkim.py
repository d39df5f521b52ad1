import re

from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

# RFC 6376, section 3.1: the labels of a name in the DNS.
_SELECTOR = re.compile(
    r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*"
)


class MailRoutingDomain(models.Model):
    _inherit = "mail.routing.domain"

    dkim_selector = fields.Char(
        string="DKIM Selector",
        help="The name of the key with which the provider signs the mails of this domain, e.g. s1024 for a key at "
        "s1024._domainkey.example.com. The provider's console shows it. Only Check DNS needs it.",
    )

    @api.constrains("dkim_selector")
    def _check_dkim_selector(self):
        """Refuse a selector that cannot be a name in the DNS."""
        for domain in self.filtered("dkim_selector"):
            if len(domain.dkim_selector) > 200 or not _SELECTOR.fullmatch(domain.dkim_selector):
                raise ValidationError(
                    _(
                        'The DKIM Selector of %(domain)s cannot be "%(selector)s". Write only the name before '
                        "._domainkey, e.g. s1024.",
                        domain=domain.display_name,
                        selector=domain.dkim_selector,
                    )
                )
