from odoo import models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def action_probe(self):
        """Ask the server which senders it takes, and show that; nothing is sent yet."""
        return self.env["mail.server.probe"]._create_for(self)._show()
