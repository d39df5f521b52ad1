"""Finds the source of Odoo 17.0; it is only looked for, since few developers need it."""

import os
import re
from pathlib import Path

from ..state import cache_home

WHAT_TO_DO = "Set ODOO_17 to a checkout of Odoo 17.0, or put one at {cache}."


def odoo_17_home() -> tuple[Path | None, str]:
    """Return the folder that holds the `odoo` package of 17.0, or None and why it is not there."""
    cache = cache_home() / "odoo" / "17.0"
    home = Path(os.environ.get("ODOO_17") or cache).expanduser().absolute()
    release = home / "odoo" / "release.py"
    if release.is_file() and re.search(r"^version_info = \(17, 0,", release.read_text(), re.MULTILINE):
        return home, ""
    return None, f"{home} is no Odoo 17.0. {WHAT_TO_DO.format(cache=cache)}"
