import logging

import psycopg2

from odoo import api, fields, models

_logger = logging.getLogger(__name__)
KEPT_DAYS = 90
_NOTE = """
    INSERT INTO mail_routing_checked (company_id, date, checked) VALUES {}
"""
# One row for each run would be many in the end.
_SUM_UP = """
    WITH old AS (DELETE FROM mail_routing_checked WHERE date < %s RETURNING company_id, date, checked)
    INSERT INTO mail_routing_checked (company_id, date, checked)
         SELECT company_id, date, sum(checked) FROM old WHERE date >= %s GROUP BY company_id, date
"""


class MailRoutingChecked(models.Model):
    """How many mails of a company were looked at, so that no leak means something.

    A row for each run, as runs that count in one row would wait for each other; summed up when the day is over.
    """

    _name = "mail.routing.checked"
    _description = "Mails Checked for Leaks"
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    date = fields.Date(readonly=True, index=True)
    checked = fields.Integer(readonly=True, help="How many mails left and were looked at, e.g. 20.")

    @api.model
    def _note(self, counts):
        """Note how many mails were looked at, in one query.

        :param dict counts: by company id
        """
        rows = [(company_id, fields.Date.today(), count) for company_id, count in counts.items()]
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(_NOTE.format(", ".join(["%s"] * len(rows))), rows)
        except psycopg2.Error:
            _logger.info("It is not noted that %s mails were checked", sum(counts.values()), exc_info=True)
        self.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_checked(self):
        """Sum up the days that are over, and forget those that no report asks for."""
        today = fields.Date.today()
        self.env.cr.execute(_SUM_UP, [today, fields.Date.subtract(today, days=KEPT_DAYS)])
        self.invalidate_model(flush=False)
