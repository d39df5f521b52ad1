"""What OCA has that does a part of ours, works with it, or upgrades it: fetched once, from PyPI."""

import hashlib
import shutil
import sys
from pathlib import Path

from .console import say
from .progress import check_logged
from .requirements import lines
from .state import CHECKOUT, locked, subfolder

OCA = ("mail_multicompany", "mail_outbound_static")
# It does none of ours, and is fetched with them.
QUEUE = "queue_job"


def oca_folder() -> Path:
    """Return an addons folder with OCA's addons, fetched where it is missing."""
    return _fetched("requirements-oca.txt") / "odoo" / "addons"


def openupgrade_folder() -> Path:
    """Return a folder with OCA's upgrade to Odoo 17: a library, and addons below it."""
    return _fetched("requirements-openupgrade.txt")


def _fetched(requirements: str) -> Path:
    """Return a folder with what a file of dev/ lists, fetched where it is missing."""
    wanted = lines(CHECKOUT / "dev" / requirements)
    folder = subfolder("oca") / hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:8]
    with locked(folder.with_suffix(".lock")):
        if not folder.is_dir():
            _fetch(wanted, folder)
    return folder


def _fetch(wanted: list[str], folder: Path) -> None:
    """Unpack wheels into a folder; an interrupted one does not count."""
    say(f"Fetching {' '.join(wanted)} from PyPI")
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    log = subfolder("logs") / "oca.log"
    log.unlink(missing_ok=True)
    check_logged([*pip, "--no-deps", "--target", str(part), *wanted], log, "OCA's addons come from PyPI.")
    part.rename(folder)
