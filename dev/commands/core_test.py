"""`make core-test`: Odoo's own mail tests, without and with the addon.

Both runs load all modules first, so that the addon is there for every test; Odoo's own runner
starts the tests of `base` and `mail` before a module that depends on them is loaded.
"""

import os
from pathlib import Path

from ..console import exit_with
from ..databases import fresh_database
from ..odoo_tests import run_odoo_tests
from ..postgres import database_server
from ..pytest_run import Part, print_summary
from ..state import ADDON

MODULES = "mail,test_mail"
BASE_TESTS = "odoo/addons/base/tests/test_ir_mail_server.py"


def main() -> int:
    """Run both; fail if the addon breaks a test that stock Odoo passes."""
    with database_server():
        stock = run_core("core tests, stock", "core", MODULES)
        addon = run_core("core tests, addon", "core_addon", f"{MODULES},{ADDON}")
    print_broken(stock)
    print_broken(addon)
    print_summary([stock, addon])
    new = addon.broken - stock.broken
    print("Broken by the addon:", *(sorted(new) or ["none"]), sep="\n  ")
    return 1 if new or addon.trouble or stock.trouble else 0


def run_core(name: str, purpose: str, modules: str) -> Part:
    """Run the tests in a fresh database with `modules`."""
    home = Path(os.environ["ODOO_HOME"])
    database = fresh_database(purpose, modules)
    folders = [home / "addons" / module for module in MODULES.split(",")]
    return run_odoo_tests(name, database, home, "-q", home / BASE_TESTS, *folders)


def print_broken(part: Part) -> None:
    """Print the tests of one run that failed."""
    print(f"\nFailed in {part.name}:", *(sorted(part.broken) or ["none"]), sep="\n  ")


if __name__ == "__main__":
    exit_with(main)
