from odoo import api, fields, models


class MailRoutingSetup(models.TransientModel):
    """Opens by itself once, after the installation, where no mail server is there."""

    _inherit = "mail.routing.setup"

    is_first = fields.Boolean(help="The assistant opened by itself, on a page from before the installation.")

    @api.model
    def _open_after_installation(self):
        """Let core's queue of set-up actions open the assistant when an administrator installs in Apps."""
        everything = self.env(context={"active_test": False})
        if not any(everything[model].search([], limit=1) for model in ("ir.mail_server", "fetchmail.server")):
            self.env.ref("mail_company_routing.mail_routing_setup_todo").action_open()

    def action_close(self):
        """Load the page anew: it has no menus of the addon yet, because core leaves that to the set-up action."""
        return {"type": "ir.actions.client", "tag": "reload"}
