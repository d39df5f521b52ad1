"""What the steps of sending tell each other under one key of :mod:`..context`."""

from ..context import SENDING_KEY, carried


class Departure:
    """One mail that is about to leave.

    ``route``: its route, None if there is none. Set: ``mail.mail._send``. Read: ``ir.mail_server``.
    ``wire``: what then went over the wire. Set: ``_prepare_email_message``. Read: ``mail.mail._send``.
    """

    def __init__(self, route=None):
        self.route = route
        self.wire = {}


class Sending:
    """One call of ``mail.mail.send``; equal to nothing but itself: environments share equal contexts.

    ``auto_commit``, ``raise_exception``: what was asked of it. Set: ``send``. Read: the split.
    ``routes``: by mail id. Set: the split, as they were decided; ``_send``, as they were used. Read: both and ``send``.
    ``departure``: the mail that is about to leave; a blank one before. Set: ``_send``. Read: ``ir.mail_server``.
    """

    def __init__(self, auto_commit=False, raise_exception=False):
        self.auto_commit = auto_commit
        self.raise_exception = raise_exception
        self.routes = {}
        self.departure = Departure()

    def of(self, departure):
        """Return the same call of ``send`` while one mail of it leaves; the routes are shared."""
        sending = Sending(self.auto_commit, self.raise_exception)
        sending.routes, sending.departure = self.routes, departure
        return sending


def sending_of(env):
    """Return the :class:`Sending` that is going on; a blank one for whoever sends without ``mail.mail.send``."""
    return carried(env, SENDING_KEY, Sending) or Sending()
