import json
from datetime import timedelta

from odoo import _, api, fields, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing.delivery.answer_class import PRECEDENCE, AnswerClass
from ...routing.delivery.retry import KEEP_HOURS, next_attempt
from ..context import RUN_KEY
from ..run import run_of
from ..setup.mail_routing import CONFIG_SERVER_ID
from .mail_delivery_count import FAILED, SENT, WAITED, Subject
from .mail_mail import wire_addresses

KEEP_HOURS_PARAMETER = "mail_company_routing.keep_hours"
# How long a mail of a stopped server waits, until it is looked at again: somebody has to press a button meanwhile.
LOOK_AGAIN = timedelta(hours=1)
# What is done with the answers to a mail, before it is decided what becomes of it.
AFTER_MAIL = ("_check_for_leaks", "_note_who_has_it", "_note_answers")


class MailMail(models.Model):
    """What becomes of a mail: it is sent, it waits, it fails, or a person decides; each is counted."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, failure_reason=False, failure_type=None):
        """Let mails wait where core lets them fail, if what stood in their way is temporary.

        Core calls this for each mail that it has tried, and for all mails of a server that it could not connect to.
        """
        run, mails = run_of(self.env), self
        if run.delivers and run.attempt.mail_id in self.ids:
            settled = self._settle(run, success_pids, failure_reason, failure_type)
            if settled is None:
                return True
            success_pids, failure_reason, failure_type = settled
        elif run.delivers:
            mails = self._settle_unreached(run)
        return super(MailMail, mails)._postprocess_sent_message(success_pids, failure_reason, failure_type)

    def _settle(self, run, success_pids, failure_reason, failure_type):
        """Do what the answers to one mail ask for; whoever wants exceptions has them, and nothing waits.

        :return: what core is to do the rest with, as it was called; None: nothing is left for it to do
        """
        attempt, answers = run.attempt, run.attempt.answers
        attempt.failure_type = failure_type
        server = self.env["ir.mail_server"]._server_record(attempt.server_id)
        is_sent = self.state == "sent" and not attempt.refused and not attempt.doubt
        for step in AFTER_MAIL:
            getattr(self, step)(run)
        success_pids = self._served(attempt, success_pids)
        temporary = [answer for answer in answers if answer.is_temporary]
        if temporary and not attempt.doubt and not run.raise_exception:
            self._wait(run, temporary[0], attempt.server_id, success_pids)
            return None
        worst = min(answers, key=lambda answer: PRECEDENCE.index(answer.answer_class), default=None)
        self._tally(run, SENT if is_sent else FAILED, attempt.server_id, worst)
        if attempt.doubt:
            self._set_in_doubt(attempt.doubt, self._doubt_reason(attempt.failure, server))
            return None
        if answers and not run.raise_exception:
            failure_reason, failure_type = self._routing_words()._failed_message(self, server), "unknown"
            self.write({"state": "exception", "failure_reason": failure_reason})
        return success_pids, failure_reason, failure_type

    def _settle_unreached(self, run):
        """Let the mails wait whose server could not be reached; return those that fail, as core says it."""
        failing = self.browse()
        for server_id, mails in self._by_server(run).items():
            answer = run.troubles.get(server_id)
            if answer is None:
                mails._tally(run, FAILED, server_id)
            if answer is None or run.raise_exception:
                failing |= mails
            else:
                mails._wait_for_session(run, server_id)
        return failing

    def _check_for_leaks(self, run):
        """A hook for whoever looks at what left, before core perhaps deletes the mail."""

    def _note_who_has_it(self, run):
        """Keep who has the mail, where it failed or has to leave once more for the others."""
        attempt = run.attempt
        if attempt.done and (attempt.refused or attempt.failure_type):
            self._add_done(attempt.done)

    def _note_answers(self, run):
        """Keep what was answered to one mail, if it failed: whoever reads why does so in another language."""
        attempt = run.attempt
        if attempt.doubt or not attempt.answers:
            return
        refused = [[email, answer.answer_class.value, str(answer)] for email, answer in attempt.refused.items()]
        self.write(
            {
                "delivery_class": attempt.answers[0].answer_class.value,
                "delivery_answer": str(attempt.answers[0]),
                "delivery_refused": json.dumps(refused) if refused and not attempt.failure else False,
            }
        )

    @api.model
    def _served(self, attempt, success_pids):
        """Return those who have the mail; core takes all for served that it saw no exception for."""
        refused = {email.lower() for email in attempt.refused}
        return [partner for partner in success_pids if refused.isdisjoint(wire_addresses(partner))]

    def _doubt_reason(self, failure, server):
        """Say what came between a message and the answer to it."""
        return self._routing_words()._trouble_message(failure, server) if failure else _("Sending was interrupted.")

    def _fail(self, run, reason):
        """Let a mail fail that may leave through no server, as core does if it cannot connect to one.

        :raises MailDeliveryException: if the caller of ``send`` wants exceptions
        """
        if run.raise_exception:
            raise MailDeliveryException(reason)
        self.write({"state": "exception", "failure_reason": reason})
        self._postprocess_sent_message(success_pids=[], failure_reason=reason, failure_type="mail_smtp")

    def _wait(self, run, answer, server_id, success_pids=()):
        """Let mails that were tried wait for their next attempt; one that waited too long fails with its story."""
        now = fields.Datetime.now()
        server = self.env["ir.mail_server"]._server_record(server_id)
        said = {"delivery_class": answer.answer_class.value, "delivery_answer": str(answer)}
        for (since, attempts), mails in self._by_history(now).items():
            mails.write({"delivery_attempts": attempts, "delivery_since": since, **said})
            due = next_attempt(since, attempts, now, self._keep_hours())
            if due:
                # a server that rests is not asked before it wakes
                mails._postpone(run, max(due, server.delivery_rest_until or due), server, success_pids)
            else:
                for mail in mails:
                    mail._give_up(server, success_pids)
            mails._tally(run, WAITED if due else FAILED, server_id, answer)

    def _wait_for_session(self, run, server_id):
        """Let mails wait for which no session could be opened.

        What was said of the account and the login before any mail was named is no attempt to send these mails. It is
        one if they try again whether the login is right, and if the server keeps no state (odoo.conf).
        """
        answer, server = run.troubles[server_id], self.env["ir.mail_server"]._server_record(server_id)
        is_first = answer.answer_class is AnswerClass.LOGIN and server.delivery_failures == 1
        if server and (is_first or answer.answer_class in (AnswerClass.ACCOUNT, AnswerClass.RATE)):
            self._wait_untried(run, server_id)
        else:
            self._wait(run, answer, server_id)

    def _by_history(self, now):
        """Return the mails by when they were first tried, and how often, this time included."""
        parts = {}
        for mail in self:
            since = mail.delivery_since if mail.delivery_attempts else now
            key = since or now, mail.delivery_attempts + 1
            parts[key] = parts.get(key, self.browse()) | mail
        return parts

    def _wait_untried(self, run, server_id):
        """Let mails wait until their server may be asked again; they were not tried, so that is no attempt.

        :raises MailDeliveryException: where the caller of ``send`` wants exceptions
        """
        server = self.env["ir.mail_server"]._server_record(server_id)
        if run.raise_exception and self:
            raise MailDeliveryException(self._routing_words()._server_trouble_message(server))
        now = fields.Datetime.now()
        keep = timedelta(hours=self._keep_hours())
        # one that was never tried never expires
        tried = self.filtered(lambda mail: mail.delivery_since and mail.delivery_attempts)
        overdue = tried.filtered(lambda mail: mail.delivery_since + keep <= now)
        for mail in overdue:
            mail._give_up(server)
        overdue._tally(run, FAILED, server_id)
        waiting = self - overdue
        waiting.filtered(lambda mail: not mail.delivery_since).write({"delivery_since": now})
        due = server.delivery_rest_until if server.delivery_state == "resting" else now + LOOK_AGAIN
        waiting._postpone(run, max(due or now, now), server)

    def _postpone(self, run, due, server, success_pids=(), limit=False):
        """Keep mails in the queue until a moment, and say so in the chatter; nothing turns red.

        :param bool limit: they wait for the limit of a server, and not because something is wrong
        """
        run.postponed.update(self.ids)
        for mails in self._by_language():
            words = mails._routing_words()
            reason = words._limit_message(server, due) if limit else words._waits_message(mails[:1], server, due)
            waits = {"state": "outgoing", "scheduled_date": due, "failure_reason": reason}
            mails.write({**waits, "delivery_over_limit": limit})
            mails._notify_waiting(reason, success_pids)

    def _give_up(self, server, success_pids=()):
        """Let a mail fail, with its whole story."""
        reason = self._routing_words()._gave_up_message(self, server)
        self.write({"state": "exception", "failure_reason": reason})
        self._notify_failure(reason, success_pids)

    def _notify_failure(self, reason, success_pids=()):
        """Show in the chatter that mails failed, as core does it: no run looks at them any more."""
        mails = self.with_context(**{RUN_KEY: None})
        mails._postprocess_sent_message(list(success_pids), failure_reason=reason, failure_type="unknown")

    def _notify_waiting(self, reason, success_pids=()):
        """Show in the chatter that mails wait, to those who have not got them."""
        open_ones = [
            ("notification_type", "=", "email"),
            ("mail_mail_id", "in", self.ids),
            ("notification_status", "not in", ("sent", "canceled")),
        ]
        notifications = self.env["mail.notification"].sudo().search(open_ones)
        done = notifications.filtered(lambda notification: notification.res_partner_id in success_pids)
        done.write({"notification_status": "sent", "failure_type": False, "failure_reason": False})
        (notifications - done).write(
            {"notification_status": "ready", "failure_type": "mail_waits", "failure_reason": reason}
        )
        messages = notifications.mail_message_id.filtered(lambda message: message.is_thread_message())
        messages._notify_message_notification_update()

    def _tally(self, run, result, server_id, answer=None):
        """Count these mails, each for the company that it leaves as."""
        for mail_id in self.ids:
            route = run.attempt.route if run.attempt.mail_id == mail_id else run.routes.get(mail_id)
            subject = Subject(
                result=result,
                company_id=route.company_id if route else None,
                mail_server_id=server_id if server_id != CONFIG_SERVER_ID else None,
                answer_class=answer.answer_class.value if answer else None,
            )
            run.tally.add(subject, answer=answer)

    def _by_server(self, run):
        """Return the mails by the id under which the run knows their server."""
        servers = {}
        for mail in self:
            route = run.routes.get(mail.id)
            key = (route and route.server_id) or CONFIG_SERVER_ID
            servers[key] = servers.get(key, self.browse()) + mail
        return servers

    def _by_language(self):
        """Return the mails in parts, each of one language and time zone of the author."""
        parts = {}
        for mail in self:
            author = mail.sudo().author_id
            parts.setdefault((author.lang, author.tz), []).append(mail.id)
        return [self.browse(ids) for ids in parts.values()]

    def _routing_words(self):
        """Return what writes reasons, in the author's language and time: who wrote the mail reads why it waits."""
        author = self[:1].sudo().author_id
        return self.env["mail.routing.words"].with_context(lang=author.lang or self.env.lang, tz=author.tz)

    @api.model
    def _keep_hours(self):
        """Return for how many hours a mail waits in all."""
        hours = self.env["ir.config_parameter"].sudo().get_param(KEEP_HOURS_PARAMETER) or ""
        return int(hours) if hours.isdecimal() and len(hours) < 6 else KEEP_HOURS
