"""`make screenshots`: the pictures of static/description/, taken in the browser from the demo data."""

import os

from .. import database
from ..console import Failure, exit_with, say
from ..databases import name_of, stock_database
from ..odoo_command import install
from ..odoo_tests import has_browser, run_odoo_tests
from ..postgres import database_server
from ..pytest_run import print_summary
from ..state import ADDON, CHECKOUT, addons_folder


def main() -> int:
    """Take all pictures, in a database that is made for it: what the demo data shows of today is of today."""
    if not has_browser():
        raise Failure("No Chromium to take pictures with. Debian: apt install chromium")
    os.environ["MCR_PICTURES"] = str(CHECKOUT / "static" / "description")
    name = name_of("pictures")
    with database_server():
        stock = stock_database()
        say(f"Installing the addon with demo data in {name}")
        database.create(name, template=stock)
        install(name, "-i", ADDON)
        part = run_odoo_tests("pictures", name, addons_folder(), addons_folder() / ADDON / "tests" / "pictures")
        database.drop(name)
    print_summary([part])
    return 0 if part.good and not part.skipped else 1


if __name__ == "__main__":
    exit_with(main)
