"""`make i18n`: brings i18n/ up to date with the addon's terms, and lists those without a translation."""

import subprocess

import polib

from ..console import Failure, exit_with
from ..databases import demo_database, stock_database
from ..odoo_command import odoo
from ..postgres import database_server
from ..state import ADDON, CHECKOUT, subfolder

FOLDER = CHECKOUT / "i18n"
# They change with each export and say nothing.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def main() -> int:
    """Export the terms, merge them into each translation; return 1 if one is missing."""
    template = export()
    template.save(str(FOLDER / f"{ADDON}.pot"))
    missing = {path: merge(template, path) for path in sorted(FOLDER.glob("*.po"))}
    for path, terms in missing.items():
        if terms:
            print(f"Not translated yet, in i18n/{path.name}:", *terms, sep="\n  ")
    return 1 if any(missing.values()) else 0


def export() -> polib.POFile:
    """Return the terms of the addon as it is installed in the database with demo data."""
    path = subfolder("tmp") / f"{ADDON}.pot"
    with database_server():
        database = demo_database(stock_database())
        options = ("-d", database, "--no-http", f"--modules={ADDON}", f"--i18n-export={path}", "--log-level=error")
        if subprocess.run(odoo(*options), cwd=subfolder("tmp")).returncode:
            raise Failure("Odoo could not export the terms; its output is above.")
    template = polib.pofile(str(path), wrapwidth=78)
    for date in DATES:
        template.metadata.pop(date, None)
    return template


def merge(template: polib.POFile, path) -> list[str]:
    """Rewrite a translation with the template's terms, keep what is translated, and return the rest."""
    translation = polib.pofile(str(path), wrapwidth=78)
    known = {entry.msgid: entry.msgstr for entry in translation}
    translation.clear()
    for entry in template:
        merged = {"msgid": entry.msgid, "msgstr": known.get(entry.msgid, ""), "flags": entry.flags}
        translation.append(polib.POEntry(comment=entry.comment, occurrences=entry.occurrences, **merged))
    translation.save()
    return [entry.msgid for entry in translation if not entry.msgstr]


if __name__ == "__main__":
    exit_with(main)
