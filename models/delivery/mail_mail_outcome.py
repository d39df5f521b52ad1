import json
from datetime import timedelta

from odoo import _, api, fields, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing.delivery.answer_class import AnswerClass
from ...routing.delivery.retry import KEEP_HOURS, next_attempt
from ..context import SENDING_KEY
from ..setup.mail_routing import CONFIG_SERVER_ID
from .mail_mail import wire_addresses

KEEP_HOURS_PARAMETER = "mail_company_routing.keep_hours"
# How long a mail of a stopped server waits, until it is looked at again: somebody has to press a button meanwhile.
LOOK_AGAIN = timedelta(hours=1)


class MailMail(models.Model):
    """What becomes of a mail that could not leave: it waits, it fails, or a person decides."""

    _inherit = "mail.mail"

    def _send_one(self, server, send):
        """Send the mail, unless somebody else does, or its server got into trouble with an earlier one."""
        run = self._run()
        if run is None:
            super()._send_one(server, send)
            return
        server_id = server.id or CONFIG_SERVER_ID
        if not self._still_ours():
            run.departure.route = None
        elif server_id in run.troubles:
            self._wait_untried(self.env["ir.mail_server"]._of_run(server_id))
        else:
            departure = run.departure
            departure.mail_id, departure.server_id, departure.had = self.id, server_id, self._done()
            super()._send_one(server, send)

    def _postprocess_sent_message(self, success_pids, failure_reason=False, failure_type=None):
        """Let a mail wait where core lets it fail, if what stood in its way is temporary."""
        run = self._run()
        if run is not None and run.departure.mail_id in self.ids:
            return self._settle(run, success_pids, failure_reason, failure_type)
        if run is None or run.raise_exception:
            return super()._postprocess_sent_message(success_pids, failure_reason, failure_type)
        # core could not connect
        for server_id, mails in self._by_server(run).items():
            answer = run.troubles.get(server_id)
            if answer:
                mails._wait_for_session(answer, self.env["ir.mail_server"]._of_run(server_id))
            else:
                super(MailMail, mails)._postprocess_sent_message(success_pids, failure_reason, failure_type)
        return True

    def _settle(self, run, success_pids, failure_reason, failure_type):
        """Do what the answers to one mail ask for; whoever wants exceptions has them, and nothing waits."""
        core = super()._postprocess_sent_message
        departure = run.departure
        server = self.env["ir.mail_server"]._of_run(departure.server_id)
        if departure.done and (departure.refused or failure_type):
            self._add_done(departure.done)
        if departure.doubt:
            self._set_in_doubt(departure.doubt, self._doubt_reason(departure.failure, server))
            return True
        self._note_answers(departure)
        # core takes all for served that it saw no exception for
        refused = {email.lower() for email in departure.refused}
        success_pids = [partner for partner in success_pids if refused.isdisjoint(wire_addresses(partner))]
        if run.raise_exception:
            return core(success_pids, failure_reason=failure_reason, failure_type=failure_type)
        waits = [departure.failure, *departure.refused.values()]
        waits = [answer for answer in waits if answer and answer.is_temporary]
        if waits:
            return self._wait(waits[0], server, success_pids)
        if departure.refused or departure.failure:
            failure_reason = self._routing_words()._failed_message(self, server)
            failure_type = "unknown"
            self.write({"state": "exception", "failure_reason": failure_reason})
        return core(success_pids, failure_reason=failure_reason, failure_type=failure_type)

    def _note_answers(self, departure):
        """Keep what was answered to one mail, if it failed: whoever reads why does so in another language."""
        refused = [[email, answer.answer_class.value, str(answer)] for email, answer in departure.refused.items()]
        answer = departure.failure or next(iter(departure.refused.values()), None)
        if answer:
            self.write(
                {
                    "delivery_class": answer.answer_class.value,
                    "delivery_answer": str(answer),
                    "delivery_refused": json.dumps(refused) if refused and not departure.failure else False,
                }
            )

    def _doubt_reason(self, failure, server):
        """Say what came between a message and the answer to it."""
        return self._routing_words()._trouble_message(failure, server) if failure else _("Sending was interrupted.")

    def _wait(self, answer, server, success_pids=()):
        """Let mails that were tried wait for their next attempt; one that waited too long fails with its story."""
        now = fields.Datetime.now()
        said = {"delivery_class": answer.answer_class.value, "delivery_answer": str(answer)}
        for (since, attempts), mails in self._by_history(now).items():
            mails.write({"delivery_attempts": attempts, "delivery_since": since, **said})
            due = next_attempt(since, attempts, now, self._keep_hours())
            if due:
                # a server that rests is not asked before it wakes
                mails._postpone(max(due, server.delivery_rest_until or due), server, success_pids)
            else:
                for mail in mails:
                    mail._give_up(server, success_pids)
        return True

    def _wait_for_session(self, answer, server):
        """Let mails wait for which no session could be opened.

        What was said of the account and the login before any mail was named is no attempt to send these mails. It is
        one if they try again whether the login is right, and if the server keeps no state (odoo.conf).
        """
        is_first = answer.answer_class is AnswerClass.LOGIN and server.delivery_failures == 1
        if server and (is_first or answer.answer_class in (AnswerClass.ACCOUNT, AnswerClass.RATE)):
            self._wait_untried(server)
        else:
            self._wait(answer, server)

    def _by_history(self, now):
        """Return the mails by when they were first tried, and how often, this time included."""
        parts = {}
        for mail in self:
            since = mail.delivery_since if mail.delivery_attempts else now
            key = since or now, mail.delivery_attempts + 1
            parts[key] = parts.get(key, self.browse()) | mail
        return parts

    def _wait_untried(self, server):
        """Let mails wait until their server may be asked again; they were not tried, so that is no attempt.

        :raises MailDeliveryException: where the caller of ``send`` wants exceptions
        """
        if self._run().raise_exception and self:
            raise MailDeliveryException(self._routing_words()._server_trouble_message(server))
        now = fields.Datetime.now()
        keep = timedelta(hours=self._keep_hours())
        # one that was never tried never expires
        tried = self.filtered(lambda mail: mail.delivery_since and mail.delivery_attempts)
        overdue = tried.filtered(lambda mail: mail.delivery_since + keep <= now)
        for mail in overdue:
            mail._give_up(server)
        waiting = self - overdue
        waiting.filtered(lambda mail: not mail.delivery_since).write({"delivery_since": now})
        due = server.delivery_rest_until if server.delivery_state == "resting" else now + LOOK_AGAIN
        waiting._postpone(max(due or now, now), server)

    def _postpone(self, due, server, success_pids=(), limit=False):
        """Keep mails in the queue until a moment, and say so in the chatter; nothing turns red.

        :param bool limit: they wait for the limit of a server, and not because something is wrong
        """
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
        mails = self.with_context(**{SENDING_KEY: None})
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
        return self.env["mail.routing"].with_context(lang=author.lang or self.env.lang, tz=author.tz)

    @api.model
    def _keep_hours(self):
        """Return for how many hours a mail waits in all."""
        hours = self.env["ir.config_parameter"].sudo().get_param(KEEP_HOURS_PARAMETER) or ""
        return int(hours) if hours.isdecimal() and len(hours) < 6 else KEEP_HOURS
