"""The databases of the commands: stock Odoo, the addon with demo data, the tests."""

import hashlib
import os

from . import database
from .console import say
from .fingerprint import fingerprint
from .odoo_command import install
from .state import ADDON, CHECKOUT, KEY

# The modules of stock Odoo beside which the addon is shown.
STOCK = "mail,contacts"


def name_of(purpose: str) -> str:
    """Return the database's name, of its own for each checkout and each Odoo."""
    odoo = hashlib.sha256(os.environ["ODOO_HOME"].encode()).hexdigest()[:4]
    return f"mcr_{purpose}_{KEY}_{odoo}"


def stock_database() -> str:
    """Return a database of Odoo without the addon, with demo data and contacts to write to; made once."""
    name = name_of("stock")
    if database.label(name) != STOCK:
        say(f"Installing stock Odoo ({STOCK}, with demo data) in {name}; about a minute")
        database.create(name)
        install(name, "-i", STOCK)
        database.set_label(name, STOCK)
    return name


def demo_database(stock: str) -> str:
    """Return a database with the addon and its demo data, up to date with the checkout."""
    # Odoo loads demo data in full only when it installs: with other demo data it is another database.
    name = name_of(f"demo_{_digest()}")
    if database.label(name) is None:
        say(f"Installing the addon with demo data in {name}")
        database.create(name, template=stock)
        install(name, "-i", ADDON)
        database.set_label(name, fingerprint(CHECKOUT))
    update(name)
    return name


def _digest() -> str:
    """Return a digest of what the database is made of: stock Odoo's modules and the demo data."""
    files = sorted((CHECKOUT / "demo").iterdir())
    return hashlib.sha256(b"".join([STOCK.encode(), *(path.read_bytes() for path in files)])).hexdigest()[:4]


def fresh_database(purpose: str, modules: str, demo: bool = False) -> str:
    """Return a new database with `modules`, and without demo data, as tests should have it, unless told else."""
    name = name_of(purpose)
    say(f"Installing {modules} in the fresh database {name}; a minute or more")
    database.create(name)
    install(name, "-i", modules, *([] if demo else ["--without-demo=all"]))
    database.set_label(name, fingerprint(CHECKOUT))
    return name


def kept_database(purpose: str, modules: str) -> str:
    """Return the last such database, up to date with the checkout; for work on one test."""
    name = name_of(purpose)
    if database.label(name) is None:
        return fresh_database(purpose, modules)
    update(name)
    return name


def update(name: str) -> None:
    """Update the addon in a database that was made from other files than the checkout's."""
    current = fingerprint(CHECKOUT)
    if database.label(name) == current:
        return
    say(f"The addon changed: updating it in {name}")
    # A failed update leaves a half-made database behind, which the next command makes anew.
    database.set_label(name, None)
    install(name, "-u", ADDON)
    database.set_label(name, current)
