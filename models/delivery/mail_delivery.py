import logging
from collections import defaultdict
from datetime import timedelta

from odoo import _, api, fields, models

from .journal import LOCK

_logger = logging.getLogger(__name__)
# Limits look back for a day; what a killed process left is found by the next run.
KEPT_FOR = timedelta(days=2)
# Rows of runs that have ended without saying what became of their transaction.
_LEFT_OPEN = """
    SELECT delivery.mail_id, delivery.recipients, delivery.state
      FROM mail_delivery AS delivery
      JOIN mail_mail AS mail ON mail.id = delivery.mail_id
     WHERE delivery.run IN %s
       AND NOT delivery.settled
       AND delivery.state != 'refused'
       AND mail.state IN ('outgoing', 'exception')
  ORDER BY delivery.id
       FOR NO KEY UPDATE SKIP LOCKED
"""
# A mail that somebody has locked is left for the next time: a transaction that sent it is about to end.
_SETTLE = """
    UPDATE mail_delivery
       SET settled = TRUE
     WHERE run IN %s
       AND NOT settled
       AND (state = 'refused'
            OR mail_id IN %s
            OR NOT EXISTS (SELECT FROM mail_mail WHERE id = mail_id AND mail_mail.state IN ('outgoing', 'exception')))
"""
_DECIDED = (
    "UPDATE mail_delivery SET settled = TRUE WHERE mail_id IN %s AND NOT settled AND state IN ('handed', 'doubt')"
)


class MailDelivery(models.Model):
    """What mail servers were handed, one row for each message; written by the journal, never by the ORM.

    Plain ids, as a foreign key would make the journal wait for transactions that have locked the records.
    """

    _name = "mail.delivery"
    _description = "Mail Handed to a Server"
    _log_access = False
    _order = "id desc"

    run = fields.Integer(readonly=True, help="The number of the run, 0 for one that noted it afterwards.")
    mail_id = fields.Integer(readonly=True, index=True)
    server_id = fields.Integer(readonly=True)
    recipients = fields.Text(readonly=True)
    date = fields.Datetime(readonly=True)
    state = fields.Selection(
        [("handed", "Handed over"), ("accepted", "Accepted"), ("refused", "Refused"), ("doubt", "In doubt")],
        readonly=True,
    )
    settled = fields.Boolean(readonly=True, help="What became of it is known from the mail.")

    def init(self):
        """Add the indexes for limits and for what was left open; most rows are settled."""
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS mail_delivery_server_date ON mail_delivery (server_id, date);
            CREATE INDEX IF NOT EXISTS mail_delivery_open ON mail_delivery (run) WHERE NOT settled;
            """
        )

    @api.model
    def _recover(self):
        """Find the mails of runs that were killed or rolled back, so that none of them leaves twice.

        What a server accepted counts as sent. What it was handed without an answer is in doubt.

        :return: whether there were such runs
        """
        runs = self._ended_runs()
        if not runs:
            return False
        self.env["mail.mail"].flush_model(["state"])
        self.env.cr.execute(_LEFT_OPEN, [runs], log_exceptions=False)
        found = self.env.cr.fetchall()
        accepted, open_ = defaultdict(list), defaultdict(list)
        for mail_id, recipients, state in found:
            (accepted if state == "accepted" else open_)[mail_id] += recipients.split()
        for mail_id, emails in accepted.items():
            self.env["mail.mail"].browse(mail_id)._add_done(emails)
        for mail_id, emails in open_.items():
            self._recover_open(self.env["mail.mail"].browse(mail_id), emails)
        self.env.cr.execute(_SETTLE, [runs, tuple(row[0] for row in found) or (0,)], log_exceptions=False)
        return True

    @api.model
    def _recover_open(self, mail, emails):
        """Put a mail in doubt for addresses of which nothing else is known."""
        known = mail._done().union((mail.delivery_doubt or "").split(", "))
        emails = [email for email in emails if email.lower() not in known]
        if emails:
            mail._set_in_doubt(emails, _("Odoo was stopped while it sent the mail."))

    @api.model
    def _decided(self, mails):
        """Close what a person has decided, so that it does not come up again."""
        if mails:
            self.env.cr.execute(_DECIDED, [tuple(mails.ids)])

    @api.model
    def _ended_runs(self):
        """Return the numbers of runs that left rows open, and no longer hold their lock."""
        self.env.cr.execute("SELECT DISTINCT run FROM mail_delivery WHERE NOT settled")
        ended = []
        for [run] in self.env.cr.fetchall():
            self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, run])
            if self.env.cr.fetchone()[0]:
                ended.append(run)
        return tuple(ended)

    @api.autovacuum
    def _gc_deliveries(self):
        """Forget what no limit counts any more."""
        self.env.cr.execute("DELETE FROM mail_delivery WHERE date < %s AND settled", [fields.Datetime.now() - KEPT_FOR])
