"""Ends servers of a lab whose process could not do so itself."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PID_FILES = ("postfix/queue/pid/master.pid", "dovecot/run/master.pid")
# Seconds until a server that was asked to end is killed with its children.
PATIENCE = 10


def end_leftovers(folder: Path) -> int:
    """End what still runs in a lab's folder; return how many servers that were."""
    found = [pid for name in PID_FILES if (pid := _running(folder / name, folder))]
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(_belongs(pid, folder) for pid in found) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in found:
        if _belongs(pid, folder):
            with suppress(ProcessLookupError):
                os.killpg(os.getpgid(pid), signal.SIGKILL)
    return len(found)


def _running(path: Path, folder: Path) -> int | None:
    """Return the server that a file names, None where there is none, or the number is somebody else's by now."""
    try:
        pid = int(path.read_text())
    except (OSError, ValueError):
        return None
    return pid if _belongs(pid, folder) else None


def _belongs(pid: int, folder: Path) -> bool:
    """Tell whether a process was started with a lab's configuration."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"{folder}/".encode() in command
