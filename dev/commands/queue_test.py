"""`make queue-test`: the tests of delivery where OCA's queue_job is installed, with real workers."""

import os

from ..console import exit_with
from ..databases import fresh_database, kept_database
from ..oca import QUEUE, oca_folder
from ..odoo_tests import run_odoo_tests
from ..postgres import database_server
from ..pytest_run import print_summary
from ..state import ADDON, addons_folder


def main() -> int:
    """Run them, in a fresh database (KEEP: in the last); fail where anything fails."""
    os.environ["MCR_ADDONS"] = str(oca_folder())
    # The process of the tests serves browsers, and would take the jobs for itself.
    os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"
    ours = addons_folder() / ADDON
    chosen = os.environ.get("TESTS", "tests/delivery").split()
    with database_server():
        prepare = kept_database if os.environ.get("KEEP") else fresh_database
        database = prepare("queue", f"{QUEUE},{ADDON}")
        part = run_odoo_tests("queue_job", database, addons_folder(), *(ours / test for test in chosen))
    print_summary([part])
    return 0 if part.good else 1


if __name__ == "__main__":
    exit_with(main)
