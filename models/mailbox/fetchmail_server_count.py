from odoo import models

from ..delivery.mail_delivery_count import FETCHED, NOT_FETCHED, UNROUTED, Subject, Tally


class FetchmailServer(models.Model):
    """Counts what was fetched; nobody else counts the same, as the run writes on its mailbox first."""

    _inherit = "fetchmail.server"

    def _record_run(self, fetch):
        """Count the messages of a run, and whether it failed."""
        result = super()._record_run(fetch)
        self.flush_recordset(["date"])
        tally = Tally()
        for kind, count in (
            (FETCHED, fetch.count - fetch.unrouted),
            (UNROUTED, fetch.unrouted),
            (NOT_FETCHED, int(bool(fetch.errors))),
        ):
            subject = Subject(kind, company_id=self.company_id.id or None, fetchmail_server_id=self.id)
            tally.add(subject, count, self.last_error if kind == NOT_FETCHED else None)
        self.env["mail.delivery.count"]._count_now(tally)
        return result
