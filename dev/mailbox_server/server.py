"""The listeners, each connection in a thread of its own."""

import socketserver
import threading

from .imap import ImapDialogue
from .pop import PopDialogue
from .store import Mailbox


class MailboxServer:
    """Serves a mailbox over IMAP and POP for as long as its ``with`` block lasts.

    :param wants_id: as NetEase does, announce ID and open no folder for a client that did not send it
    :param has_uidl: whether POP knows UIDL, which is optional
    :param trouble: called with (protocol, command line) before each answer; it may sleep, change the mailbox, raise
        `ConnectionError` to hang up, or return words to refuse the command with, or an attack (see `dev.attacks`) that
        is sent in place of the answer; the line is GREETING before all commands
    :param imap_port: 0 takes any free one
    """

    def __init__(
        self, mailbox: Mailbox, wants_id: bool = False, has_uidl: bool = True, trouble=None, imap_port: int = 0
    ):
        self.mailbox = mailbox
        self.wants_id = wants_id
        self.has_uidl = has_uidl
        self.trouble = trouble or (lambda _protocol, _line: None)
        # Bytes of the attacks, and how many of them came to their end.
        self.sent = self.ended = 0
        self.host = "127.0.0.1"
        self._listeners = [self._listener(ImapDialogue, imap_port), self._listener(PopDialogue, 0)]
        self.imap_port, self.pop_port = (listener.server_address[1] for listener in self._listeners)

    def _listener(self, dialogue, port: int) -> socketserver.ThreadingTCPServer:
        listener = _Listener((self.host, port), dialogue)
        listener.owner = self
        return listener

    def __enter__(self) -> "MailboxServer":
        for listener in self._listeners:
            # polls often for the end, because tests start and stop many servers
            threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc_info) -> None:
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
