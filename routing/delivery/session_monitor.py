"""One SMTP session of smtplib, monitored: who was refused, and may the server have a mail that it never answered?

smtplib tells neither: ``send_message`` returns the refused recipients to a caller that may drop them, and a connection
that breaks off reads the same before a message and behind it.
"""

from smtplib import SMTP, SMTPDataError, SMTPException

from .transaction import pipelined_sendmail

LONE_DOT = b".\r\n"
START_OF_MESSAGE = 354
REFUSED = 400
# The only answer to a message that smtplib takes for a yes.
YES = 250


class InDoubt(SMTPException):
    """The connection ended behind the end of a message, or the answer to it is silence or none that can be read.

    The server may have taken the message, or not.
    """


class SessionMonitor:
    """Watches an open session from inside, as smtplib calls these methods of it.

    :param session: ``smtplib.SMTP``, ``SMTP_SSL``, or core's wrapper of one
    :param on_message: called when a message is about to be written, with the recipients whom the server took
    """

    def __init__(self, session, on_message):
        self.session = getattr(session, "__obj__", session)
        self.on_message = on_message
        # The whole message is written, and the answer to it is due.
        self.is_pending = False
        self._code = None
        self._recipients, self._codes = [], []
        self._getreply, self._send = self.session.getreply, self.session.send
        self.session.getreply, self.session.send = self._read_reply, self._write

    def sendmail(self, from_addr, to_addrs, *args, may_pipeline=True):
        """Do what ``session.sendmail`` does, same arguments, result and exceptions, but for one.

        :raises InDoubt: nobody knows whether the server has the message
        """
        self.is_pending = False
        self._recipients, self._codes = to_addrs, []
        send = pipelined_sendmail if may_pipeline else SMTP.sendmail
        try:
            return send(self.session, from_addr, to_addrs, *args)
        except SMTPDataError:
            # smtplib resets the session after a refused message, and not after a refused DATA
            if self._code and self._code >= REFUSED and self.session.sock:
                self.session.rset()
            raise
        except OSError as error:
            # smtplib's own exceptions are OSErrors, too; an answer is one that leaves no doubt
            if self.is_pending:
                raise InDoubt(str(error) or type(error).__name__) from error
            raise

    def _read_reply(self):
        """Read as smtplib does; to a message, each 2xx is a yes, and what is neither yes nor no leaves doubt."""
        code, text = self._getreply()
        if self.is_pending:
            if not 200 <= code < 600 or 300 <= code < 400:
                self.session.close()
                raise InDoubt(f"{max(code, 0) or ''} {text.decode('utf-8', 'replace')}".strip() or "no code")
            code = YES if code < 300 else code
        self._code, self.is_pending = code, False
        self._codes.append(code)
        return code, text

    def _taken(self):
        """Return the recipients whom the server took: one answer for each came before the go-ahead.

        A 252 is a refusal to smtplib, which sends the message all the same where there are other recipients.
        """
        answers = self._codes[-len(self._recipients) - 1 : -1]
        return [email for email, code in zip(self._recipients, answers, strict=True) if code // 100 == 2]

    def _write(self, text):
        """Write as smtplib does; after the go-ahead, anything but a lone dot is a message."""
        if self._code == START_OF_MESSAGE and text != LONE_DOT:
            # whatever comes between: what is written next is no message
            self._code = None
            self.on_message(self._taken())
            # Where that breaks off, the end of the message is not out, and the server takes nothing.
            self._send(text)
            self.is_pending = True
        else:
            self._send(text)
