"""What Postfix asks while it takes a mail: a listener whose connections each have a thread."""

import socketserver
import threading


class Listener:
    """Listens on a free port of loopback from its start to its stop."""

    def __init__(self, converse):
        """Hold a listener.

        :param converse: called for each connection with a stream to read and one to write
        """

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                # Postfix hangs up whenever it likes.
                try:
                    converse(self.rfile, self.wfile)
                except ConnectionError:
                    pass

        class Threads(socketserver.ThreadingTCPServer):
            daemon_threads = True
            # A thread that Postfix keeps a connection to does not keep the lab.
            block_on_close = False

        self._server = Threads(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def start(self) -> None:
        """Take connections from now on."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Take none any more."""
        self._server.shutdown()
        self._server.server_close()
