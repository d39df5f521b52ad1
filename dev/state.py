"""Where the commands keep what they make: environments, databases, links, mails, logs."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import Failure

ADDON = "mail_company_routing"
CHECKOUT = Path(__file__).resolve().parent.parent
# Everything that belongs to one checkout carries its key, so that two checkouts do not fight.
KEY = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]


def state_folder() -> Path:
    """Return the folder, made if it is missing.

    Root does not keep it at home: the embedded PostgreSQL then runs as a user of its own and
    opens all parent folders of its data to others.
    """
    home = Path("/var/cache") if os.geteuid() == 0 else cache_home()
    folder = Path(os.environ.get("MCR_STATE") or home / ADDON).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{error}. Set MCR_STATE to a folder that you may write to.") from error
    return folder


def cache_home() -> Path:
    """Return the user's cache folder (XDG)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def subfolder(*names: str) -> Path:
    """Return a folder inside the state folder, made if it is missing."""
    folder = state_folder().joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def addons_folder() -> Path:
    """Return a folder in which the checkout, whatever its name, has the addon's name."""
    folder = subfolder("addons", KEY)
    _link(folder / ADDON, CHECKOUT)
    return folder


def plain_folder() -> Path:
    """Return a folder from which `routing` and `dev` are packages of their own.

    In the checkout they have a parent package, the addon, which imports odoo.
    """
    folder = subfolder("plain", KEY)
    for name in ("routing", "dev"):
        _link(folder / name, CHECKOUT / name)
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let a second command wait here until the first is through."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
