import threading

from odoo import api, models


class MailRouting(models.AbstractModel):
    _inherit = "mail.routing"

    @api.model
    def _is_testing(self):
        """Tell whether a test runs: all that it does is in one transaction, which nobody else sees."""
        return getattr(threading.current_thread(), "testing", False) or self.env.registry.in_test_mode()
