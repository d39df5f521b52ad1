"""`make odoo-17`: the alias domains of Odoo 16 arrive in a real Odoo 17, by OpenUpgrade and by file."""

import os
import sys
from pathlib import Path

from ..console import exit_with, say
from ..databases import demo_database, stock_database
from ..environment import odoo_python
from ..mail_server import ACCOUNTS
from ..odoo_17.odoos import Odoo
from ..odoo_17.proof import Proof
from ..odoo_17.source import odoo_17_home
from ..postgres import database_server
from ..stages import run_stages
from ..state import addons_folder
from ..strict_server import StrictServer


def main() -> int:
    """Run both ways, unless there is no Odoo 17; fail where one did not go as it should."""
    home, why_not = odoo_17_home()
    if not home:
        say(f"Not run: {why_not}")
        return 0
    odoo_16 = Odoo(Path(os.environ["ODOO_HOME"]), Path(sys.executable), [addons_folder()])
    odoo_17 = Odoo(home, odoo_python(home))
    with database_server(), StrictServer(ACCOUNTS) as strict:
        proof = Proof(odoo_16, odoo_17, strict, demo_database(stock_database()))
        return run_stages(proof.by_upgrade, proof.by_file)


if __name__ == "__main__":
    exit_with(main)
