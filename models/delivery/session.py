"""The SMTP session of one server in one run: kept from batch to batch, and opened once more where it breaks."""

import logging
import smtplib

from odoo import api, models

from ...routing.delivery.answer import AnsweredError, classify, of_exception, of_recipients
from ...routing.delivery.answer_class import AnswerClass
from ...routing.delivery.session_monitor import InDoubt, SessionMonitor
from ...routing.delivery.transaction import PipeliningFailed
from ..run import run_of
from .connection import set_timeout, short_timeouts

_logger = logging.getLogger(__name__)
# What says nothing about a mail and can only be told by a server, or by the way to it.
SMTP_ERRORS = (smtplib.SMTPException, OSError)
# RFC 5321, section 3.8: the server says so, and hangs up.
CLOSING = 421


class SessionLost(smtplib.SMTPException):
    """The session is over. Not ``SMTPServerDisconnected``: core would end the whole run for it, of all companies."""


class DeliverySession:
    """What core's ``send`` takes for an smtplib session is one; what it calls to send is :meth:`sendmail`.

    :param DeliveryRun run: the run that it is of
    :param server: the ``ir.mail_server`` record; empty for the server in odoo.conf
    :param int server_id: the id under which the run knows the server
    :param connect: opens a session of smtplib and logs in
    """

    def __init__(self, run, server, server_id, connect):
        self.run = run
        self.server = server
        self.server_id = server_id
        self.may_pipeline = server._may_pipeline()
        self._connect = connect
        # May be opened once more; each mail that gets through earns it again.
        self._may_reopen = True
        self._has_sent = False
        self.smtp = self._open()

    def end(self):
        """Log out, which core does after each batch; a server that is gone already is none to be polite to."""
        try:
            self._quit()
        except SMTP_ERRORS as error:
            _logger.info("A mail server ended the session first: %s", error)

    def _open(self):
        """Open the session; whoever has it sends by :meth:`sendmail`, and does not end it."""
        with self.run.waiting():
            smtp = self._connect()
        set_timeout(smtp)
        self._monitor = SessionMonitor(smtp, self._on_message)
        self._quit, smtp.quit = smtp.quit, lambda: None
        smtp.sendmail = self.sendmail
        return smtp

    def sendmail(self, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
        """Send to those who have not got the mail yet, and note on the attempt what became of it.

        A recipient who is refused is no error here: the mail may have others, and core would not send to them.

        :raises SessionLost: the session is over, and could not be opened again, or the mail is in doubt
        :raises smtplib.SMTPException: the server refused the mail
        """
        attempt = self.run.attempt
        recipients = [email for email in to_addrs if email.lower() not in attempt.had]
        if not recipients:
            return {}
        try:
            refused = self._transact(from_addr, recipients, msg, mail_options, rcpt_options)
        except smtplib.SMTPRecipientsRefused as error:
            attempt.refused.update(of_recipients(error))
            if self.run.raise_exception:
                raise
            return error.recipients
        except SMTP_ERRORS as error:
            self._fail(attempt, error)
            if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
                raise SessionLost(str(error)) from error
            raise
        except BaseException:
            # no matter what it is: the answers that follow belong to this mail
            self._fail_between(attempt)
            raise
        self._succeed(attempt, refused)
        attempt.handed = from_addr, msg
        return refused

    def _succeed(self, attempt, refused):
        """Note who has the mail now, and who was refused."""
        answers = {email: answer for email, answer in refused.items() if email not in self._taken}
        attempt.refused.update({email: classify(*answer, "rcpt") for email, answer in answers.items()})
        attempt.done.update(email.lower() for email in self._taken)
        self.run.journal.accepted()
        self.run.delivered.add(self.server_id)
        self._may_reopen = self._has_sent = True

    def _transact(self, *args):
        """Send in the open session, and in another one where it breaks before the message is written."""
        try:
            return self._monitor.sendmail(*args, may_pipeline=self.may_pipeline)
        except SMTP_ERRORS as error:
            error = _about_server(error)
            if isinstance(error, InDoubt) or not self._may_reopen or not self._is_break(error):
                raise error
            return self._transact_anew(error, *args)

    def _transact_anew(self, error, *args):
        """Open the session once more, and send in it; a server that fails at pipelining is remembered."""
        _logger.info("A mail server broke off, the session is opened once more: %s", error)
        self._may_reopen = self._has_sent = False
        self.run.journal.refused()
        failed_at_pipelining = isinstance(error, PipeliningFailed)
        self.may_pipeline = self.may_pipeline and not failed_at_pipelining
        self._open()
        try:
            result = self._monitor.sendmail(*args, may_pipeline=self.may_pipeline)
        except SMTP_ERRORS as second:
            raise _about_server(second) from second
        if failed_at_pipelining and error.certain:
            self.server._forbid_pipelining()
        return result

    def _is_break(self, error):
        """Tell whether an error ends the session only: the server may take the mail in another one.

        A 421 after some mails is the end of a session, whatever it says; many providers take ten mails in each. So is
        what the server's words mean by it, with any code.
        """
        answer = of_exception(error)
        return answer.answer_class is AnswerClass.CONNECTION or (
            (answer.code == CLOSING or answer.wants_new_session) and self._has_sent
        )

    def _fail(self, attempt, error):
        """Note what stood in the way of the mail, and of all that the server would get."""
        answer = attempt.failure = of_exception(error)
        if isinstance(error, InDoubt):
            attempt.doubt = self._taken
            self.run.journal.in_doubt()
        else:
            self.run.journal.refused()
        if answer.server_rests or answer.server_stops:
            self.server._set_in_trouble(self.run, self.server_id, answer)

    def _fail_between(self, attempt):
        """End the session where something else than the server came between."""
        self._monitor.session.close()
        if self._monitor.is_pending:
            attempt.doubt = self._taken
            self.run.journal.in_doubt()
        else:
            self.run.journal.refused()

    def _on_message(self, taken):
        """Note that from now on the server may have the mail for those it took, whatever becomes of this process."""
        self._taken = taken
        self.run.journal.start(self.run.attempt.mail_id, self.server_id, taken)


def _about_server(error):
    """Return the error that a server means which hangs up on a recipient: it says nothing of the recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = of_recipients(error).values()
        about_server = next((answer for answer in answers if answer.server_rests or answer.server_stops), None)
        if about_server:
            return AnsweredError(about_server)
    return error


class IrMailServer(models.Model):
    """A run opens one session for each server, and keeps it."""

    _inherit = "ir.mail_server"

    @api.model
    def _session(self, server_id, open_session):
        """Return the session that the run has, or open it and keep it; note where that goes wrong."""
        run = run_of(self.env)
        if not run.delivers or not server_id or self._is_test_mode():
            return self._open_alone(open_session)
        if server_id not in run.sessions:
            run.sessions[server_id] = self._open_session(run, server_id, open_session)
        return run.sessions[server_id].smtp

    @api.model
    def _open_alone(self, open_session):
        """Open a session that no run keeps; with nothing set up, it waits for everything as long as core does."""
        if self.env["mail.routing"]._routing_table().is_idle:
            return open_session()
        with short_timeouts():
            session = open_session()
        set_timeout(session)
        return session

    @api.model
    def _open_session(self, run, server_id, open_session):
        """Open the session of a server in a run."""
        server = self._server_record(server_id)

        def open_once():
            with short_timeouts(run.opened.pop(server_id, None)):
                return open_session()

        try:
            return DeliverySession(run, server, server_id, open_once)
        except SMTP_ERRORS as error:
            answer = of_exception(error, "connect")
            if answer.is_temporary:
                server._set_in_trouble(run, server_id, answer)
            raise
