"""Builds the addon's wheel: its files, without those that only developers need."""

import os
import shutil
import subprocess
from pathlib import Path

from .console import Failure, say
from .environment import environment
from .requirements import lines
from .state import ADDON, CHECKOUT, subfolder

# whool packages whatever git knows; it has no way to leave files out.
APART = {"dev", "docs", "tests", ".ci", "Makefile", "test-requirements.txt", "CONTRIBUTING.md"}


def wheel_python() -> Path:
    """Return the Python of an environment with what builds and installs wheels."""
    return environment("wheel", lines(CHECKOUT / "dev" / "requirements-wheel.txt"))


def build_wheel() -> Path:
    """Build the wheel of the files as they are in the checkout; return it."""
    # whool takes the addon's name from the folder's
    source, target = subfolder("wheel") / ADDON, subfolder("wheel", "dist")
    for folder in (source, target):
        shutil.rmtree(folder, ignore_errors=True)
    for name in filter(is_shipped, addon_files()):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, source / name)
    say("Building the wheel")
    command = [wheel_python(), "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(source)]
    # a repository around the folder would tell whool that it has no files
    variables = os.environ | {"GIT_CEILING_DIRECTORIES": str(source.parent.parent)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"the wheel could not be built:\n{done.stdout}{done.stderr}")
    [wheel] = target.glob("*.whl")
    return wheel


def addon_files() -> list[str]:
    """Return the files of the checkout that git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted(name for name in set(listed.split("\0")) if name and (CHECKOUT / name).is_file())


def is_shipped(name: str) -> bool:
    """Tell whether a file is part of the addon, and not only of its development."""
    parts = Path(name).parts
    return APART.isdisjoint((parts[0], *parts[:-1])) and (len(parts) > 1 or parts[0][0] != ".")
