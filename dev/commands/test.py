"""`make test`: the plain tests beside the addon's tests in Odoo, then one summary."""

import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..console import Failure, exit_with, say
from ..pytest_run import Part, print_summary, run_pytest
from ..state import ADDON, CHECKOUT, KEY, addons_folder, plain_folder, subfolder

PLAIN = "plain tests"
IN_ODOO = "addon tests in Odoo"
# Modules that send mails in their own ways, log in to mail servers, or show addresses.
NEIGHBOURS = (
    "test_mail,mass_mailing,auth_signup,digest,google_gmail,microsoft_outlook,crm,account,hr_recruitment,survey"
)


def main() -> int:
    """Run what TESTS names, else everything; fail unless all of it ran and passed.

    What takes minutes and proves once is done in part, with ALL in full.
    """
    if os.environ.get("ALL"):
        os.environ["MCR_ALL"] = "1"
    wanted = os.environ.get("TESTS", "").split()
    plain = [test for test in wanted if Path(test).parts[0] in ("routing", "dev")]
    inside = [test for test in wanted if test not in plain]
    if bool(plain) == bool(inside):
        parts = side_by_side(plain, inside)
    else:
        parts = [plain_tests(plain) if plain else tests_in_odoo(inside)]
    print_summary(parts)
    return 0 if all(part.good for part in parts) else 1


def side_by_side(plain: list[str], inside: list[str]) -> list[Part]:
    """Run both, each on a processor of its own; what the plain tests say comes when the others have ended."""
    log = subfolder("logs", KEY) / f"{PLAIN}.log"
    with ThreadPoolExecutor() as pool:
        beside = pool.submit(plain_tests, plain, log)
        part = tests_in_odoo(inside)
        say(f"The {PLAIN}, which ran beside them")
        parts = [beside.result(), part]
    print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
    return parts


def plain_tests(tests: list[str], log: Path | None = None) -> Part:
    """Run the tests that need no Odoo, with none importable."""
    tests = tests or [name for name in ("routing", "dev") if (CHECKOUT / name).is_dir()]
    if not importlib.util.find_spec("aiosmtpd"):
        say("Not run: the tests of dev/, as this Python has no aiosmtpd")
        tests = [test for test in tests if Path(test).parts[0] != "dev"]
    # Without an importable odoo its plugin breaks every run.
    return run_pytest(PLAIN, plain_folder(), "-p", "no:odoo", *tests, log=log)


def tests_in_odoo(tests: list[str]) -> Part:
    """Run the addon's tests; if that is not possible, say so in the summary."""
    try:
        if os.environ.get("MCR_WITHOUT_ODOO"):
            raise Failure(os.environ["MCR_WITHOUT_ODOO"])
        return addon_tests(tests)
    except Failure as failure:
        say(f"Not run: {IN_ODOO}. {failure}")
        return Part(IN_ODOO, trouble="NOT RUN, the reason is above")


def addon_tests(tests: list[str]) -> Part:
    """Run `tests` (paths inside the addon), else all, in a fresh database (KEEP: in the last)."""
    # These need Odoo's environment, which plain tests do without.
    from ..databases import fresh_database, kept_database
    from ..odoo_tests import RUN_APART, run_odoo_tests
    from ..postgres import database_server

    # The link's path: the checkout's own name is not the addon's.
    link = addons_folder() / ADDON
    apart = [f"--ignore={link / name}" for name in RUN_APART]
    if not tests:
        say("Not here: the tests against real mail servers, which make lab runs")
    modules = f"{ADDON},{os.environ.get('MCR_TEST_MODULES', NEIGHBOURS)}"
    with database_server():
        prepare = kept_database if os.environ.get("KEEP") else fresh_database
        database = prepare("test", modules)
        chosen = [link / test for test in tests] or [link]
        return run_odoo_tests(IN_ODOO, database, addons_folder(), *apart, *chosen)


if __name__ == "__main__":
    exit_with(main)
