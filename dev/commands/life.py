"""`make life`: the addon's life in a real database, each step in an Odoo process of its own.

Installed where Odoo is in use, updated from the first release, uninstalled, installed again, neutralized.
"""

from ..console import exit_with
from ..databases import stock_database
from ..life import Life
from ..mail_server import ACCOUNTS
from ..mailbox_server import Mailbox, MailboxServer
from ..postgres import database_server
from ..stages import run_stages
from ..strict_server import StrictServer


def main() -> int:
    """Run all stages; fail if one did not go as it should."""
    with database_server(), StrictServer(ACCOUNTS) as strict, MailboxServer(Mailbox("desk@corp.example")) as mailbox:
        life = Life(strict, mailbox, stock_database())
        return run_stages(life.install_in_use, life.update, life.uninstall, life.install_again, life.neutralize)


if __name__ == "__main__":
    exit_with(main)
