"""Which tests come to a line, as coverage.py saw it in a run without mutants."""

import configparser
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

from ..console import Failure
from .fork import ARGUMENTS, PROFILE


class Tests:
    """The tests that come to a line, the quick ones first."""

    def __init__(self, data: CoverageData, seconds: dict[str, float]):
        self.seconds = seconds
        self.of_line: dict[tuple[Path, int], set[str]] = {}
        self.of_file: dict[Path, set[str]] = defaultdict(set)
        for name in data.measured_files():
            for line, contexts in data.contexts_by_lineno(name).items():
                found = set(contexts) & seconds.keys()
                path = Path(name).resolve()
                self.of_line[path, line] = found
                self.of_file[path] |= found

    def covering(self, path: Path, line: int) -> list[str]:
        """Return those of a line; of what is done once, at import, those of its module, then of its room."""
        path = path.resolve()
        room = set().union(*(tests for other, tests in self.of_file.items() if other.parent == path.parent))
        found = self.of_line.get((path, line)) or self.of_file[path] or room
        return sorted(found, key=lambda test: self.seconds[test])

    def limit(self, tests: list[str]) -> int:
        """Return the seconds of processor time that these tests may take: a mutant may well run for ever."""
        return int(20 + 5 * sum(self.seconds[test] for test in tests))


def measure(root: Path, tests: list[str], folder: Path) -> Tests:
    """Run the tests once, and return what came where and how long it took."""
    settings = configparser.ConfigParser()
    data = folder / "coverage"
    settings["run"] = {"source": "routing", "data_file": data}
    with (folder / "coveragerc").open("w") as file:
        settings.write(file)
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={folder / 'coveragerc'}", "-m", "pytest"]
    command += [*ARGUMENTS, "-p", "dev.mutants.context", "-q", f"--junitxml={folder / 'report.xml'}", *tests]
    done = subprocess.run(command, cwd=root, env=os.environ | PROFILE, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"The tests fail without any mutant.\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    found = CoverageData(str(data))
    found.read()
    return Tests(found, _seconds(folder / "report.xml"))


def _seconds(report: Path) -> dict[str, float]:
    """Return how long each test function took, all its parameters together."""
    seconds: dict[str, float] = defaultdict(float)
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname').replace('.', '/')}.py::{case.get('name').partition('[')[0]}"
        seconds[name] += float(case.get("time"))
    return dict(seconds)
