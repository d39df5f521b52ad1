"""`make oca-test`: our tests, and theirs, beside OCA's mail_multicompany and mail_outbound_static.

In a database where they were installed first, and in one where ours was. With demo data, which theirs need, but for
ours, with which something is set up.
"""

import os

from .. import database
from ..console import exit_with, say
from ..databases import name_of, stock_database
from ..oca import OCA, oca_folder
from ..odoo_command import install
from ..odoo_tests import RUN_APART, run_odoo_tests
from ..postgres import database_server
from ..pytest_run import Part, print_summary
from ..state import ADDON, addons_folder

THEIRS = ",".join(OCA)
ORDERS = {"oca_first": (THEIRS, ADDON), "oca_last": (ADDON, THEIRS)}


def main() -> int:
    """Run both orders; fail if anything fails."""
    os.environ["MCR_ADDONS"] = str(oca_folder())
    with database_server():
        parts = [run_order(purpose, *modules) for purpose, modules in ORDERS.items()]
    print_summary(parts)
    return 0 if all(part.good for part in parts) else 1


def run_order(purpose: str, *modules: str) -> Part:
    """Install the modules one after the other in a fresh database and run the tests of all."""
    name = name_of(purpose)
    stock = stock_database()
    database.create(name, template=stock)
    for module in modules:
        say(f"Installing {module} in {name}")
        if module == ADDON:
            database.say_without_demo(name, "mail")
        install(name, "-i", module)
    ours = addons_folder() / ADDON
    apart = [f"--ignore={ours / folder}" for folder in RUN_APART]
    chosen = [ours / test for test in os.environ.get("TESTS", "").split()] or [ours]
    return run_odoo_tests(purpose, name, addons_folder(), *apart, *chosen, *(oca_folder() / addon for addon in OCA))


if __name__ == "__main__":
    exit_with(main)
