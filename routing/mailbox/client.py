"""The standard library's IMAP and POP clients, with limits of bytes and of seconds in all."""

import imaplib
import io
import poplib

from ..budget import LIST, MAIL, PIECE, Budgeted, TooMuch

# Commands that are answered with a message.
IMAP_READS, POP_READS = ("FETCH",), ("RETR", "TOP")
# imaplib's own limit; behind a longer line it would go on in the middle of it.
LONGEST_LINE = 1_000_000


class ImapClient(Budgeted, imaplib.IMAP4):
    """See ``imaplib.IMAP4``."""

    LIMIT = LIST

    def _command(self, name, *args):
        reads = name in IMAP_READS or (name == "UID" and args[:1] and args[0] in IMAP_READS)
        self.begin_answer(MAIL if reads else LIST)
        return super()._command(name, *args)

    def read(self, size):  # pylint: disable=method-required-super
        """Read as many bytes as the server announced, in pieces; it may announce what it never sends."""
        if size > self.budget.limit:
            raise TooMuch(self.budget.limit)
        data = io.BytesIO()
        while data.tell() < size and (piece := self.file.read(min(PIECE, size - data.tell()))):
            data.write(piece)
        return data.getvalue()

    def readline(self):
        """Read a line; the session cannot go on behind one that is too long."""
        line = self.file.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise self.abort(f"a line of more than {LONGEST_LINE} bytes")
        return line

    def _create_socket(self, timeout):
        return self.reach(self.host, self.port, timeout)


class ImapSslClient(ImapClient, imaplib.IMAP4_SSL):
    """See ``imaplib.IMAP4_SSL``."""

    def _create_socket(self, timeout):
        return self.ssl_context.wrap_socket(super()._create_socket(timeout), server_hostname=self.host)


class PopClient(Budgeted, poplib.POP3):
    """See ``poplib.POP3``."""

    LIMIT = LIST

    def _putcmd(self, line):
        self.begin_answer(MAIL if line.startswith(POP_READS) else LIST)
        return super()._putcmd(line)

    def _create_socket(self, timeout):
        return self.reach(self.host, self.port, timeout)


class PopSslClient(PopClient, poplib.POP3_SSL):
    """See ``poplib.POP3_SSL``."""

    def _create_socket(self, timeout):
        return self.context.wrap_socket(super()._create_socket(timeout), server_hostname=self.host)


def open_imap(host, port, is_ssl, timeout, budget):
    """Connect, and wait for the greeting."""
    return (ImapSslClient if is_ssl else ImapClient)(host, port, timeout=timeout, budget=budget)


def open_pop(host, port, is_ssl, timeout, budget):
    """Connect, and wait for the greeting."""
    return (PopSslClient if is_ssl else PopClient)(host, port, timeout=timeout, budget=budget)
