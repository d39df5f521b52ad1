"""Servers that are children of this process: they end with it, however it ends."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..console import Failure
from .needs import program

# The kernel ends this shell with us, however we end; it passes that on. The servers themselves cannot be asked for:
# they change users, which makes the kernel forget it.
GUARD = """trap 'kill $server' TERM; "$@" & server=$!; wait $server; wait $server"""
# Seconds for a server to open or close its ports; both take one.
PATIENCE = 30


class Server:
    """One server in a process group of its own."""

    def __init__(self, name: str, command: list[str], ports: Iterable[int], log: Path):
        self._name = name
        self._command = command
        self._ports = tuple(ports)
        self._log = log
        self._child: subprocess.Popen | None = None

    def start(self) -> None:
        """Return once it takes connections."""
        command = [program("setpriv"), "--pdeathsig", "TERM", "sh", "-c", GUARD, "sh", *self._command]
        with self._log.open("a") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self._child = subprocess.Popen(command, start_new_session=True, **streams)
        wait_until(lambda: self._child.poll() is not None or all(map(is_open, self._ports)), self._complaint)
        if self._child.poll() is not None:
            raise Failure(self._complaint())

    def stop(self) -> None:
        """End it with all its children."""
        if self._child is None:
            return
        child, self._child = self._child, None
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        wait_until(lambda: not any(map(is_open, self._ports)), lambda: f"{self._name} has not closed its ports.")

    def _complaint(self) -> str:
        said = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
        return f"{self._name} has not started. What it said ({self._log}):\n{said}"


def is_open(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine, without connecting to it: some count connections."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def wait_until(happens, complaint) -> None:
    """Wait until something is true.

    :raises Failure: with the complaint, where it does not become so
    """
    deadline = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > deadline:
            raise Failure(complaint())
        time.sleep(0.02)
