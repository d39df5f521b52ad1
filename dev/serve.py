"""Serves Odoo until Ctrl-C."""

import socket
import subprocess
import time
import urllib.error
import urllib.request

from .console import Failure, say
from .odoo_command import odoo
from .state import subfolder

# Seconds: for Odoo to answer its first request, and to finish its last one.
START, STOP = 120, 10


def check_port(port: int, variable: str) -> None:
    """Fail early if another process listens there."""
    with socket.socket() as listener:
        # As servers do: a port whose last connections are still fading away is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failure(
                f"port {port} is taken. Stop what listens there, or choose another: make run {variable}={port + 10}"
            ) from error


def serve(database: str, port: int, advice: tuple[str, ...]) -> int:
    """Serve one database on loopback, say what to try in it, and return when Odoo ends by itself."""
    options = ("-d", database, f"--db-filter=^{database}$", f"--http-port={port}")
    # In a session of its own Ctrl-C reaches it through us only: told twice, Odoo drops its requests.
    command = odoo(*options, "--log-level=warn")
    child = subprocess.Popen(command, cwd=subfolder("tmp"), start_new_session=True)
    try:
        wait_for(child, f"http://127.0.0.1:{port}/web/login")
        say(f"Odoo: http://127.0.0.1:{port}  login admin, password admin")
        for line in advice:
            say(line)
        say("`make mails` shows what the strict mail server took and refused. Ctrl-C stops all.")
        return child.wait()
    finally:
        child.terminate()
        try:
            child.wait(STOP)
        except subprocess.TimeoutExpired:
            child.kill()


def wait_for(child: subprocess.Popen, address: str) -> None:
    """Return once Odoo answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and child.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=START).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise Failure(f"Odoo does not answer at {address}; its output is above.")
