"""SMTP pipelining (RFC 2920): MAIL, each RCPT and DATA in one round trip, where smtplib makes one for each of them."""

from functools import partial
from smtplib import SMTP

from .transaction import PipeliningFailed, Transaction

__all__ = ["PipeliningFailed", "enable", "pipelined_sendmail"]


def enable(session) -> bool:
    """Let an open session use pipelining from now on, if its server announces it; tell whether it does.

    :param session: after EHLO and login: ``smtplib.SMTP``, ``SMTP_SSL``, or core's wrapper of one
    """
    session = getattr(session, "__obj__", session)
    if not isinstance(session, SMTP) or not session.has_extn("pipelining"):
        return False
    # send_message calls it.
    session.sendmail = partial(pipelined_sendmail, session)
    return True


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
