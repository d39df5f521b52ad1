import threading
from dataclasses import replace
from datetime import timedelta

from odoo import SUPERUSER_ID, _, api, models

from ..context import HELD_KEY, JOBS_KEY, RUN_KEY, carried, in_domain
from ..outgoing.dry_session import HeldMails
from ..run import DeliveryAttempt, DeliveryRun, run_of
from ..setup.mail_routing import CONFIG_SERVER_ID
from .mail_delivery_count import Tally
from .mail_mail_jobs import HandOut, JobSlice
from .transactions import OneTransaction, Transactions

# Which mails of a run may leave now. Each step gets the mail ids by server, and returns those that are left.
BEFORE_RUN = ("_within_limits",)
BEFORE_RUN_IN_JOB = ("_keep_to_job", *BEFORE_RUN)
# What is asked when a mail is about to leave. The first step that says no has seen to the mail.
BEFORE_MAIL = ("_has_time", "_is_claimed", "_is_server_well", "_knows_who_has_it")
# What is done when all mails of a run have had their turn.
AFTER_RUN = ("_store_routes", "_count_run", "_tell_waiting", "_call_queue")


class MailMail(models.Model):
    """The way out, in the order in which core calls these methods: the queue, ``send``, its batches, each mail.

    A run is handed on as an argument; where core lies in between, through the context. What becomes of a mail then is
    in ``_postprocess_sent_message``, which core calls for each.
    """

    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, ids=None):
        """First look after mails of runs that were killed; hand the mails out to jobs, where there are any."""
        self._recover_mails()
        queue = self.with_context(**{JOBS_KEY: HandOut()}) if self._uses_jobs() else self
        return super(MailMail, queue).process_email_queue(ids=ids)

    def send(self, auto_commit=False, raise_exception=False):
        """Send in a run, which keeps what one mail has shown about servers and senders for the next ones."""
        held = carried(self.env, HELD_KEY, HeldMails)
        if held is not None:
            return held.hold(self)
        run = self._begin_run(auto_commit, raise_exception)
        mails = self.with_context(**{RUN_KEY: run})
        failed = True
        try:
            result = super(MailMail, mails).send(auto_commit=auto_commit, raise_exception=raise_exception)
            for step in AFTER_RUN if run.delivers else AFTER_RUN[:1]:
                getattr(self, step)(run)
            if auto_commit and run.delivers:
                # as core does after each mail; what the last one's server told is noted behind that
                self.env.cr.commit()  # pylint: disable=invalid-commit
            failed = False
        finally:
            run.close(failed)
        return result

    def _begin_run(self, auto_commit, raise_exception):
        """Return what this call of ``send`` keeps; where nothing is set up, that is nearly nothing."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return DeliveryRun(auto_commit, raise_exception)
        journal = self._transactions().open_journal(self, auto_commit)
        job = carried(self.env, JOBS_KEY, (JobSlice, HandOut))
        return DeliveryRun(auto_commit, raise_exception, journal, Tally(), job)

    @api.model
    def _transactions(self):
        """Return how long what a run writes is to last: all that a test does is in one transaction."""
        is_test = getattr(threading.current_thread(), "testing", False) or self.env.registry.in_test_mode()
        return OneTransaction(self.env) if is_test else Transactions(self.env)

    def _split_by_mail_configuration(self):
        """Yield (server id, no sender, mail ids) of each batch, when the one before it was sent.

        Core groups by author as well, because the session would rewrite the From header; here each mail has its
        own sender, see :meth:`_send`.
        """
        if self.env["mail.routing"]._routing_table().is_idle:
            yield from super()._split_by_mail_configuration()
            return
        run = run_of(self.env)
        mails = self._claim_all(run) if run.delivers else self
        ids_by_server = mails._by_server_of_route(run)
        mails._read_together(run, ids_by_server)
        if not run.delivers:
            yield from ((server_id, None, ids) for server_id, ids in ids_by_server.items())
            return
        for step in BEFORE_RUN_IN_JOB if run.job else BEFORE_RUN:
            ids_by_server = getattr(self, step)(run, ids_by_server)
        for server_id, batch_ids in self._batches(run, ids_by_server):
            yield server_id, None, batch_ids

    def _send(self, auto_commit=False, raise_exception=False, smtp_session=None):
        """Let each mail leave by its own route, as the alias domain that the route names."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return super()._send(auto_commit, raise_exception, smtp_session)
        run = run_of(self.env)
        server = self.env["ir.mail_server"]._session_server(smtp_session)
        mails = self.with_context(**{RUN_KEY: run})
        mail_ids = list(mails._decide_once(run))
        for position, mail_id in enumerate(mail_ids):
            if mail_id not in run.routes:
                # the server has shown meanwhile that it wants another sender
                mails.browse(mail_ids[position:])._decide_once(run)
            mail, route = mails.browse(mail_id), run.routes.get(mail_id)
            if route and route.server_id != server.id:
                route = self.env["mail.routing"]._decide(mail, server).get(mail_id)
            # the domain also where it is none: the one in the caller's context is not this mail's
            leaving = mail.with_context(**in_domain(route and route.domain_id))
            attempt = DeliveryAttempt(route, mail, server.id or CONFIG_SERVER_ID)
            with run.attempting(attempt):
                if not run.delivers or leaving._may_leave(run, attempt):
                    super(MailMail, leaving)._send(auto_commit, raise_exception, smtp_session)
            run.left.add(mail_id)
            run.routes[mail_id] = attempt.route and replace(attempt.route, **attempt.wire)
        return True

    def _may_leave(self, run, attempt):
        """Tell whether a mail leaves now; else it is seen to."""
        return all(getattr(self, step)(run, attempt) for step in BEFORE_MAIL)

    def _has_time(self, run, _attempt):
        """Tell whether the job that sends has time left; what is left is for the next one."""
        return run.has_time

    def _is_claimed(self, run, attempt):
        """Tell whether this run may send the mail; else another one does, and says how it left."""
        if self._still_ours(run):
            return True
        attempt.route = None
        return False

    def _is_server_well(self, run, attempt):
        """Tell whether the server did not get into trouble with an earlier mail; else this one waits, too."""
        if attempt.server_id not in run.troubles:
            return True
        self._wait_untried(run, attempt.server_id)
        return False

    def _knows_who_has_it(self, _run, attempt):
        """Let the mail leave to those only who have not got it."""
        attempt.had = self._done() if self.delivery_done else attempt.had
        return True

    def _count_run(self, run):
        """Count what became of the mails so far."""
        self.env["mail.delivery.count"]._count_later(run.tally)

    def _call_queue(self, run):
        """Let the queue come in the minute after each mail that waits is due; by itself it comes once an hour."""
        postponed = self.browse(sorted(run.postponed)).sudo()
        waiting = postponed.filtered(lambda mail: mail.state == "outgoing" and mail.scheduled_date)
        minutes = {mail.scheduled_date.replace(second=0, microsecond=0) for mail in waiting}
        if minutes:
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
            cron._trigger(at=[minute + timedelta(minutes=1) for minute in sorted(minutes)])

    def _tell_waiting(self, run):
        """Show each sender in the browser what waits: one message may be several mails, and is told once.

        The queue and other scheduled actions, which have this key in their context, tell nobody.
        """
        if run.auto_commit or "lastcall" in self.env.context:
            return
        mails_by_sender = {}
        for mail in self.browse(sorted(run.postponed)).sudo():
            sender = mail._sender()
            mails_by_sender[sender] = mails_by_sender.get(sender, mail) | mail
        self.env["bus.bus"]._sendmany(
            [
                (sender, "simple_notification", mails._waits_notification(sender))
                for sender, mails in mails_by_sender.items()
                if sender.user_ids.filtered(lambda user: not user.share)
            ]
        )

    def _sender(self):
        """Return the partner who sends: core sends as superuser what an author has just posted."""
        return self.author_id if self.env.uid == SUPERUSER_ID else self.env.user.partner_id

    def _waits_notification(self, sender):
        """Return what the web client shows until somebody closes it: it is more than one reads in passing."""
        count = len(self.mail_message_id)
        self = self.with_context(lang=sender.lang)  # pylint: disable=self-cls-assignment
        title = _("%s of your mails wait", count) if count > 1 else _("Your mail waits")
        return {"title": title, "message": self[:1].failure_reason, "type": "warning", "sticky": True}
