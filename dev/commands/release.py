"""`make release VERSION=16.0.1.1.0`: set the version in the manifest and in the changelog."""

import os
import re
from datetime import date
from pathlib import Path

from ..console import Failure, exit_with, say
from ..state import CHECKOUT

IN_MANIFEST = re.compile(r'("version": ")([\d.]+)(")')
UNRELEASED = "## [Unreleased]\n"


def main() -> int:
    """Write both files, and say what comes next."""
    version = os.environ.get("VERSION", "")
    release(CHECKOUT, version, date.today())
    say(f"Set to {version}: __manifest__.py and CHANGELOG.md. Look at both, then:")
    print(f"   make lint && make test && make wheel\n   git commit -am '[REL] {version}' && git tag {version}")
    return 0


def release(folder: Path, version: str, day: date) -> None:
    """Give the manifest a version, and what is unreleased in the changelog its heading.

    :raises Failure: the version is none, or is not newer, or nothing happened since the last one
    """
    manifest, changelog = folder / "__manifest__.py", folder / "CHANGELOG.md"
    text, changes = manifest.read_text(encoding="utf-8"), changelog.read_text(encoding="utf-8")
    current = IN_MANIFEST.search(text)[2]
    if not re.fullmatch(r"16\.0(\.\d+){3}", version):
        raise Failure(f"VERSION={version} is no version of an addon for Odoo 16: give one like 16.0.1.1.0.")
    if parts(version) <= parts(current):
        raise Failure(f"VERSION={version} is not newer than {current}, which the manifest has.")
    if not re.search(r"\S", changes.partition(UNRELEASED)[2].partition("\n## ")[0]):
        raise Failure("CHANGELOG.md has nothing under Unreleased: write there what users notice.")
    manifest.write_text(IN_MANIFEST.sub(rf"\g<1>{version}\g<3>", text), encoding="utf-8")
    heading = f"{UNRELEASED}\n## [{version}] - {day.isoformat()}\n"
    changelog.write_text(changes.replace(UNRELEASED, heading, 1), encoding="utf-8")


def parts(version: str) -> tuple[int, ...]:
    """Return a version's numbers, to be compared."""
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    exit_with(main)
