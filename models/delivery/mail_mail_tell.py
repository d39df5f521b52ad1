from contextlib import contextmanager

from odoo import SUPERUSER_ID, _, models

from .run import Run


class MailMail(models.Model):
    """Whoever presses Send is told in the browser that the mail waits; the queue and other jobs tell nobody."""

    _inherit = "mail.mail"

    def _postpone(self, due, server, success_pids=(), limit=False):
        """Note which mails wait: one message may be several mails, and is told once."""
        self._run().postponed.update(self.ids)
        return super()._postpone(due, server, success_pids, limit)

    @contextmanager
    def _start_sending(self, auto_commit, raise_exception):
        """Tell in the end what waits, where somebody is there to read it."""
        with super()._start_sending(auto_commit, raise_exception) as sending:
            yield sending
            # scheduled actions have this key in their context
            if isinstance(sending, Run) and not auto_commit and "lastcall" not in self.env.context:
                self.browse(sorted(sending.postponed))._tell_waiting()

    def _tell_waiting(self):
        """Show each sender one notification."""
        mails_by_sender = {}
        for mail in self.sudo():
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
