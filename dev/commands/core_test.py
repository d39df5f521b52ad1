"""`make core-test`: Odoo's own mail tests, without and with the addon, on each state of 16.0 that is there.

The second state is an early one: ODOO_EARLY, else ~/.cache/odoo/16.0-early.

Both runs load all modules first, so that the addon is there for every test; Odoo's own runner
starts the tests of `base` and `mail` before a module that depends on them is loaded.

With DEMO, both databases have demo data: what ours adds stands beside the main company and changes nothing for it.
"""

import os
import subprocess
import sys
from pathlib import Path

from ..console import Failure, exit_with, say
from ..databases import fresh_database
from ..odoo_source import is_odoo_16
from ..odoo_tests import run_odoo_tests
from ..postgres import database_server
from ..pytest_run import Part, print_summary
from ..state import ADDON, CHECKOUT, cache_home

# Those that a tree does not have are left out.
MODULES = ("mail", "test_mail", "test_mail_full", "test_mass_mailing")
BASE_TESTS = "odoo/addons/base/tests/test_ir_mail_server.py"


def main() -> int:
    """Run all; fail if the addon breaks a test that stock Odoo passes, on any state."""
    early = early_odoo()
    with database_server():
        codes = [compare(Path(os.environ["ODOO_HOME"]))]
        if early:
            codes.append(on_early(early))
    return max(codes)


def early_odoo() -> Path | None:
    """Return the second state, if there is one and it is not the first.

    :raises Failure: ODOO_EARLY is no Odoo 16.0
    """
    named = os.environ.get("ODOO_EARLY")
    home = Path(named).expanduser().absolute() if named else cache_home() / "odoo" / "16.0-early"
    if named and not is_odoo_16(home):
        raise Failure(f"ODOO_EARLY={home} is no Odoo 16.0. Name the folder with odoo-bin.")
    is_other = home.resolve() != Path(os.environ["ODOO_HOME"]).resolve()
    return home if is_other and is_odoo_16(home) else None


def on_early(home: Path) -> int:
    """Run this command once more with the second state, whose requirements are its own."""
    say(f"The same with the Odoo at {home}")
    variables = os.environ | {"ODOO_HOME": str(home), "ODOO_EARLY": str(home)}
    return subprocess.run([sys.executable, "-m", "dev", "core-test"], cwd=CHECKOUT, env=variables).returncode


def compare(home: Path) -> int:
    """Run the tests of one state without and with the addon."""
    modules = [module for module in MODULES if (home / "addons" / module).is_dir()]
    stock = run_core("core tests, stock", "core", home, modules)
    addon = run_core("core tests, addon", "core_addon", home, modules, ADDON)
    print_broken(stock)
    print_broken(addon)
    print_summary([stock, addon])
    new = addon.broken - stock.broken
    print("Broken by the addon:", *(sorted(new) or ["none"]), sep="\n  ", flush=True)
    return 1 if new or addon.trouble or stock.trouble else 0


def run_core(name: str, purpose: str, home: Path, modules: list[str], *more: str) -> Part:
    """Run the tests of these modules in a fresh database, with more modules installed."""
    database = fresh_database(purpose, ",".join((*modules, *more)), demo=bool(os.environ.get("DEMO")))
    folders = [home / "addons" / module for module in modules]
    return run_odoo_tests(name, database, home, "-q", home / BASE_TESTS, *folders)


def print_broken(part: Part) -> None:
    """Print the tests of one run that failed."""
    print(f"\nFailed in {part.name}:", *(sorted(part.broken) or ["none"]), sep="\n  ")


if __name__ == "__main__":
    exit_with(main)
