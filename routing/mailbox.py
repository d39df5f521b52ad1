"""What the mailboxes of IMAP and POP have in common."""


class Refused(Exception):
    """The server did not want one command; the session goes on."""
