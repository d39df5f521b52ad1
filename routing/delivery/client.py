"""The standard library's SMTP client, with limits of bytes and of seconds for each answer, and for the way in."""

import math
import smtplib

from ..budget import REPLY, Budget, Budgeted


class SmtpClient(Budgeted, smtplib.SMTP):
    """See ``smtplib.SMTP``."""

    def getreply(self):
        """Read an answer; the connection is lost where it has no end."""
        if self.sock:
            self.begin_answer(REPLY)
        return super().getreply()

    def _get_socket(self, host, port, timeout):
        return self.reach(host, port, timeout)


class SmtpSslClient(SmtpClient, smtplib.SMTP_SSL):
    """See ``smtplib.SMTP_SSL``."""

    def _get_socket(self, host, port, timeout):
        return self.context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=self._host)


def open_smtp(host, port, is_ssl, timeout, seconds, context=None):
    """Connect, and wait for the greeting.

    :param timeout: seconds of silence
    :param seconds: for the session, until :func:`give_time`
    """
    options = {"timeout": timeout, "context": context} if is_ssl else {"timeout": timeout}
    kind, known = (SmtpSslClient, smtplib.SMTP_SSL) if is_ssl else (SmtpClient, smtplib.SMTP)
    if known not in kind.__mro__:
        # somebody, such as a test, has put something in its place
        return known(host, port, **options)
    return kind(host, port, budget=Budget(seconds), **options)


def give_time(session, seconds=math.inf):
    """Let the rest of a session last so long."""
    budget = getattr(getattr(session, "__obj__", session), "budget", None)
    if budget:
        budget.ends = budget.clock() + seconds
