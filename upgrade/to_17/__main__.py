"""Carries alias domains over from a command line: ``python3 -m to_17 prepare|migrate|load DATABASE [FILE]``.

Run it beside this folder, with a Python that has psycopg2 (Odoo's has) and while Odoo is stopped. PGHOST, PGUSER and
PGPASSWORD name the database server.
"""

import argparse
import json
import sys
from pathlib import Path

import psycopg2

from . import STORE, load, migrate, prepare
from .sql import exists


def main():
    """Do one step in one transaction, and print what a person should know."""
    parser = argparse.ArgumentParser(prog="to_17", description="Carries alias domains over from Odoo 16 to Odoo 17.")
    steps = parser.add_subparsers(dest="step", required=True)
    for step, help_text in (
        ("prepare", "in Odoo 16, just before the upgrade"),
        ("migrate", "in Odoo 17, just after the upgrade"),
        ("load", "in another database of Odoo 17, what Export for Odoo 17 wrote"),
    ):
        options = steps.add_parser(step, help=help_text)
        options.add_argument("database")
        if step == "load":
            options.add_argument("file", type=Path)
    chosen = parser.parse_args()
    connection = psycopg2.connect(dbname=chosen.database)
    with connection, connection.cursor() as cr:
        check_database(cr, chosen.step)
        said = _run(cr, chosen)
    sys.stdout.write("\n".join(["Done.", *said, ""]))


def _run(cr, chosen):
    """Run a step; return its sentences."""
    if chosen.step == "load":
        return load(cr, json.loads(chosen.file.read_text(encoding="utf-8")))
    return {"prepare": prepare, "migrate": migrate}[chosen.step](cr)


def check_database(cr, step):
    """Exit where the step is not for this database, and say why."""
    wanted = 16 if step == "prepare" else 17
    cr.execute("SELECT latest_version FROM ir_module_module WHERE name = 'mail' AND state = 'installed'")
    version = (cr.fetchone() or [""])[0] or "without mail"
    if not version.startswith(f"{wanted}."):
        raise SystemExit(f"This step is for a database of Odoo {wanted}; this one is {version}. Nothing was changed.")
    ours = exists(cr, "mail_routing_domain")
    if step == "prepare" and not ours:
        raise SystemExit("Company Mail Routing is not installed in this database. Nothing was changed.")
    if step == "migrate" and not (ours or exists(cr, STORE)):
        raise SystemExit(
            "There is nothing to carry over: prepare was not run in Odoo 16, or migrate was run already. If you have"
            " the file of Export for Odoo 17, run load. Nothing was changed."
        )


if __name__ == "__main__":
    main()
