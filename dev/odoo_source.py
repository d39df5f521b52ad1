"""Finds the source of Odoo 16.0, or fetches it."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import Failure, say
from .state import cache_home

UPSTREAM = "https://github.com/odoo/odoo.git"
WHAT_TO_DO = "Set ODOO_HOME to a checkout of Odoo 16.0, or put one at {cache}."


def find_odoo() -> Path:
    """Return the folder that holds the `odoo` package of version 16.0.

    The order: ODOO_HOME, an `odoo` that this Python imports, the cache, a clone into the cache.
    """
    if os.environ.get("ODOO_HOME"):
        home = Path(os.environ["ODOO_HOME"]).expanduser().absolute()
        if not is_odoo_16(home):
            raise Failure(f"ODOO_HOME={home} is no Odoo 16.0. Name the folder with odoo-bin.")
        return home
    cache = cache_home() / "odoo" / "16.0"
    return importable_odoo() or (cache if is_odoo_16(cache) else clone_odoo(cache))


def is_odoo_16(home: Path) -> bool:
    """Tell by Odoo's own release file."""
    release = home / "odoo" / "release.py"
    return release.is_file() and bool(re.search(r"^version_info = \(16, 0,", release.read_text(), re.MULTILINE))


def importable_odoo() -> Path | None:
    """Return the home of the `odoo` that this Python imports, if it is 16.0."""
    spec = importlib.util.find_spec("odoo")
    # A namespace without a file is what odoo-addon-* packages leave behind, not Odoo.
    if not spec or not spec.origin:
        return None
    home = Path(spec.origin).parent.parent
    return home if is_odoo_16(home) else None


def clone_odoo(cache: Path) -> Path:
    """Clone the newest commit of the 16.0 branch; an interrupted clone does not count."""
    todo = WHAT_TO_DO.format(cache=cache)
    if not shutil.which("git"):
        raise Failure(f"There is no Odoo 16.0, and no git to fetch it with. {todo}")
    say(f"Cloning Odoo 16.0 into {cache} (about 1 GB, some minutes)")
    part = cache.with_name("16.0.part")
    shutil.rmtree(part, ignore_errors=True)
    clone = ["git", "clone", "--depth", "1", "--branch", "16.0", UPSTREAM, str(part)]
    # Without a terminal prompt git fails, rather than asking for a password that nobody gives.
    if subprocess.run(clone, env=os.environ | {"GIT_TERMINAL_PROMPT": "0"}).returncode:
        raise Failure(f"There is no Odoo 16.0, and it could not be cloned (no network?). {todo}")
    part.rename(cache)
    return cache
