from odoo import api, models

from ..setup.mail_provider_oauth import OAUTH

# The ports that core sets by kind and encryption.
PORTS = [0, 110, 143, 993, 995]


class FetchmailServer(models.Model):
    _name = "fetchmail.server"
    _inherit = ["fetchmail.server", "mail.provider.user"]

    _login_field = "server_type"

    def _provider_values(self, provider):
        """Return server, port, encryption and kind, and whether sub-addresses arrive; for OAuth what core sets there.

        Whoever has chosen POP keeps it where the provider has it.
        """
        tokens = {"reply_token": provider.sub_addresses}
        oauth = OAUTH.get(provider.password_kind)
        if oauth and self._has_oauth(oauth) and not self.password:
            login = {"server_type": oauth.authentication, "server": oauth.imap_host, "is_ssl": True, "port": 993}
            return [login, tokens]
        kind = "pop" if provider.pop_host and (self._has_chosen_pop() or not provider.imap_host) else "imap"
        door = {"is_ssl": provider[f"{kind}_ssl"], "port": provider[f"{kind}_port"]}
        host = provider[f"{kind}_host"]
        return [{"server_type": kind}, {"server": host}, door, tokens] if host else [tokens]

    def _has_chosen_pop(self):
        """Tell whether a person chose POP, which is the default of an earlier 16.0."""
        is_new = not self._origin and not self._filled()
        is_default = is_new and self.default_get(["server_type"])["server_type"] == "pop"
        return self.server_type == "pop" and not is_default

    def _untouched_values(self, name):
        """Know the ports that core sets."""
        return [*super()._untouched_values(name), *(PORTS if name == "port" else [])]

    @api.onchange("server_type", "is_ssl", "object_id")
    def onchange_server_type(self):
        """Keep the provider's port, and follow a change between IMAP and POP."""
        filled, provider = self._filled(), self.provider_id
        typed = provider and not self._is_untouched("port", filled) and self.port
        result = super().onchange_server_type()
        if typed:
            self.port = typed
        if provider and self.server_type in ("imap", "pop") and self.server_type != filled.get("server_type"):
            self._fill(self._provider_values(provider))
        elif not typed and filled.get("is_ssl") == self.is_ssl:
            self.port = filled["port"]
        return result
