"""What IMAP and POP mailboxes have in common."""


class Refused(Exception):
    """The server refused one command; the session goes on."""


def unwrapped(connection):
    """Return the standard library's own object: core wraps it in a class that shows only some attributes."""
    return getattr(connection, "__obj__", connection)
