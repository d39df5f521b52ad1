"""What the steps of sending tell each other under one key of :mod:`..context`."""

from contextlib import contextmanager

from ..context import SENDING_KEY, carried


class Departure:
    """One mail that is about to leave.

    ``route``: its route, None if there is none. Set: ``mail.mail._send``. Read: ``ir.mail_server``.
    ``wire``: what went over the wire. Set: ``_prepare_email_message``. Read: ``mail.mail._send``.
    ``mail``: the record, None where there is no route. Set: ``_send``. Read: whoever has to decide anew.
    ``handed``: (envelope sender, bytes) of the last message that its server took. Set: the session. Read: the check
    for leaks.
    ``mail_id``, ``server_id``, ``had``: the ids of the mail and its server, and the addresses, in lower case, that have
    the mail already. Set: ``_send_one``. Read: the session, and what becomes of the mail.
    ``failure``, ``refused``, ``done``, ``doubt``: the :class:`Answer` to the whole mail, those to recipients by
    address, the addresses in lower case that have it now, and those that perhaps have it. Set: the session. Read: what
    becomes of the mail.
    """

    mail_id = server_id = handed = None

    def __init__(self, route=None, mail=None):
        self.route = route
        self.mail = mail
        self.wire = {}
        self.failure = None
        self.refused = {}
        self.had = frozenset()
        self.done = set()
        self.doubt = []


class Sending:
    """One call of ``mail.mail.send``; equal to nothing but itself: environments share equal contexts.

    ``auto_commit``, ``raise_exception``: its arguments. Set: ``send``. Read: the split.
    ``routes``: by mail id. Set: the split, as they were decided; ``_send``, as they were used. Read: both and ``send``.
    ``left``: ids of the mails that have had their turn. Set: ``_send``.
    ``departure``: the mail that is about to leave; a blank one before. Set: ``_send``. Read: ``ir.mail_server``.
    """

    def __init__(self, auto_commit=False, raise_exception=False):
        self.auto_commit = auto_commit
        self.raise_exception = raise_exception
        self.routes = {}
        self.left = set()
        self.departure = Departure()

    def forget(self, server_id):
        """Have the mails decided anew that are still to leave through a server."""
        self.routes = {
            mail_id: route
            for mail_id, route in self.routes.items()
            if mail_id in self.left or not route or route.server_id != server_id
        }

    @contextmanager
    def leaving(self, departure):
        """Have one mail leave, for as long as the block lasts."""
        before, self.departure = self.departure, departure
        try:
            yield
        finally:
            self.departure = before


def sending_of(env):
    """Return the current :class:`Sending`; a blank one for code that sends without ``mail.mail.send``."""
    return carried(env, SENDING_KEY, Sending) or Sending()
