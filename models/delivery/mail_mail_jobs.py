from collections import defaultdict
from datetime import timedelta

from odoo import _, api, fields, models

from ..context import JOBS_KEY

# Set to 0, this parameter leaves the sending to the queue's own process.
USE_JOBS = "mail_company_routing.use_jobs"
# A job that has not ended for so long is perhaps one that nobody runs: the queue looks after its mails itself.
PATIENCE = timedelta(minutes=10)
# One setting for it in odoo.conf holds for all servers together: channels = root:8,root.mail_server:4
CHANNEL = "mail_server"


class MailMail(models.Model):
    """With OCA's ``queue_job``, the mails of each server are a job, so that servers are served side by side.

    A job whose servers are in use by another one comes again later, see ``_send_in_job``: channels that odoo.conf does
    not name have no limit of their own.
    """

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, ids=None):
        """Hand the mails out to jobs, where there are any."""
        handing_out = self.with_context(**{JOBS_KEY: True}) if self._uses_jobs() else self
        return super(MailMail, handing_out).process_email_queue(ids=ids)

    @api.model
    def _uses_jobs(self):
        """Tell whether OCA's ``queue_job`` is installed, and the system parameter does not forbid it."""
        return "queue.job" in self.env and self.env["ir.config_parameter"].sudo().get_param(USE_JOBS, "1") != "0"

    def _batches(self, ids_by_server):
        """Yield nothing where the mails are handed out to jobs."""
        if self.env.context.get(JOBS_KEY) is True:
            self._hand_out(ids_by_server)
        else:
            yield from super()._batches(ids_by_server)

    def _hand_out(self, ids_by_server):
        """Make a job of each server's mails, but of those that have one; send what nobody seems to run."""
        jobs = self._open_jobs()
        late = jobs.filtered(lambda job: job.date_created < fields.Datetime.now() - PATIENCE)
        late_ids, held_ids = ({i for job in some for i in job.records.ids} for some in (late, jobs - late))
        unrun, again = {}, []
        for key, mail_ids in self._by_job_key(ids_by_server).items():
            mails = self.browse(mail_id for mail_id in mail_ids if mail_id not in held_ids)
            if not late_ids.isdisjoint(mails.ids):
                unrun[key] = mails
            elif mails:
                mails._delay(key)
                again = [fields.Datetime.now() + PATIENCE + timedelta(minutes=1)]
            for mail_id in mail_ids:
                # who sends it stores how it left
                self._run().routes.pop(mail_id, None)
        if self._send_unrun(unrun):
            again.append(fields.Datetime.now())
        if again:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(at=again)

    @api.model
    def _send_unrun(self, mails_by_key):
        """Send mails whose jobs nobody runs; tell whether some are left, for which there was no time.

        They are sent in transactions of their own, so this one must not hold them any longer.
        """
        if mails_by_key and not self.env["mail.routing"]._is_testing():
            self.env.cr.commit()  # pylint: disable=invalid-commit
        left = [mails._send_turn(key) for key, mails in mails_by_key.items()]
        return any(left)

    @api.model
    def _open_jobs(self):
        """Return our jobs that have not ended."""
        ours = [("model_name", "=", "mail.mail"), ("method_name", "=", "_send_in_job")]
        return self.env["queue.job"].sudo().search([*ours, ("state", "in", ("pending", "enqueued", "started"))])

    @api.model
    def _by_job_key(self, ids_by_server):
        """Return the mail ids by the id of their server, or of the one that it shares limits with; 0: odoo.conf.

        What servers share is counted by one job after the other, so that two do not take the same room.
        """
        ids_by_key = defaultdict(list)
        for server_id, mail_ids in ids_by_server.items():
            server = self.env["ir.mail_server"]._of_run(server_id)
            ids_by_key[(server.limit_server_id or server).id or 0] += mail_ids
        return ids_by_key

    def _delay(self, key):
        """Make one job of these mails; not a second one of the same that is still to begin."""
        delayed = self.with_delay(
            channel=self._job_channel(key),
            description=_(
                "Send %(count)s mails through %(server)s",
                count=len(self),
                server=self.env["ir.mail_server"].sudo().browse(key or []).name or "odoo.conf",
            ),
            identity_key=f"mail_company_routing {key} {self.ids[0]} {self.ids[-1]} {len(self)}",
        )
        delayed._send_in_job(key)

    @api.model
    def _job_channel(self, key):
        """Return the name of a channel that exists: the old jobs of one without a record are never deleted."""
        channel = self.env.ref("queue_job.channel_root").sudo()
        for name in (CHANNEL, str(key)):
            values = {"name": name, "parent_id": channel.id}
            found = channel.search([(field, "=", value) for field, value in values.items()], limit=1)
            channel = found or channel.create(values)
        return channel.complete_name
