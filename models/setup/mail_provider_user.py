import json

from odoo import api, fields, models

from .mail_provider_oauth import OAUTH


class MailProviderUser(models.AbstractModel):
    """A server whose fields a provider fills; what somebody typed stays."""

    _name = "mail.provider.user"
    _description = "Server of a Mail Provider"

    # The field that says how Odoo logs in.
    _login_field = ""

    provider_id = fields.Many2one(
        "mail.provider",
        string="Mail Provider",
        ondelete="set null",
        help="Fills in host, port and encryption, and what else the provider wants, e.g. Tencent Exmail. What you "
        "have typed stays.",
    )
    provider_filled = fields.Char(
        copy=False, groups="base.group_system", help="What the provider filled in, so that another one may replace it."
    )
    provider_help = fields.Html(string="How to Log In", compute="_compute_provider_help", sanitize=False)
    provider_module = fields.Char(compute="_compute_provider_help")
    provider_redirect_uri = fields.Char(
        string="Redirect Address",
        compute="_compute_provider_help",
        help="The address that the provider leads back to, e.g. https://example.com/microsoft_outlook/confirm.",
    )

    @api.depends("provider_id")
    @api.depends_context("lang")
    def _compute_provider_help(self):
        """Say how to get what Odoo logs in with, and which module it needs for that."""
        for server in self:
            provider = server.provider_id.sudo()
            oauth = OAUTH.get(provider.password_kind)
            installed = oauth and server._has_oauth(oauth)
            server.provider_help = provider._help_html(bool(installed)) if provider else False
            server.provider_module = oauth.module if oauth and not installed else False
            server.provider_redirect_uri = f"{server.get_base_url()}{oauth.path}" if installed else False

    @api.model
    def _has_oauth(self, oauth):
        """Tell whether the module is installed that logs in this way."""
        return oauth.authentication in self._fields[self._login_field].get_values(self.env)

    @api.onchange("provider_id")
    def _onchange_provider_id(self):
        """Fill in what the provider wants."""
        if self.provider_id:
            self._fill(self._provider_values(self.provider_id))

    def _provider_values(self, provider):
        """Return what a provider fills in: dicts of values that only make sense together.

        :param provider: a ``mail.provider``
        """
        return []

    def _fill(self, groups):
        """Set the values of each group in which nobody has typed anything, and remember them."""
        filled = self._filled()
        for values in groups:
            if all(self[name] == value or self._is_untouched(name, filled) for name, value in values.items()):
                self.update(values)
                filled |= values
        self.provider_filled = json.dumps(filled)

    def _filled(self):
        """Return the values that a provider filled in, by field."""
        return json.loads(self.sudo().provider_filled or "{}")

    def _is_untouched(self, name, filled):
        """Tell whether a field has its default, nothing, or what a provider filled in."""
        value = self[name]
        return not value or value in (filled.get(name), *self._untouched_values(name))

    def _untouched_values(self, name):
        """Return the values that a field has without anybody's doing."""
        return [self.default_get([name]).get(name)]

    def action_provider_module(self):
        """Open the module in Apps that logs in at this provider."""
        self.ensure_one()
        return self.provider_id._module_action()
