"""What IMAP and POP servers may take of Odoo: core has no limits in all, and with newer Pythons no timeout for IMAP."""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo.addons.mail.models import fetchmail as core

from ...routing.budget import Budget
from ...routing.mailbox.client import open_imap, open_pop

# What a session may take, or None where core connects in its own way.
_budget = ContextVar("budget", default=None)


class ImapConnection(core.IMAP4Connection):
    """Core's connection; within :func:`budgeted`, one that keeps to a budget."""

    def __init__(self, server, port, is_ssl):
        budget = _budget.get()
        if budget is None:
            super().__init__(server, port, is_ssl)
        else:
            self.__obj__ = open_imap(server, port, is_ssl, core.MAIL_TIMEOUT, budget)


class PopConnection(core.POP3Connection):
    """Core's connection; within :func:`budgeted`, one that keeps to a budget."""

    def __init__(self, server, port, is_ssl, timeout=core.MAIL_TIMEOUT):
        budget = _budget.get()
        if budget is None:
            super().__init__(server, port, is_ssl, timeout)
        else:
            self.__obj__ = open_pop(server, port, is_ssl, core.MAIL_TIMEOUT, budget)


# Core calls these classes by their names, and has no method in between.
core.IMAP4Connection = ImapConnection
core.POP3Connection = PopConnection


@contextmanager
def budgeted(budget):
    """Let core's ``connect`` open sessions that keep to a budget."""
    token = _budget.set(budget)
    try:
        yield
    finally:
        _budget.reset(token)


@contextmanager
def login():
    """Let core's ``connect`` take as long for all of the login as it may take for one answer."""
    budget = _budget.get() or Budget()
    with budgeted(budget), budget.within(core.MAIL_TIMEOUT):
        yield
