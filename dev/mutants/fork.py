"""Runs some tests in a forked process, in which one module has another source."""

import importlib.abc
import importlib.util
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

ARGUMENTS = ("-p", "no:odoo", "-p", "no:cacheprovider", "--no-header", "--tb=no")
# Hypothesis draws the same each time, so that a score can be compared.
PROFILE = {"MCR_MUTANTS": "1"}
# Imported once for all forks.
PRELOADED = (hypothesis, pytest)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source."""

    def __init__(self, name: str, path: Path, source: str):
        self.name, self.path, self.code = name, path, compile(source, str(path), "exec")

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        search = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=search
        )

    def exec_module(self, module):
        exec(self.code, module.__dict__)


def fork(root: Path, mutant, tests: list[str], seconds: int) -> int:
    """Start the tests in a process of their own, and return its number.

    :param root: the folder in which `routing` is a package
    :param seconds: of processor time, after which the process ends
    """
    number = os.fork()
    if number:
        return number
    code = 99
    try:
        code = _run(root, mutant, tests, seconds)
    finally:
        os._exit(code)


def _run(root: Path, mutant, tests: list[str], seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    # a mutant may also build something without an end
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.environ.update(PROFILE)
    os.chdir(root)
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    parts = mutant.path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    sys.meta_path.insert(0, _Finder(name, mutant.path, mutant.source))
    return int(pytest.main([*ARGUMENTS, "-x", "-q", *tests]))


class Watch:
    """The processes that run, and since when."""

    # Seconds after which one that does nothing, as in a deadlock, is killed.
    LONGEST = 300

    def __init__(self):
        self.running: dict[int, tuple] = {}

    def add(self, number: int, mutant) -> None:
        """Note a process."""
        self.running[number] = (mutant, time.monotonic())

    def wait(self):
        """Wait for the next one that ends; return its mutant, and whether a test noticed it."""
        while True:
            number, status = os.waitpid(-1, os.WNOHANG)
            if number:
                mutant, _begin = self.running.pop(number)
                # a deadlock in the middle leaves no processes behind
                self._kill(number)
                return mutant, status != 0
            for number, (_mutant, begin) in self.running.items():
                if time.monotonic() - begin > self.LONGEST:
                    self._kill(number)
            time.sleep(0.02)

    def _kill(self, group: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(group, 9)
