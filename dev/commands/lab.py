"""`make lab`: the tests against real servers, Postfix and Dovecot, which it starts and stops."""

import os
from pathlib import Path

from ..console import Failure, exit_with, say
from ..databases import fresh_database, kept_database
from ..lab import missing
from ..lab.leftovers import end_leftovers
from ..odoo_tests import run_odoo_tests
from ..postgres import database_server
from ..pytest_run import Part, print_summary
from ..state import ADDON, KEY, addons_folder, locked, subfolder


def main() -> int:
    """Run them, in a fresh database (KEEP: in the last); fail where anything fails, or (but OPTIONAL) is missing."""
    if lacking := " ".join(f"{reason}." for reason in missing()):
        if not os.environ.get("OPTIONAL"):
            raise Failure(f"The lab cannot start. {lacking}")
        say(f"Not run: the tests against real mail servers. {lacking}")
        return 0
    folder = subfolder("lab") / KEY
    with locked(folder.with_suffix(".lock")), database_server():
        end_leftovers(folder)
        try:
            part = run(folder)
        finally:
            if end_leftovers(folder):
                say("The tests ended without stopping their mail servers, which is done now")
    print_summary([part])
    say(f"What Postfix and Dovecot wrote: {folder}/*.log")
    return 0 if part.good else 1


def run(folder: Path) -> Part:
    """Run what TESTS names, else all tests of the lab."""
    os.environ["MCR_LAB"] = str(folder)
    ours = addons_folder() / ADDON
    chosen = os.environ.get("TESTS", "tests/lab").split()
    prepare = kept_database if os.environ.get("KEEP") else fresh_database
    database = prepare("lab", ADDON)
    return run_odoo_tests("lab", database, addons_folder(), *(ours / test for test in chosen))


if __name__ == "__main__":
    exit_with(main)
