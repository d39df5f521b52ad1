"""Takes pictures of Odoo with the addon and its demo data, in the browser."""

import os

from . import database
from .console import Failure, say
from .databases import demo_database, name_of, stock_database
from .odoo_command import install
from .odoo_tests import has_browser, run_odoo_tests
from .postgres import database_server
from .pytest_run import Part, print_summary
from .state import ADDON, addons_folder


def take_pictures(name: str) -> int:
    """Run what takes them, in tests/`name`; return 1 where something is wrong.

    In a database that is made for it (KEEP: in the last): what the demo data shows of today is of today.
    """
    if not has_browser():
        raise Failure("No Chromium to take pictures with. Debian: apt install chromium")
    with database_server():
        stock = stock_database()
        if os.environ.get("KEEP"):
            part = run(name, demo_database(stock))
        else:
            fresh = name_of(name)
            say(f"Installing the addon with demo data in {fresh}")
            database.create(fresh, template=stock)
            install(fresh, "-i", ADDON)
            part = run(name, fresh)
            database.drop(fresh)
    print_summary([part])
    return 0 if part.good and not part.skipped else 1


def run(name: str, where: str) -> Part:
    """Run the part of the tests that takes the pictures."""
    return run_odoo_tests(name, where, addons_folder(), addons_folder() / ADDON / "tests" / name)
