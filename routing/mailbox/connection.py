"""What the mailboxes of IMAP and POP have in common."""


class Refused(Exception):
    """The server did not want one command; the session goes on."""


def unwrapped(connection):
    """Return the standard library's own object: core wraps it in a class that shows some of its attributes only."""
    return getattr(connection, "__obj__", connection)
