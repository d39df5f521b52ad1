"""How long Odoo waits for a mail server: core waits a minute for each step, also for one that nobody answers."""

import smtplib
from contextlib import contextmanager
from contextvars import ContextVar

from odoo.addons.base.models import ir_mail_server as core

# Seconds to wait for a connection, the greeting, TLS and the login.
CONNECT_TIMEOUT = 15

_opened = ContextVar("opened", default=None)


class PatientConnection(core.SMTPConnection):
    """Core's session, which waits less for a server to appear; or one whose connection is open already."""

    def __init__(self, server, port, encryption, context=None):
        self.__obj__ = _opened.get() or open_connection(server, port, encryption, context)


# Core calls this class by its name, and has no method in between.
core.SMTPConnection = PatientConnection


def open_connection(server, port, encryption, context=None):
    """Connect, as core does it, and wait for the greeting; needs no database, so that a thread may do it."""
    if encryption == "ssl":
        return smtplib.SMTP_SSL(server, port, timeout=CONNECT_TIMEOUT, context=context)
    return smtplib.SMTP(server, port, timeout=CONNECT_TIMEOUT)


@contextmanager
def already_open(connection):
    """Let core's ``connect`` take an open connection, where there is one, instead of making its own."""
    token = _opened.set(connection)
    try:
        yield
    finally:
        _opened.reset(token)


def be_patient(session):
    """Let an open session wait as long as core does: the answer to a large mail takes its time."""
    sock = getattr(getattr(session, "__obj__", session), "sock", None)
    if sock:
        sock.settimeout(core.SMTP_TIMEOUT)
