"""SMTP pipelining (RFC 2920): MAIL, each RCPT and DATA in one round trip, where smtplib makes one for each of them."""

from collections import deque
from contextlib import suppress
from smtplib import SMTP, SMTPDataError, SMTPResponseException, SMTPServerDisconnected

# Octets of one group of commands. RFC 2920, section 3.1: a client that blocks while it writes keeps a group within
# the TCP window, usually 4 kB; else both sides may wait for ever, each for the other to read.
WINDOW = 4096
# Answers to a RCPT after a good MAIL, and to a DATA after a good RCPT, that show that the server lost a command:
# not recognized, not implemented, bad sequence.
LOST = (500, 502, 503)


class PipeliningFailed(SMTPServerDisconnected):
    """The server announced PIPELINING and stumbled over it. The connection is closed, and nothing was sent.

    It is never raised once the message itself is under way, so the mail can go out again, without pipelining, in a
    new session. Where it then does, the server is worth remembering.

    ``certain``: an answer was out of step. Else the connection ended or stayed silent, as it also does where a
    network breaks, or where the server had closed an idle session.
    """

    def __init__(self, reason, certain=False):
        super().__init__(reason)
        self.certain = certain


def pipelined_sendmail(session, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
    """Do what ``session.sendmail`` does, in fewer round trips: same arguments, result and exceptions.

    smtplib's own ``sendmail`` still decides everything (options, refusals, RSET, exceptions). It only talks to a
    :class:`Transaction` in place of the session, in which the commands are sent before it asks for their answers.

    :raises PipeliningFailed: where the server stumbles before the message is under way
    """
    if session.sock is None or not session.has_extn("pipelining"):
        return type(session).sendmail(session, from_addr, to_addrs, msg, mail_options, rcpt_options)
    recipients = [to_addrs] if isinstance(to_addrs, str) else list(to_addrs)
    transaction = Transaction(session, recipients, rcpt_options)
    return SMTP.sendmail(transaction, from_addr, recipients, msg, mail_options)


class _StandIn:
    """Has all that a session has, but for what a subclass does in its own way."""

    def __init__(self, session):
        self.session = session

    def __getattr__(self, name):
        return getattr(self.session, name)


class _Composer(_StandIn):
    """Takes down commands in smtplib's own words, and sends none."""

    mail, rcpt, putcmd = SMTP.mail, SMTP.rcpt, SMTP.putcmd

    def __init__(self, session):
        super().__init__(session)
        self.commands = []

    def send(self, text):
        """Take down a command."""
        self.commands.append(text.encode(self.command_encoding))

    def getreply(self):
        """Do not wait: nothing was sent."""


class Transaction(_StandIn):
    """What smtplib's ``sendmail`` takes for the session.

    ``pending`` commands are not yet sent; ``unread`` counts those sent and not yet answered.
    """

    def __init__(self, session, recipients, rcpt_options):
        super().__init__(session)
        self.recipients = recipients
        self.rcpt_options = rcpt_options
        self.pending = deque()
        self.unread = 0
        # The server took a recipient, also with a code that smtplib counts as a refusal, such as 252.
        self.taken = False

    def mail(self, sender, options=()):
        """Compose all commands, send the first group, and return the answer to MAIL.

        An address that cannot be written stops it here, before anything is sent.
        """
        composer = _Composer(self.session)
        composer.mail(sender, options)
        for recipient in self.recipients:
            composer.rcpt(recipient, self.rcpt_options)
        composer.putcmd("data")
        self.session.command_encoding = composer.command_encoding
        self.pending = deque(composer.commands)
        code, text = self._next_answer()
        self._in_step(code, code // 100 != 3)
        return code, text

    def rcpt(self, _recipient, _options=()):
        """Return the answer to the next RCPT."""
        code, text = self._next_answer()
        self._in_step(code, code // 100 != 3 and code not in LOST)
        self.taken = self.taken or code // 100 == 2
        return code, text

    def data(self, msg):
        """Send the message if DATA was accepted; return the answer to its end.

        smtplib leaves a refused DATA as it is. The RCPTs of the next mail would join this transaction.
        """
        try:
            return SMTP.data(self, msg)
        except SMTPDataError as error:
            if error.smtp_code == 421:
                self.session.close()
            else:
                self.session._rset()
            raise

    def putcmd(self, _command, _args=""):
        """Do nothing: DATA, which smtplib sends here, was in the last group."""

    def getreply(self):
        """Return the answer to DATA, then the one to the end of the message."""
        if not self.pending and not self.unread:
            return self.session.getreply()
        code, text = self._next_answer()
        self._in_step(code, code // 100 != 2 and not (self.taken and code in LOST))
        return code, text

    def _rset(self):
        """After a refusal, leave the session as smtplib does, fit for the next mail.

        The refusal stays the outcome where the server hangs up now. Where it is silent, it may have lost commands.
        """
        try:
            # Raised for an answer of endless length, after smtplib has hung up.
            with suppress(SMTPResponseException):
                self._read_what_is_due()
        except SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):
                raise PipeliningFailed(str(error)) from error
        self.session._rset()

    def _read_what_is_due(self):
        """Read the answers that are still due; a DATA that was accepted all the same gets an end, and no message."""
        while self.unread:
            code, _text = self._read()
            self.taken = self.taken or code // 100 == 2
            if code == 354:
                self._end_without_message()

    def _end_without_message(self):
        """Send the lone dot (RFC 2920, section 3.1), unless it would send an empty mail to a recipient."""
        self._in_step(354, not self.taken and not self.unread and not self.pending)
        self.session.send(b".\r\n")
        self.session.getreply()

    def _next_answer(self):
        """Return the next answer, after sending the next group where all that was sent is answered."""
        try:
            if not self.unread:
                self._send_group()
            return self._read()
        except SMTPServerDisconnected as error:
            raise PipeliningFailed(str(error)) from error

    def _send_group(self):
        """Send as many commands as fit the window, at least one."""
        group = [self.pending.popleft()]
        size = len(group[0])
        while self.pending and size + len(self.pending[0]) <= WINDOW:
            group.append(self.pending.popleft())
            size += len(group[-1])
        self.session.send(b"".join(group))
        self.unread = len(group)

    def _read(self):
        self.unread -= 1
        return self.session.getreply()

    def _in_step(self, code, possible):
        """Hang up where an answer cannot be the one that is due: what follows would be misread, too."""
        if not possible:
            self.session.close()
            raise PipeliningFailed(f"{code} is out of step with the commands sent", certain=True)
