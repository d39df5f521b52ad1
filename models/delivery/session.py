"""The SMTP session of one server in one run: kept from batch to batch, and opened once more where it breaks."""

import logging
import smtplib

from ...routing.delivery.answer import AnsweredError, classify, of_exception, of_recipients
from ...routing.delivery.answer_class import AnswerClass
from ...routing.delivery.pipelining import PipeliningFailed
from ...routing.delivery.watch import InDoubt, Watch
from .connection import be_patient
from .run import say_goodbye

_logger = logging.getLogger(__name__)
# What says nothing about a mail and can only be told by a server, or by the way to it.
SMTP_ERRORS = (smtplib.SMTPException, OSError)
# RFC 5321, section 3.8: the server says so, and hangs up.
CLOSING = 421


class Broken(smtplib.SMTPException):
    """The session is over. Not ``SMTPServerDisconnected``: core would end the whole run for it, of all companies."""


class Session:
    """What core's ``send`` takes for an smtplib session is one; what it calls to send is :meth:`sendmail`.

    :param Run run: the run that it is of
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
        self._has_chance = True
        self._has_sent = False
        self.smtp = self._open()

    def end(self):
        """Log out, which core does after each batch."""
        say_goodbye(self._quit)

    def _open(self):
        """Open the session; whoever has it sends by :meth:`sendmail`, and does not end it."""
        with self.run.waiting():
            smtp = self._connect()
        be_patient(smtp)
        self._watch = Watch(smtp, self._on_message)
        self._quit, smtp.quit = smtp.quit, lambda: None
        smtp.sendmail = self.sendmail
        return smtp

    def sendmail(self, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
        """Send to those who have not got the mail yet, and note on the departure what became of it.

        A recipient who is refused is no error here: the mail may have others, and core would not send to them.

        :raises Broken: the session is over, and could not be opened again, or the mail is in doubt
        :raises smtplib.SMTPException: the server refused the mail
        """
        departure = self.run.departure
        self._recipients = [email for email in to_addrs if email.lower() not in departure.had]
        if not self._recipients:
            return {}
        try:
            refused = self._transact(from_addr, self._recipients, msg, mail_options, rcpt_options)
        except smtplib.SMTPRecipientsRefused as error:
            answers = of_recipients(error)
            departure.refused.update(answers)
            if self.run.raise_exception:
                raise
            return error.recipients
        except SMTP_ERRORS as error:
            self._fail(departure, error)
            if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
                raise Broken(str(error)) from error
            raise
        except BaseException:
            # no matter what it is: the answers that follow belong to this mail
            self._fail_between(departure)
            raise
        answers = {email: answer for email, answer in refused.items() if email not in self._taken}
        departure.refused.update({email: classify(*answer, "rcpt") for email, answer in answers.items()})
        departure.done.update(email.lower() for email in self._taken)
        departure.handed = from_addr, msg
        self.run.journal.accepted()
        self.run.delivered.add(self.server_id)
        self._has_chance = self._has_sent = True
        return refused

    def _transact(self, *args):
        """Send in the open session, and in another one where it breaks before the message is written."""
        try:
            return self._try(*args)
        except SMTP_ERRORS as error:
            if isinstance(error, InDoubt) or not self._has_chance or not self._is_break(error):
                raise
            _logger.info("A mail server broke off, the session is opened once more: %s", error)
            self._has_chance = self._has_sent = False
            self.run.journal.refused()
            stumbled = isinstance(error, PipeliningFailed)
            self.may_pipeline = self.may_pipeline and not stumbled
            self._open()
            result = self._try(*args)
            if stumbled and error.certain:
                self.server._note_stumble()
            return result

    def _try(self, *args):
        """Send in the open session; where the server hangs up on a recipient, that says nothing of the recipient."""
        try:
            return self._watch.sendmail(*args, may_pipeline=self.may_pipeline)
        except smtplib.SMTPRecipientsRefused as error:
            about_server = next((a for a in of_recipients(error).values() if a.server_rests or a.server_stops), None)
            if about_server:
                raise AnsweredError(about_server) from error
            raise

    def _is_break(self, error):
        """Tell whether an error ends the session only: the server may take the mail in another one.

        A 421 after some mails is the end of a session, whatever it says; many providers take ten mails in each. So is
        what the server's words mean by it, with any code.
        """
        answer = of_exception(error)
        return answer.answer_class is AnswerClass.CONNECTION or (
            (answer.code == CLOSING or answer.wants_new_session) and self._has_sent
        )

    def _fail(self, departure, error):
        """Note what stood in the way of the mail, and of all that the server would get."""
        answer = departure.failure = of_exception(error)
        if isinstance(error, InDoubt):
            departure.doubt = self._taken
            self.run.journal.in_doubt()
        else:
            self.run.journal.refused()
        if answer.server_rests or answer.server_stops:
            self.server._note_trouble(self.run, self.server_id, answer)

    def _fail_between(self, departure):
        """End the session where something else than the server came between."""
        self._watch.session.close()
        if self._watch.is_pending:
            departure.doubt = self._taken
            self.run.journal.in_doubt()
        else:
            self.run.journal.refused()

    def _on_message(self, taken):
        """Note that from now on the server may have the mail for those it took, whatever becomes of this process."""
        self._taken = taken
        self.run.journal.start(self.run.departure.mail_id, self.server_id, taken)
