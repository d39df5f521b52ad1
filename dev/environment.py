"""Virtual environments, built once for each set of requirements and kept.

No library (tox or nox would do): a new user has only Python. uv is used where it is there.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from .console import Failure, say
from .progress import check_logged
from .requirements import lines, odoo_pins
from .state import CHECKOUT, locked, subfolder

# Touched last: without it, a build was interrupted and does not count.
COMPLETE = "complete"
ADVICE = "If there is no network, try again with one: packages come from PyPI."
# The plain tests need these, which otherwise come with Odoo's pins.
ODOO_BRINGS = ("cryptography==42.0.8", "idna==2.10")


def odoo_python(home: Path) -> Path:
    """Return the Python of an environment for Odoo at `home`, the tests and the strict server."""
    listed = home / "requirements.txt"
    # A packaged Odoo brings no list: its requirements are installed beside it, and come along on
    # PYTHONPATH as it does.
    pins = odoo_pins(lines(listed)) if listed.is_file() else []
    return environment("odoo", pins + lines(CHECKOUT / "dev" / "requirements.txt"))


def plain_python() -> Path:
    """Return the Python of an environment for the tests that need no Odoo."""
    wanted = lines(CHECKOUT / "dev" / "requirements.txt")
    return environment("plain", [*wanted, *ODOO_BRINGS])


def lint_python() -> Path:
    """Return the Python of an environment for the linters, whose needs clash with Odoo's pins."""
    return environment("lint", lines(CHECKOUT / "dev" / "requirements-lint.txt"))


def mutants_python() -> Path:
    """Return the Python of an environment for the plain tests and what changes the code that they test."""
    wanted = lines(CHECKOUT / "dev" / "requirements.txt") + lines(CHECKOUT / "dev" / "requirements-mutants.txt")
    return environment("mutants", [*wanted, *ODOO_BRINGS])


def built_pythons() -> list[Path]:
    """Return the Pythons of all environments with the tests' packages that were built before."""
    built = [path for kind in ("odoo", "plain") for path in subfolder("venv").glob(f"{kind}-*")]
    return [path / "bin" / "python" for path in built if (path / COMPLETE).exists()]


def environment(name: str, wanted: list[str]) -> Path:
    """Return the Python of an environment that has `wanted`, building it where it is missing."""
    identity = [sys.version, os.path.realpath(sys.executable), *wanted]
    digest = hashlib.sha256("\n".join(identity).encode()).hexdigest()[:8]
    folder = subfolder("venv") / f"{name}-{digest}"
    with locked(folder.with_suffix(".lock")):
        if not (folder / COMPLETE).exists():
            _build(folder, wanted)
    return folder / "bin" / "python"


def _build(folder: Path, wanted: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    log = subfolder("logs") / f"{folder.name}.log"
    log.unlink(missing_ok=True)
    uv = shutil.which("uv")
    say(f"Building {folder} with {'uv' if uv else 'pip (about half a minute)'}")
    if uv:
        check_logged([uv, "venv", "--python", sys.executable, str(folder)], log, ADVICE)
        install = [uv, "pip", "install", "--python", str(folder / "bin" / "python")]
    else:
        _make_with_venv(folder, log)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--use-pep517"]
    listed = folder / "requirements.txt"
    listed.write_text("\n".join(wanted) + "\n")
    say(f"Installing {len(wanted)} packages and what they need")
    check_logged([*install, "-r", str(listed)], log, ADVICE)
    (folder / COMPLETE).touch()


def _make_with_venv(folder: Path, log: Path) -> None:
    # Debian splits both off: venv is there without ensurepip, and fails half-way.
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Failure(
            f"{sys.executable} has no venv module. Install it (Debian and Ubuntu:"
            " apt install python3-venv), or install uv."
        )
    check_logged([sys.executable, "-m", "venv", str(folder)], log, ADVICE)
