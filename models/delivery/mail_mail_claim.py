import psycopg2

from odoo import models

# A mail that somebody else sends in this moment is locked, and is none of ours. The savepoint goes along, as the queue
# claims each mail by itself; it is there to go back to, and ends with what is around it.
_CLAIM = """
    SAVEPOINT mail_company_routing_claim;
    SELECT id FROM mail_mail WHERE id IN %s AND state = 'outgoing' FOR NO KEY UPDATE SKIP LOCKED
"""
_GO_BACK = "ROLLBACK TO SAVEPOINT mail_company_routing_claim"


class MailMail(models.Model):
    """Two workers, or a user and the queue, may want to send the same mails: each mail is sent by one of them."""

    _inherit = "mail.mail"

    def _split_by_mail_configuration(self):
        """Decide on those mails only that this run may send; nobody else writes on them until it commits."""
        run = self._run()
        if run is None:
            yield from super()._split_by_mail_configuration()
            return
        mails = self._still_ours()
        if not run.auto_commit:
            run.claimed = set(mails.ids)
        yield from super(MailMail, mails)._split_by_mail_configuration()

    def _claim(self):
        """Lock those of these mails that are still to be sent, until the transaction ends; return their ids.

        What another transaction changed since this one began is another's as well.

        :rtype: set(int)
        """
        if not self:
            return set()
        self.flush_recordset(["state"])
        claimed = self._lock_unchanged()
        # A run that was killed, or rolled back, let go of its mails; it may have sent them.
        return claimed - self._run().journal.handed_elsewhere(claimed)

    def _still_ours(self):
        """Return those mails that this run may send and write on; where it commits, others may have had them since."""
        run = self._run()
        claimed = self._claim() if run.claimed is None else run.claimed
        return self.filtered(lambda mail: mail.id in claimed)

    def _lock_unchanged(self):
        """Lock all at once, or where another transaction has changed one of them, the halves."""
        try:
            return self._lock()
        except psycopg2.OperationalError:
            half = len(self) // 2
            return self[:half]._lock_unchanged() | self[half:]._lock_unchanged() if half else set()

    def _lock(self):
        """Lock those that nobody has locked, in one round trip.

        :raises psycopg2.OperationalError: another transaction has changed one of them
        """
        try:
            self.env.cr.execute(_CLAIM, [tuple(self.ids)], log_exceptions=False)
        except psycopg2.OperationalError:
            self.env.cr.execute(_GO_BACK)
            raise
        return {row[0] for row in self.env.cr.fetchall()}
