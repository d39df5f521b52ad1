"""`make bench`: stock Odoo and the addon in turns, and the pure decision; figures beside their goals."""

import os

import psycopg2

from ..bench_cases import decision_results, results_of
from ..bench_page import HEAD, PAGE, facts_of, write_page
from ..bench_result import Result
from ..bench_scenario import scenarios
from ..console import exit_with, say
from ..databases import demo_database, stock_database
from ..postgres import database_server
from ..table import print_table


def main() -> int:
    """Measure, print, and write the page where nothing was left out; a missed goal is no failure."""
    quick = bool(os.environ.get("QUICK"))
    chosen = os.environ.get("CASES", "").split()
    with database_server():
        facts = facts_of(quick, postgres_version(), odoo_version())
        results = measure_all(chosen or list(scenarios(quick)), quick)
    results += decision_results(3 if quick else 15)
    print()
    print_table(HEAD, [result.cells for result in results])
    if not chosen:
        write_page(results, facts)
        say(f"Written: {PAGE.parent.name}/{PAGE.name}, and its plot")
    return 0


def measure_all(names: list[str], quick: bool) -> list[Result]:
    """Measure scenarios, one after the other."""
    stock = stock_database()
    addon = demo_database(stock)
    return [result for name in names for result in results_of(name, stock, addon, quick)]


def postgres_version() -> int:
    """Return the version of the server that is used."""
    connection = psycopg2.connect(dbname="postgres")
    try:
        return connection.server_version
    finally:
        connection.close()


def odoo_version() -> str:
    """Return Odoo's version."""
    from odoo.release import version

    return version


if __name__ == "__main__":
    exit_with(main)
