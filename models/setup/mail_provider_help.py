from markupsafe import Markup

from odoo import _, models

from .mail_provider import GOOGLE
from .mail_provider_oauth import OAUTH


class MailProvider(models.Model):
    _inherit = "mail.provider"

    def _help_html(self, installed):
        """Return how to get what Odoo logs in with.

        :param bool installed: whether the module for OAuth is there, if the provider wants that
        """
        self.ensure_one()
        parts = [Markup("<p>%s</p>") % self.password_help] if self.password_help else []
        if self.console_url:
            link = Markup('<p><a href="%s" target="_blank" rel="noopener">%s</a></p>')
            parts.append(link % (self.console_url, _("Open the console of %s", self.name)))
        oauth = OAUTH.get(self.password_kind)
        if oauth and installed:
            steps = Markup("").join(Markup("<li>%s</li>") % step for step in self._oauth_steps())
            parts.append(Markup("<ol>%s</ol>") % steps)
        elif oauth:
            parts.append(Markup("<p>%s</p>") % self._module_sentence())
        return Markup("").join(parts)

    def _oauth_steps(self):
        """Return what an administrator does once for OAuth, in order."""
        return [
            _("In the console of %s, register Odoo as a web application.", self.name),
            _("Give it the redirect address that is shown here."),
            _(
                "In Settings > General Settings > Discuss, tick Custom Email Servers, paste its client ID and secret, "
                "and save."
            ),
            _("Save the server, and press Connect your account on its form."),
        ]

    def _module_sentence(self):
        """Return which module logs in at this provider, and what goes without it."""
        module = OAUTH[self.password_kind].module
        if self.password_kind == GOOGLE:
            return _(
                "An app password is enough. To log in without any password, install the module %s and choose this "
                "provider again.",
                module,
            )
        return _(
            "%(provider)s wants OAuth: install the module %(module)s, then choose this provider again.",
            provider=self.name,
            module=module,
        )

    def _module_action(self):
        """Return the action that shows the module for OAuth in Apps."""
        module = OAUTH[self.password_kind].module
        return {
            "type": "ir.actions.act_window",
            "name": _("Apps"),
            "res_model": "ir.module.module",
            "views": [(False, "kanban"), (False, "form")],
            "domain": [("name", "=", module)],
        }
