"""What IMAP and POP mailboxes have in common."""

# Seconds that the end of a session may take: a POP server deletes then.
GOODBYE = 5


class Refused(Exception):
    """The server refused one command; the session goes on."""


def unwrapped(connection):
    """Return the standard library's own object: core wraps it in a class that shows only some attributes."""
    return getattr(connection, "__obj__", connection)


def allow_goodbye(client):
    """Leave a client time to end its session in order, also where it has used up what it had."""
    budget = getattr(client, "budget", None)
    if budget:
        budget.extend(GOODBYE)
