"""Starts a command inside the environment it needs."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from .console import Failure, say
from .environment import built_pythons, lint_python, mutants_python, odoo_python, plain_python
from .odoo_source import find_odoo
from .state import plain_folder

PLAIN_NEEDS = ("pytest", "hypothesis", "idna")


def launch(command: str) -> int:
    """Replace this process by the command's; return only through a failure."""
    if command in ("lint", "format"):
        replace_process(lint_python(), command)
    if command == "mutants":
        replace_process(mutants_python(), command)
    if command == "bounces":
        replace_process(any_python(), command)
    if command == "release":
        replace_process(Path(sys.executable), command)
    try:
        home = find_odoo()
        python = odoo_python(home)
    except Failure as failure:
        if command != "test":
            raise
        say(f"Without Odoo: {failure}")
        # The lines after the first need not be said twice.
        replace_process(any_python(), command, MCR_WITHOUT_ODOO=str(failure).partition("\n")[0])
    say(f"Odoo at {home}")
    replace_process(python, command, ODOO_HOME=str(home), PYTHONPATH=str(home))
    return 1


def any_python() -> Path:
    """Return a Python for the plain tests: one built before, a new one, else the one we run on."""
    for python in built_pythons():
        return python
    try:
        return plain_python()
    except Failure as failure:
        lacking = [name for name in PLAIN_NEEDS if not find_spec(name)]
        if not lacking:
            return Path(sys.executable)
        raise Failure(
            f"No test could run: there is no Odoo, no environment for plain tests ({failure}), and"
            f" {sys.executable} lacks {' and '.join(lacking)}."
        ) from failure


def replace_process(python: Path, command: str, **variables: str) -> None:
    """Go on as `dev.commands.<command>` under `python`, with more environment variables."""
    module = "dev.commands." + command.replace("-", "_")
    os.chdir(plain_folder())
    sys.stdout.flush()
    os.execve(python, [str(python), "-m", module], os.environ | variables)
