from collections import defaultdict

import psycopg2

from odoo import fields, models

from ...routing.delivery.limits import split
from ..setup.mail_routing import CONFIG_SERVER_ID

# Lock what nobody else has locked: a mail that somebody else sends in this moment is none of ours. PostgreSQL raises an
# error where another transaction has changed one of them since ours began, and would then refuse every further
# statement; the savepoint is there to go back to. It is set in the same round trip, as the queue claims each mail by
# itself, and is not released: it ends with the transaction, or with the savepoint that is around it.
_CLAIM = """
    SAVEPOINT mail_company_routing_claim;
    SELECT id FROM mail_mail WHERE id IN %s AND state = 'outgoing' FOR NO KEY UPDATE SKIP LOCKED
"""
_GO_BACK = "ROLLBACK TO SAVEPOINT mail_company_routing_claim"


class MailMail(models.Model):
    """Which mails this run sends: those that no other worker or user sends, by server, within the server's limits."""

    _inherit = "mail.mail"

    def _claim_all(self, run):
        """Return those mails that this run may send; where it does not commit, nobody else has them until it ends."""
        mails = self._still_ours(run)
        if not run.auto_commit:
            run.claimed = set(mails.ids)
        return mails

    def _still_ours(self, run):
        """Return those mails that this run may send and write on; where it commits, others may have had them since."""
        claimed = self._claim(run) if run.claimed is None else run.claimed
        return self.filtered(lambda mail: mail.id in claimed)

    def _claim(self, run):
        """Lock those of these mails that are still to be sent, until the transaction ends; return their ids.

        What another transaction changed since this one began is another's as well.

        :rtype: set(int)
        """
        if not self:
            return set()
        self.flush_recordset(["state"])
        claimed = self._lock_unchanged()
        # A run that was killed, or rolled back, let go of its mails; it may have sent them.
        return claimed - run.journal.handed_elsewhere(claimed)

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

    def _by_server_of_route(self, run):
        """Return the mail ids by the id of the server that each leaves through; one that may leave through none fails.

        :rtype: dict(int, list(int))
        """
        ids_by_server = defaultdict(list)
        for mail_id, route in self._decide_once(run).items():
            if route.failure in ("no_server", "foreign_server"):
                self.browse(mail_id)._fail(run, self.env["mail.routing.words"]._failure_message(route))
            else:
                ids_by_server[route.server_id or CONFIG_SERVER_ID].append(mail_id)
        return ids_by_server

    def _within_limits(self, run, ids_by_server):
        """Return the mails by server that may leave now, and let the others wait.

        :param dict ids_by_server: lists of mail ids
        """
        groups = defaultdict(list)
        for server_id in ids_by_server:
            server = self.env["ir.mail_server"]._server_record(server_id)
            owner = server.limit_server_id or server
            if any(owner._limits()):
                groups[owner].append(server_id)
        waiting = set()
        for owner, server_ids in groups.items():
            waiting.update(self._over_limit(run, owner, [i for key in server_ids for i in ids_by_server[key]]))
        return {key: [i for i in ids if i not in waiting] for key, ids in ids_by_server.items()}

    def _over_limit(self, run, owner, mail_ids):
        """Return the ids of the mails for which there is no room, and let them wait.

        :param owner: the ``ir.mail_server`` that has the limits
        """
        now = fields.Datetime.now()
        room, pause = owner._room(now)
        is_mass = self._mass_ids(mail_ids)
        _leaving, waiting = split([(mail_id, mail_id in is_mass) for mail_id in mail_ids], room)
        if waiting:
            self.browse(waiting)._postpone(run, now + pause, owner, limit=True)
        return waiting

    def _mass_ids(self, mail_ids):
        """Return the ids of those mails that belong to a mass mailing."""
        if "mailing_id" not in self._fields:
            return set()
        return set(self.browse(mail_ids).sudo().filtered("mailing_id").ids)
