from odoo import models

from ..incoming.incoming_mail import Outcome


class FetchmailServer(models.Model):
    """A test mail of a probe becomes no record and no unrouted mail, and neither does the report that it failed."""

    _inherit = "fetchmail.server"

    def _process_message(self, raw, outcome=None, forced=None, company=None):
        """Note a test mail for the probe that waits for it; process any other."""
        found = None if forced else self.env["mail.probe.arrival"]._note(raw)
        if not found:
            return super()._process_message(raw, outcome=outcome, forced=forced, company=company)
        outcome = Outcome() if outcome is None else outcome
        outcome.clear()
        outcome["kind"] = "own" if found.arrived else "bounce"
        return outcome
