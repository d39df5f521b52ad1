"""What core asks for while a mail is placed or answered, and has no argument for: it looks at who the mail is for."""

from odoo import api, models

from .incoming_mail import incoming_of


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def get_param(self, key, default=False):
        """While a mail is placed, count all alias domains as Odoo's own; hide the catchall if it must not answer."""
        value = super().get_param(key, default)
        incoming = incoming_of(self.env)
        if incoming.hides_catchall and key == "mail.catchall.alias":
            return default
        if incoming.place and value and key == "mail.catchall.domain.allowed":
            return ",".join([value, *self.env["mail.routing"]._routing_table().domains_by_name])
        return value


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_default_bounce_address(self):
        """Return a sender for an automatic answer; without one, core takes the recipient of the incoming mail."""
        return super()._get_default_bounce_address() or incoming_of(self.env).answer_from
