"""How long Odoo waits for a mail server: core waits a minute for each step, also for one that nobody answers."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo.addons.base.models import ir_mail_server as core

from ...routing.delivery.client import give_time, open_smtp

# Seconds to wait for each of the connection, the greeting, TLS and the login; and for all of them.
CONNECT_TIMEOUT = 15
LOGIN_TIMEOUT = 45

# Whether core's ``connect`` is to wait less, and the connection that it is to take because it is open already.
_waits_less = ContextVar("waits_less", default=False)
_opened = ContextVar("opened", default=None)


class DeliveryConnection(core.SMTPConnection):
    """Core's session; within :func:`short_timeouts`, one that waits less for a server to appear, or is open already."""

    def __init__(self, server, port, encryption, context=None):
        if _waits_less.get():
            self.__obj__ = _opened.get() or open_connection(server, port, encryption, context)
            # one that was opened ahead may have waited for its turn
            give_time(self, LOGIN_TIMEOUT)
        else:
            super().__init__(server, port, encryption, context)


# Core calls this class by its name, and has no method in between.
core.SMTPConnection = DeliveryConnection


def open_connection(server, port, encryption, context=None):
    """Connect, as core does it, and wait for the greeting; needs no database, so that a thread may do it."""
    return open_smtp(server, port, encryption == "ssl", CONNECT_TIMEOUT, LOGIN_TIMEOUT, context)


@contextmanager
def short_timeouts(opened=None):
    """Let core's ``connect`` wait less; call :func:`set_timeout` before anything is sent.

    :param opened: a connection that is open already, for ``connect`` to take
    """
    waits_less, taken = _waits_less.set(True), _opened.set(opened)
    try:
        yield
    finally:
        _waits_less.reset(waits_less)
        _opened.reset(taken)


def set_timeout(session, seconds=None):
    """Let an open session wait as long as core does: the answer to a large mail takes its time.

    :param seconds: another time
    """
    sock = getattr(getattr(session, "__obj__", session), "sock", None)
    if sock:
        sock.settimeout(seconds or core.SMTP_TIMEOUT)
    give_time(session)
