"""Runs programs with much output: it goes to a log, and a dot every few seconds shows that they work."""

import subprocess
from pathlib import Path

from .console import Failure

# Seconds from dot to dot.
BEAT = 3
LAST_LINES = 15


def run_logged(command: list[str], log: Path, cwd: Path | None = None, env: dict | None = None) -> int:
    """Run a program, append its output to `log`, and return its exit code.

    It gets no input, because nobody would see its questions.
    """
    with log.open("a") as words:
        streams = {"stdin": subprocess.DEVNULL, "stdout": words, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, cwd=cwd, env=env, **streams) as process:
            try:
                return _wait(process)
            except BaseException:
                process.kill()
                raise


def check_logged(command: list[str], log: Path, advice: str) -> None:
    """Run a program; if it fails, name its log on the first line, and show the log's end below."""
    if run_logged(command, log):
        end = "\n  ".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])
        raise Failure(f"{' '.join(command[:4])} ... failed. {advice} The whole log: {log}\nIts end:\n  {end}")


def _wait(process: subprocess.Popen) -> int:
    dots = False
    try:
        while True:
            try:
                return process.wait(BEAT)
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
                dots = True
    finally:
        if dots:
            print(flush=True)
