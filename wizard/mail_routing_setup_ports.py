from odoo import api, models

from .mail_routing_setup import IMAP, POP

_SMTP = {"ssl": 465, "starttls": 587, "none": 25}
# Nobody serves these so; any other port may be somebody's own.
_WRONG = {"ssl": (25, 587), "starttls": (465,), "none": (465,)}
_INCOMING = {IMAP: {True: 993, False: 143}, POP: {True: 995, False: 110}}


class MailRoutingSetup(models.TransientModel):
    """Lets a port follow its encryption, as on the forms of the servers."""

    _inherit = "mail.routing.setup"

    @api.onchange("smtp_encryption")
    def _onchange_smtp_encryption(self):
        """Propose the usual port where the present one cannot be right."""
        if self.smtp_port in _WRONG.get(self.smtp_encryption, ()):
            self.smtp_port = _SMTP[self.smtp_encryption]

    @api.onchange("incoming_ssl")
    def _onchange_incoming_ssl(self):
        """Propose the usual port, in place of the other usual one."""
        ports = _INCOMING.get(self.incoming_type, {})
        if self.incoming_port == ports.get(not self.incoming_ssl):
            self.incoming_port = ports[self.incoming_ssl]
