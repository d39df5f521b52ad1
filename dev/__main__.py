"""`python3 -m dev COMMAND`: checks Python, finds Odoo, and starts the command where both are.

This module and what it imports need nothing but the standard library: it makes the environment
in which everything else is installed.
"""

import sys

COMMANDS = ("run", "test", "core-test", "oca-test", "queue-test", "life", "lab", "odoo-17", "wheel", "release")
COMMANDS += ("bench", "mutants", "screenshots", "gallery", "mails", "bounces", "i18n", "lint", "format")


def check_python() -> None:
    """Exit where Odoo 16 does not run on this Python, before a newer syntax is even read."""
    if (3, 10) <= sys.version_info[:2] <= (3, 12):
        return
    sys.exit(
        "Failed: Odoo 16 needs Python 3.10, 3.11 or 3.12; {} is {}.{}. Name one of them:"
        " make run PYTHON=python3.11".format(sys.executable, *sys.version_info[:2])
    )


def main() -> None:
    """Hand over to the command."""
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("Usage: python3 -m dev {}".format(" | ".join(COMMANDS)))
    check_python()
    from .console import exit_with
    from .launch import launch

    exit_with(lambda: launch(sys.argv[1]))


if __name__ == "__main__":
    main()
