"""Ask a mail server about senders, without sending anything, and send test mails."""

import smtplib
from contextlib import suppress

from ..delivery.answer import classify, of_exception
from ..mailbox.connection import unwrapped
from ..server_words import CONNECT, MAIL, RCPT, AnswerClass

# Broken connections after which a server is not asked again.
PATIENCE = 2
_ERRORS = (smtplib.SMTPException, OSError)


class Dialogue:
    """One conversation with a server, in as many sessions as it takes: some servers hang up after a refusal.

    ``trouble`` is the answer that ended it: no connection, a refused login, too many mails. What is asked after it
    gets the same answer, and the server is left alone.

    :param connect: opens a session of smtplib and logs in
    """

    def __init__(self, connect):
        self._connect = connect
        self._smtp = None
        self._breaks = 0
        self.trouble = None

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        """Say goodbye."""
        if self._smtp:
            with suppress(*_ERRORS):
                self._smtp.quit()
        self._drop()

    def ask(self, sender, recipient):
        """Return the :class:`Answer` that refuses a sender, or None if the server takes it.

        Postfix answers about the sender at RCPT TO only (smtpd_delay_reject). RSET ends what was begun.
        """
        return self._do(lambda smtp: _begin(smtp, sender, recipient))

    def send(self, sender, recipient, data):
        """Send a mail; return the :class:`Answer` that refuses it, or None."""
        return self._do(lambda smtp: smtp.sendmail(sender, [recipient], data) or None)

    def _do(self, work):
        answer = self.trouble or self._try(work)
        if answer and not self.trouble and self._ends(answer):
            self.trouble = answer
        return answer

    def _ends(self, answer):
        """Tell whether there is no point in going on."""
        if answer.answer_class is AnswerClass.CONNECTION:
            self._breaks += 1
            return self._breaks >= PATIENCE
        return answer.server_rests or answer.server_stops

    def _try(self, work):
        """Do some work; once more in a new session if the server has closed the one that was left."""
        was_open = bool(self._smtp)
        answer = self._try_once(work)
        if was_open and answer and answer.answer_class is AnswerClass.CONNECTION and self.trouble is None:
            answer = self._try_once(work)
        return answer

    def _try_once(self, work):
        try:
            smtp = self._open()
        except _ERRORS as error:
            self.trouble = of_exception(error, CONNECT)
            return self.trouble
        try:
            answer = work(smtp)
        except _ERRORS as error:
            answer = of_exception(error)
        self._reset(smtp)
        return answer

    def _open(self):
        if self._smtp is None:
            self._smtp = unwrapped(self._connect())
        return self._smtp

    def _reset(self, smtp):
        """Forget what was begun; drop the session if it is over."""
        try:
            if smtp.sock is None or smtp.rset()[0] != 250:
                self._drop()
        except _ERRORS:
            self._drop()

    def _drop(self):
        if self._smtp:
            self._smtp.close()
        self._smtp = None


def _begin(smtp, sender, recipient):
    """Say who sends and to whom; return the Answer that refuses it, or None."""
    for stage, command in ((MAIL, lambda: smtp.mail(sender)), (RCPT, lambda: smtp.rcpt(recipient))):
        code, text = command()
        if not 200 <= code < 300:
            return classify(code, text, stage)
    return None
