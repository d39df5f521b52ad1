import time
from collections import defaultdict
from datetime import timedelta

from odoo import _, api, fields, models

from ..context import JOBS_KEY
from ..setup.mail_routing import CONFIG_SERVER_ID

# Set to 0, this parameter leaves the sending to the queue's own process.
USE_JOBS = "mail_company_routing.use_jobs"
# A job that has not ended for so long is perhaps one that nobody runs: the queue looks after its mails itself.
PATIENCE = timedelta(minutes=10)
# One setting for it in odoo.conf holds for all servers together: channels = root:8,root.mail_server:4
CHANNEL = "mail_server"
# Seconds that a job sends. Odoo ends a request after ``limit_time_real``, two minutes unless set, and the mail in hand
# would be in doubt then.
SLICE = 30
# Seconds until a job comes again whose servers are in use.
TRY_AGAIN = 10


class JobSlice:
    """What one job of OCA's ``queue_job`` may do: send through the servers of a key, for a while.

    :param int key: see ``mail.mail._by_job_key``
    """

    def __init__(self, key):
        self.key = key
        self._until = time.monotonic() + SLICE

    @property
    def is_over(self):
        """Tell whether no further mail may be begun; the rest is for another job."""
        return time.monotonic() > self._until


class HandOut:
    """The queue makes jobs of what it would send."""

    is_over = False


class MailMail(models.Model):
    """With OCA's ``queue_job``, the mails of each server are a job, so that servers are served side by side.

    A job whose servers are in use by another one comes again later, see ``_send_in_job``: channels that odoo.conf does
    not name have no limit of their own.
    """

    _inherit = "mail.mail"

    @api.model
    def _uses_jobs(self):
        """Tell whether OCA's ``queue_job`` is installed, and the system parameter does not forbid it."""
        return "queue.job" in self.env and self.env["ir.config_parameter"].sudo().get_param(USE_JOBS, "1") != "0"

    def _keep_to_job(self, run, ids_by_server):
        """Return nothing where the mails are handed out to jobs; in a job, what goes through its servers.

        What goes through others, as somebody changed the settings meanwhile, is for the queue to hand out again.
        """
        ids_by_key = self._by_job_key(ids_by_server)
        if isinstance(run.job, HandOut):
            self._hand_out(run, ids_by_key)
            return {}
        mine = set(ids_by_key[run.job.key])
        return {server_id: [i for i in ids if i in mine] for server_id, ids in ids_by_server.items()}

    def _hand_out(self, run, ids_by_key):
        """Make a job of each server's mails, but of those that have one; send what nobody seems to run."""
        jobs = self._open_jobs()
        late = jobs.filtered(lambda job: job.date_created < fields.Datetime.now() - PATIENCE)
        late_ids, held_ids = ({i for job in some for i in job.records.ids} for some in (late, jobs - late))
        unrun, again = {}, []
        for key, mail_ids in ids_by_key.items():
            mails = self.browse(mail_id for mail_id in mail_ids if mail_id not in held_ids)
            if not late_ids.isdisjoint(mails.ids):
                unrun[key] = mails
            elif mails:
                mails._delay(key)
                again = [fields.Datetime.now() + PATIENCE + timedelta(minutes=1)]
            for mail_id in mail_ids:
                # who sends it stores how it left
                run.routes.pop(mail_id, None)
        if self._send_unrun(unrun):
            again.append(fields.Datetime.now())
        if again:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(at=again)

    @api.model
    def _send_unrun(self, mails_by_key):
        """Send mails whose jobs nobody runs; tell whether some are left, for which there was no time.

        They are sent in transactions of their own, so this one must not hold them any longer.
        """
        if mails_by_key:
            self._transactions().commit()
        left = [mails._send_slice(key) for key, mails in mails_by_key.items()]
        return any(left)

    @api.model
    def _open_jobs(self):
        """Return our jobs that have not ended."""
        ours = [("model_name", "=", "mail.mail"), ("method_name", "=", "_send_in_job")]
        return self.env["queue.job"].sudo().search([*ours, ("state", "in", ("pending", "enqueued", "started"))])

    @api.model
    def _by_job_key(self, ids_by_server):
        """Return the mail ids by the id of their server, or of the one that it shares limits with.

        What servers share is counted by one job after the other, so that two do not take the same room.
        """
        ids_by_key = defaultdict(list)
        for server_id, mail_ids in ids_by_server.items():
            server = self.env["ir.mail_server"]._server_record(server_id)
            ids_by_key[(server.limit_server_id or server).id or CONFIG_SERVER_ID] += mail_ids
        return ids_by_key

    def _delay(self, key):
        """Make one job of these mails; not a second one of the same that is still to begin."""
        delayed = self.with_delay(
            channel=self._job_channel(key),
            description=_(
                "Send %(count)s mails through %(server)s",
                count=len(self),
                server=self.env["ir.mail_server"]._server_record(key).name or "odoo.conf",
            ),
            identity_key=f"mail_company_routing {key} {self.ids[0]} {self.ids[-1]} {len(self)}",
        )
        delayed._send_in_job(key)

    @api.model
    def _job_channel(self, key):
        """Return the name of a channel that exists: the old jobs of one without a record are never deleted."""
        channel = self.env.ref("queue_job.channel_root").sudo()
        for name in (CHANNEL, "config" if key == CONFIG_SERVER_ID else str(key)):
            values = {"name": name, "parent_id": channel.id}
            found = channel.search([(field, "=", value) for field, value in values.items()], limit=1)
            channel = found or channel.create(values)
        return channel.complete_name

    def _send_in_job(self, key):
        """Send as the queue does; ``queue_job`` calls it in one of its workers.

        Mails that wait are no failure of the job: the queue finds them again.

        :raises RetryableJobError: another job has these servers
        """
        left = self._send_slice(key)
        if left is None:
            # it is installed where this is called
            from odoo.addons.queue_job.exception import RetryableJobError

            raise RetryableJobError(_("Another job uses this mail server."), seconds=TRY_AGAIN, ignore_retry=True)
        if left:
            left._delay(key)

    def _send_slice(self, key):
        """Send for a while, in a transaction of its own, as a job must not commit.

        Return the mails for which there was no time, None where another job has the servers.
        """
        job, transactions = JobSlice(key), self._transactions()
        with transactions.apart_with(key) as env:
            if env is None:
                return None
            mails = self.with_env(env).with_context(**{JOBS_KEY: job})
            mails.exists().send(auto_commit=transactions.commits)
            if not job.is_over:
                return self.browse()
            now = fields.Datetime.now()
            left = mails.exists().filtered(
                lambda mail: mail.state == "outgoing" and (mail.scheduled_date or now) <= now
            )
            return self.browse(left.ids)
