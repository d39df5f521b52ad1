"""Runs pytest for one part of the tests, and counts the results."""

import os
import shlex
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from .state import CHECKOUT, KEY, subfolder

# pytest's exit code if there was nothing to run.
NO_TESTS = 5


@dataclass(frozen=True)
class Part:
    """One part of the tests; `trouble` says why it did not run, or ended early."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    trouble: str = ""
    broken: frozenset[str] = frozenset()

    @property
    def good(self) -> bool:
        """Tell whether it ran to its end, and nothing failed."""
        return not self.failed and not self.trouble


def run_pytest(name: str, folder: Path, *arguments: str | Path, path: str = "", log: Path | None = None) -> Part:
    """Run pytest in `folder` and return the counts of its report.

    :param path: PYTHONPATH, on which plain tests have no Odoo
    :param log: where it writes, if not on the screen
    """
    report = subfolder("logs", KEY) / f"{name}.xml"
    report.unlink(missing_ok=True)
    options = ["-c", str(CHECKOUT / "pyproject.toml"), f"--rootdir={folder}"]
    options += [f"--junitxml={report}", "-o", f"cache_dir={subfolder('tmp', 'pytest')}"]
    options += shlex.split(os.environ.get("ARGS", ""))
    command = [sys.executable, "-m", "pytest", *options, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": path}
    with log.open("wb") if log else nullcontext() as output:
        code = subprocess.run(command, cwd=folder, env=environment, stdout=output, stderr=output).returncode
    return read_report(name, report, code)


def read_report(name: str, report: Path, code: int) -> Part:
    """Return the counts of a JUnit report; `code` is pytest's own verdict."""
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    broken = [case for case in cases if has(case, "failure") or has(case, "error")]
    skipped = [case for case in cases if has(case, "skipped") and case not in broken]
    passed = len(cases) - len(broken) - len(skipped)
    trouble = ""
    if code == NO_TESTS:
        trouble = "no test was found"
    elif code and not broken:
        trouble = f"pytest ended with {code}"
    names = frozenset(f"{case.get('classname')}.{case.get('name')}" for case in broken)
    return Part(name, passed, len(broken), len(skipped), trouble, names)


def has(case: ElementTree.Element, outcome: str) -> bool:
    """Tell whether a test case has this outcome."""
    return case.find(outcome) is not None


def print_summary(parts: list[Part]) -> None:
    """Print a line a part, and the totals on a line of their own, which CI reads."""
    print("\n== Summary")
    for part in parts:
        counts = f"{part.passed} passed, {part.failed} failed, {part.skipped} skipped"
        print(f"{part.name}: {part.trouble or counts}")
    totals = [sum(getattr(part, name) for part in parts) for name in ("passed", "failed", "skipped")]
    print("{} passed, {} failed, {} skipped".format(*totals), flush=True)
