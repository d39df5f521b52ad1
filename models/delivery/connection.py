"""How long Odoo waits for a mail server: core waits a minute for each step, also for one that nobody answers."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo.addons.base.models import ir_mail_server as core

from ...routing.delivery.client import give_time, open_smtp

# Seconds to wait for each of the connection, the greeting, TLS and the login; and for all of them.
CONNECT_TIMEOUT = 15
LOGIN_TIMEOUT = 45

# A tuple of the connection that is open already, or None; no tuple where core connects in its own way.
_hasty = ContextVar("hasty", default=None)


class PatientConnection(core.SMTPConnection):
    """Core's session; within :func:`hastily`, one that waits less for a server to appear, or is open already."""

    def __init__(self, server, port, encryption, context=None):
        hasty = _hasty.get()
        if hasty is None:
            super().__init__(server, port, encryption, context)
        else:
            self.__obj__ = hasty[0] or open_connection(server, port, encryption, context)
            # one that was opened ahead may have waited for its turn
            give_time(self, LOGIN_TIMEOUT)


# Core calls this class by its name, and has no method in between.
core.SMTPConnection = PatientConnection


def open_connection(server, port, encryption, context=None):
    """Connect, as core does it, and wait for the greeting; needs no database, so that a thread may do it."""
    return open_smtp(server, port, encryption == "ssl", CONNECT_TIMEOUT, LOGIN_TIMEOUT, context)


@contextmanager
def hastily(opened=None):
    """Let core's ``connect`` wait less, or take an open connection; call :func:`be_patient` before anything is sent."""
    token = _hasty.set((opened,))
    try:
        yield
    finally:
        _hasty.reset(token)


def be_patient(session, seconds=None):
    """Let an open session wait as long as core does: the answer to a large mail takes its time.

    :param seconds: another time
    """
    sock = getattr(getattr(session, "__obj__", session), "sock", None)
    if sock:
        sock.settimeout(seconds or core.SMTP_TIMEOUT)
    give_time(session)
