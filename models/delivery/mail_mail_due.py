from contextlib import contextmanager
from datetime import timedelta

from odoo import models

from .run import Run


class MailMail(models.Model):
    """The queue comes again when a mail that waits is due; by itself it comes once an hour."""

    _inherit = "mail.mail"

    @contextmanager
    def _start_sending(self, auto_commit, raise_exception):
        """Call the queue in the end for all that has to wait, once for each minute."""
        with super()._start_sending(auto_commit, raise_exception) as sending:
            yield sending
            if isinstance(sending, Run):
                self.browse(sorted(sending.postponed)).sudo()._call_queue()

    def _call_queue(self):
        """Let the queue come in the minute after each of these mails is due."""
        waiting = self.filtered(lambda mail: mail.state == "outgoing" and mail.scheduled_date)
        minutes = {mail.scheduled_date.replace(second=0, microsecond=0) for mail in waiting}
        if minutes:
            cron = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
            cron._trigger(at=[minute + timedelta(minutes=1) for minute in sorted(minutes)])
