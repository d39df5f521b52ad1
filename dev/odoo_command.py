"""Runs Odoo, and reads from its log whether all went well."""

import os
import sys
from pathlib import Path

from .console import Failure
from .progress import run_logged
from .state import KEY, addons_folder, subfolder

LAST_LINES = 30


def config_file() -> Path:
    """Write the settings that all Odoo processes of this checkout share; return the file."""
    home = Path(os.environ["ODOO_HOME"])
    folders = [home / "addons", home / "odoo" / "addons", addons_folder()]
    folders += [Path(folder) for folder in os.environ.get("MCR_ADDONS", "").split(os.pathsep) if folder]
    path = subfolder("config") / f"{KEY}.conf"
    # Renamed into place: another process that starts now must not read half of it.
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(
        "[options]\n"
        f"addons_path = {','.join(str(folder) for folder in folders if folder.is_dir())}\n"
        f"data_dir = {subfolder('data')}\n"
        # Odoo's default is below /tmp, where the folder of another user would be in the way.
        f"screenshots = {subfolder('screenshots')}\n"
        "http_interface = 127.0.0.1\n"
        "list_db = False\n"
        "workers = 0\n"
    )
    draft.replace(path)
    return path


def odoo(*options: str) -> list[str]:
    """Return the command line of an Odoo process.

    A packaged Odoo has no odoo-bin, so its main function is called. Python's warnings about the
    source of Odoo's requirements are nothing to act on.
    """
    start = "import odoo.cli; odoo.cli.main()"
    return [sys.executable, "-W", "ignore", "-c", start, "--config", str(config_file()), *options]


def install(database: str, *options: str) -> None:
    """Install or update modules in `database`; fail with the log's end if that goes wrong."""
    path = subfolder("logs") / f"{database}.log"
    command = odoo("-d", database, "--no-http", "--stop-after-init", *options)
    path.unlink(missing_ok=True)
    code = run_logged(command, path, cwd=subfolder("tmp"))
    written = path.read_text(encoding="utf-8").splitlines()
    complaints = log_complaints(written)
    if code or complaints:
        shown = "\n".join((complaints or written)[-LAST_LINES:])
        raise Failure(f"Odoo could not set up {database}:\n{shown}\nThe whole log: {path}")


def log_complaints(log: list[str]) -> list[str]:
    """Return the complaints in Odoo's log: its errors, and the lines of each traceback."""
    complaints, inside = [], False
    for line in log:
        # A record begins with a date; what follows one without a date belongs to it.
        if line[:4].isdigit():
            inside = " ERROR " in line or " CRITICAL " in line
        elif line.startswith("Traceback "):
            inside = True
        if inside:
            complaints.append(line)
    return complaints
