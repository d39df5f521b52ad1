"""The files of the addon's first release, out of the history of this clone."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from .state import ADDON, CHECKOUT

VERSION = "16.0.1.0.0"


def first_release(folder: Path) -> Path | None:
    """Unpack it below a folder, which then is an addons path; return None if the history does not reach back."""
    commit = _tagged() or _last_of_version()
    if not commit:
        return None
    target = folder / "first"
    shutil.rmtree(target, ignore_errors=True)
    archive = subprocess.run(["git", "archive", commit], cwd=CHECKOUT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(target / ADDON, filter="data")
    return target


def _tagged() -> str:
    """Return the release's tag, or an empty text."""
    return _git("tag", "--list", VERSION, f"v{VERSION}").partition("\n")[0]


def _last_of_version() -> str:
    """Return the last commit whose manifest had the version, or an empty text."""
    ended = _git("log", "--format=%H", f'-S"{VERSION}"', "--", "__manifest__.py").splitlines()
    # the newest of these replaced the version, the oldest brought it
    return f"{ended[0]}^" if len(ended) > 1 else ""


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True)
    return done.stdout.strip()
