"""Runs tests inside Odoo, by pytest-odoo, in a database where the modules are installed."""

import os
import shutil
from pathlib import Path

from .console import say
from .odoo_command import config_file
from .pytest_run import Part, run_pytest

# The names that Odoo looks for.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# What other commands run: plain tests, those of make lab, and what make screenshots and make gallery take.
RUN_APART = ("routing", "dev", "tests/lab", "tests/pictures", "tests/gallery")


def has_browser() -> bool:
    """Tell whether there is a Chromium."""
    return any(shutil.which(browser) for browser in BROWSERS)


def run_odoo_tests(name: str, database: str, folder: Path, *arguments: str | Path) -> Part:
    """Run pytest-odoo; without `--odoo-http` it would skip every HttpCase in silence."""
    if not has_browser():
        say("No Chromium: browser tests are skipped. Debian: apt install chromium")
    options = [f"--odoo-config={config_file()}", f"--odoo-database={database}", "--odoo-http"]
    return run_pytest(name, folder, *options, *arguments, path=os.environ["ODOO_HOME"])
