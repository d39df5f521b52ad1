"""Odoo with several workers, and the runner of OCA's queue_job, which gives them jobs."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .console import Failure

# Seconds: for Odoo to start, of which the runner sleeps five, and to end.
START, STOP = 60, 10
# Without the worker for chats: it needs packages that nothing else does.
MAIN = """
import odoo.cli
import odoo.service.server
odoo.service.server.PreforkServer.long_polling_spawn = lambda _self: None
odoo.cli.main()
"""
READY = b"queue job runner ready for db"


@contextmanager
def job_workers(database: str, config: str, count: int = 4) -> Iterator[None]:
    """Have so many workers for the jobs of a database; the schedules of the database do not run.

    :param config: the path of a file like odoo.conf, with the addons path
    """
    port = free_port()
    options = ["-c", config, "-d", database, f"--db-filter=^{database}$", "--load=base,web,queue_job"]
    options += [f"--workers={count}", "--max-cron-threads=0", f"--http-port={port}"]
    # A port that nothing listens on: no mail leaves but through servers that are records.
    options += ["--smtp=127.0.0.1", "--smtp-port=1", "--log-level=warn", "--log-handler=odoo.addons.queue_job:INFO"]
    environment = os.environ | {"ODOO_QUEUE_JOB_CHANNELS": f"root:{count}", "ODOO_QUEUE_JOB_PORT": str(port)}
    command = [sys.executable, "-W", "ignore", "-c", MAIN, *options]
    with tempfile.TemporaryFile() as log:
        streams = {"stdout": log, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
        # A group of its own, so that no worker is left when the first process is killed.
        child = subprocess.Popen(command, env=environment, start_new_session=True, **streams)
        try:
            wait_for_runner(child, log)
            yield
        finally:
            end(child)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for_runner(child: subprocess.Popen, log) -> None:
    """Return once jobs are taken."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and child.poll() is None:
        if READY in os.pread(log.fileno(), os.fstat(log.fileno()).st_size, 0):
            return
        time.sleep(0.1)
    said = os.pread(log.fileno(), os.fstat(log.fileno()).st_size, 0)[-3000:].decode(errors="replace")
    raise Failure(f"No job runner has started. What Odoo said:\n{said}")


def end(child: subprocess.Popen) -> None:
    """End Odoo with all its workers."""
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(STOP)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
