"""What the steps of sending tell each other; :mod:`..context` says under which keys."""


class _Identical:
    """Equal to nothing but itself: environments are shared where their contexts are equal."""

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


class Sending(_Identical):
    """One call of ``mail.mail.send``: what was asked of it, and the routes by mail id, as they were decided."""

    def __init__(self, auto_commit=False, raise_exception=False):
        self.auto_commit = auto_commit
        self.raise_exception = raise_exception
        self.routes = {}


class Departure(_Identical):
    """One mail that is about to leave: its route, None if there is none, and what then went over the wire."""

    def __init__(self, route=None):
        self.route = route
        self.wire = {}
