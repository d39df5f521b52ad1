from contextlib import contextmanager

from odoo import _, fields, models

from ..context import JOBS_KEY, carried
from .turn import Turn

# Marks the advisory locks of servers that a job sends through; the other half of the key is the server's id.
SERVER_LOCK = 0x6D6373
# Seconds until a job comes again whose servers are in use.
TRY_AGAIN = 10


class MailMail(models.Model):
    """One job sends through its servers for a while, and no other job does meanwhile."""

    _inherit = "mail.mail"

    def _send_in_job(self, key):
        """Send as the queue does; ``queue_job`` calls it in one of its workers.

        Mails that wait are no failure of the job: the queue finds them again.

        :raises RetryableJobError: another job has these servers
        """
        left = self._send_turn(key)
        if left is None:
            # it is installed where this is called
            from odoo.addons.queue_job.exception import RetryableJobError

            raise RetryableJobError(_("Another job uses this mail server."), seconds=TRY_AGAIN, ignore_retry=True)
        if left:
            left._delay(key)

    def _send_turn(self, key):
        """Send for a while; return the mails for which there was no time, None where another job has the servers."""
        with self._take_turn(key) as mails:
            if mails is None:
                return None
            mails.exists().send(auto_commit=not self.env["mail.routing"]._is_testing())
            if not carried(mails.env, JOBS_KEY, Turn).is_over:
                return self.browse()
            now = fields.Datetime.now()
            left = mails.exists().filtered(
                lambda mail: mail.state == "outgoing" and (mail.scheduled_date or now) <= now
            )
            return self.browse(left.ids)

    @contextmanager
    def _take_turn(self, key):
        """Have the mails in a transaction of their own, as a job must not commit; None where the servers are taken.

        The lock is one of the connection: it outlives the commits, and not the process.
        """
        turn = {JOBS_KEY: Turn(key)}
        if self.env["mail.routing"]._is_testing():
            yield self.with_context(**turn)
            return
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", [SERVER_LOCK, key])
            if not cr.fetchone()[0]:
                yield None
                return
            try:
                yield self.with_env(self.env(cr=cr)).with_context(**turn)
            finally:
                # ``send`` has committed what is to last
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", [SERVER_LOCK, key])

    def _batches(self, ids_by_server):
        """Yield, in a job, what goes through its servers, as long as there is time.

        What goes through others, as somebody changed the settings meanwhile, is for the queue to hand out again.
        """
        turn = carried(self.env, JOBS_KEY, Turn)
        if not turn:
            yield from super()._batches(ids_by_server)
            return
        mine = set(self._by_job_key(ids_by_server)[turn.key])
        ids_by_server = {server_id: [i for i in ids if i in mine] for server_id, ids in ids_by_server.items()}
        for batch in super()._batches({server_id: ids for server_id, ids in ids_by_server.items() if ids}):
            if not turn.is_over:
                yield batch

    def _send_one(self, server, send):
        """Send the mail, unless the job's turn is over."""
        turn = carried(self.env, JOBS_KEY, Turn)
        if turn and turn.is_over:
            return
        super()._send_one(server, send)
