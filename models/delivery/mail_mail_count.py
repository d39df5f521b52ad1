from contextlib import contextmanager

from odoo import models

from ...routing.delivery.answer_class import PRECEDENCE
from ..setup.mail_routing import CONFIG_SERVER_ID
from .run import Run
from .tally import FAILED, SENT, WAITED, Subject


class MailMail(models.Model):
    """Counts what becomes of the mails of a run; with nothing set up there is no run, and nothing is counted."""

    _inherit = "mail.mail"

    @contextmanager
    def _start_sending(self, auto_commit, raise_exception):
        """Count in the end what has not been counted after a batch."""
        with super()._start_sending(auto_commit, raise_exception) as sending:
            yield sending
            if isinstance(sending, Run):
                self.env["mail.delivery.count"]._count_later(sending.tally)

    def _batches_of(self, run, server_id, mail_ids):
        """Count after each batch, where the run commits: a queue of many mails takes long."""
        for batch in super()._batches_of(run, server_id, mail_ids):
            yield batch
            if run.auto_commit:
                self.env["mail.delivery.count"]._count_later(run.tally)

    def _postprocess_sent_message(self, success_pids, failure_reason=False, failure_type=None):
        """Count mails that have no server, or one that core could not connect to for a reason of its own."""
        run = self._run()
        if run is not None and run.departure.mail_id not in self.ids:
            for server_id, mails in self._by_server(run).items():
                if server_id not in run.troubles:
                    mails._tally(run, FAILED, server_id)
        return super()._postprocess_sent_message(success_pids, failure_reason, failure_type)

    def _settle(self, run, success_pids, failure_reason, failure_type):
        """Count a mail that was sent, or failed at once; what waits is counted where it waits."""
        departure = run.departure
        is_sent = self.state == "sent" and not departure.refused and not departure.doubt
        before = run.tally.total
        result = super()._settle(run, success_pids, failure_reason, failure_type)
        if run.tally.total == before:
            answers = list(filter(None, [departure.failure, *departure.refused.values()]))
            answer = min(answers, key=lambda answer: PRECEDENCE.index(answer.answer_class), default=None)
            self._tally(run, SENT if is_sent else FAILED, departure.server_id, answer)
        return result

    def _wait(self, answer, server, success_pids=()):
        """Count an attempt that was put off; where it was the last one, the mail is counted as failed."""
        result = super()._wait(answer, server, success_pids)
        waiting = self.filtered(lambda mail: mail.state == "outgoing")
        waiting._tally(self._run(), WAITED, server.id, answer)
        (self - waiting)._tally(self._run(), FAILED, server.id, answer)
        return result

    def _wait_untried(self, server):
        """Count those that have waited too long; waiting on is no new attempt."""
        result = super()._wait_untried(server)
        self.filtered(lambda mail: mail.state == "exception")._tally(self._run(), FAILED, server.id)
        return result

    def _tally(self, run, result, server_id, answer=None):
        """Count these mails, each for the company that it leaves as."""
        for mail_id in self.ids:
            route = run.departure.route if run.departure.mail_id == mail_id else run.routes.get(mail_id)
            subject = Subject(
                result=result,
                company_id=route.company_id if route else None,
                mail_server_id=server_id if server_id != CONFIG_SERVER_ID else None,
                answer_class=answer.answer_class.value if answer else None,
            )
            run.tally.add(subject, answer=answer)
