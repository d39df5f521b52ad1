from odoo import api, models

from .mail_provider_oauth import OAUTH


class IrMailServer(models.Model):
    _name = "ir.mail_server"
    _inherit = ["ir.mail_server", "mail.provider.user"]

    _login_field = "smtp_authentication"

    def _provider_values(self, provider):
        """Return host, port, encryption and sender policy; for OAuth what core sets there."""
        oauth = OAUTH.get(provider.password_kind)
        policy = {"sender_policy": provider.sender_policy}
        if oauth and self._has_oauth(oauth) and not self.smtp_pass:
            login = {"smtp_authentication": oauth.authentication, "smtp_host": oauth.smtp_host}
            return [{**login, "smtp_encryption": "starttls", "smtp_port": 587}, policy]
        return [
            {"smtp_host": provider.smtp_host},
            {"smtp_encryption": provider.smtp_encryption, "smtp_port": provider.smtp_port},
            {"smtp_authentication": "login"},
            policy,
        ]

    def _untouched_values(self, name):
        """Know the port that core sets with SSL/TLS."""
        return [*super()._untouched_values(name), *([465] if name == "smtp_port" else [])]

    @api.onchange("smtp_encryption")
    def _onchange_encryption(self):
        """Keep the provider's port, which core does not know."""
        result = super()._onchange_encryption()
        filled = self._filled()
        if self.smtp_encryption == filled.get("smtp_encryption"):
            self.smtp_port = filled["smtp_port"]
        return result
