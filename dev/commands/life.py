"""`make life`: the addon's life in a real database, each step in an Odoo process of its own.

Installed where Odoo is in use, updated from the first release, uninstalled, installed again, neutralized.
"""

from ..console import Failure, exit_with, say
from ..databases import stock_database
from ..life import Life
from ..mail_server import ACCOUNTS
from ..mailbox_server import Mailbox, MailboxServer
from ..postgres import database_server
from ..strict_server import StrictServer
from ..table import print_table


def main() -> int:
    """Run all stages; fail if one did not go as it should."""
    with database_server(), StrictServer(ACCOUNTS) as strict, MailboxServer(Mailbox("desk@corp.example")) as mailbox:
        life = Life(strict, mailbox, stock_database())
        stages = (life.install_in_use, life.update, life.uninstall, life.install_again, life.neutralize)
        rows = [(stage.__name__.replace("_", " "), *outcome(stage)) for stage in stages]
    print()
    print_table(("", "Result", ""), rows)
    return 1 if any(row[1] == "FAILED" for row in rows) else 0


def outcome(stage) -> tuple[str, str]:
    """Run a stage; return its result and what it says."""
    try:
        said = stage()
    except Failure as failure:
        say(f"Not as it should be: {failure}")
        return "FAILED", "see above"
    return ("not run", said[4:]) if said.startswith("not ") else ("passed", said)


if __name__ == "__main__":
    exit_with(main)
