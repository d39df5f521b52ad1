"""What Postfix asks while it takes a mail: a listener whose connections each have a thread."""

import socketserver
import threading
from contextlib import suppress


class Listener:
    """Listens on a free port of loopback from its start to its stop."""

    def __init__(self, converse):
        """Hold a listener.

        :param converse: called for each connection with a stream to read and one to write
        """

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                # Postfix hangs up whenever it likes.
                with suppress(ConnectionError):
                    converse(self.rfile, self.wfile)

        class Threads(socketserver.ThreadingTCPServer):
            daemon_threads = True
            # A thread that Postfix keeps a connection to does not keep the lab.
            block_on_close = False

        self._thread: threading.Thread | None = None
        self._server = Threads(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def start(self) -> None:
        """Take connections from now on."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take none any more, if it ever did."""
        if self._thread:
            # It would wait for a thread that was never started.
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
