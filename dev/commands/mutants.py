"""`make mutants`: change one thing in routing/ after the other, and print which changes no test notices.

A sample: COUNT lines of each room (60), one change on each, drawn by SEED. ROOMS names some of them, TESTS the only
tests to ask. After an hour (MINUTES) it ends with what it has.
"""

import os
import random
import shutil
import time
from collections import defaultdict
from pathlib import Path

from ..console import exit_with, say
from ..mutants.coverage_map import Tests, measure
from ..mutants.fork import Watch, fork
from ..mutants.mutations import Mutant, Mutations
from ..state import KEY, plain_folder, subfolder
from ..table import print_table

# They look at times and at imports, and notice other things.
APART = ("routing/tests/test_linear.py", "routing/tests/test_rooms.py")


def main() -> int:
    """Try the sample, and print the score of each room and what survived."""
    root, folder = plain_folder(), subfolder("mutants") / KEY
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    sample = draw(root)
    say(f"{len(sample)} mutants; first the tests run once without any")
    tests = measure(root, plain_tests(root), folder)
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES", 60))
    noticed, survivors = defaultdict(int), []
    for mutant, is_noticed in tried(root, sample, tests, end):
        noticed[room(root, mutant.path), is_noticed] += 1
        if not is_noticed:
            survivors.append(mutant)
    report(root, noticed, survivors, len(sample))
    return 0


def plain_tests(root: Path) -> list[str]:
    """Return what to run: what TESTS names, else the tests of routing/, and those of dev/ that use it."""
    if os.environ.get("TESTS"):
        return os.environ["TESTS"].split()
    beside = [path for path in sorted((root / "dev" / "tests").glob("test_*.py")) if "from routing" in path.read_text()]
    return ["routing/tests", *(str(path.relative_to(root)) for path in beside), *(f"--ignore={name}" for name in APART)]


def room(root: Path, path: Path) -> str:
    """Return the room of a file; what all share is a room by itself."""
    return path.relative_to(root / "routing").parts[0].removesuffix(".py")


def draw(root: Path) -> list[Mutant]:
    """Return the sample, mixed, so that each room has its share whenever time is up."""
    dice = random.Random(int(os.environ.get("SEED", 1)))
    wanted = os.environ.get("ROOMS", "").split()
    lines = defaultdict(list)
    for path in sorted((root / "routing").rglob("*.py")):
        if "tests" not in path.parts and (not wanted or room(root, path) in wanted):
            mutations = Mutations(path)
            lines[room(root, path)] += [(mutations, line) for line in sorted(mutations.by_line)]
    sample = []
    for found in lines.values():
        dice.shuffle(found)
        mutants = (mutations.mutant(line, dice) for mutations, line in found[: int(os.environ.get("COUNT", 60))])
        sample += [mutant for mutant in mutants if mutant]
    dice.shuffle(sample)
    return sample


def tried(root: Path, sample: list[Mutant], tests: Tests, end: float):
    """Yield each mutant, and whether a test noticed it; one process for each processor."""
    watch, left = Watch(), list(sample)
    while left or watch.running:
        while left and len(watch.running) < (os.cpu_count() or 1) and time.monotonic() < end:
            mutant = left.pop()
            covering = tests.covering(mutant.path, mutant.line)
            if covering:
                watch.add(fork(root, mutant, covering, tests.limit(covering)), mutant)
            else:
                yield mutant, False
        if not watch.running:
            return
        yield watch.wait()


def report(root: Path, noticed: dict, survivors: list[Mutant], count: int) -> None:
    """Print the scores and the survivors."""
    for mutant in sorted(survivors, key=lambda mutant: (mutant.path, mutant.line)):
        was, now = mutant.change
        print(f"\n{mutant.path.relative_to(root)}:{mutant.line}\n  - {was}\n  + {now}")
    rooms = sorted({name for name, _is_noticed in noticed})
    rows = []
    for name in rooms:
        caught, survived = noticed[name, True], noticed[name, False]
        rows.append((name, str(caught + survived), str(survived), f"{100 * caught / (caught + survived):.0f} %"))
    print()
    print_table(("Room", "Mutants", "Survived", "Noticed"), rows)
    total, caught = sum(noticed.values()), sum(n for (_name, is_noticed), n in noticed.items() if is_noticed)
    print(f"{caught} of {total} mutants were noticed; {count - total} were left for want of time", flush=True)


if __name__ == "__main__":
    exit_with(main)
