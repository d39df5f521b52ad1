"""`make wheel`: build the wheel, install it into a fresh environment beside Odoo, and the addon into a database."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from .. import database
from ..console import Failure, exit_with, say
from ..databases import name_of
from ..odoo_command import config_file, log_complaints
from ..postgres import database_server
from ..state import ADDON, subfolder
from ..wheel import build_wheel, wheel_python

START = "import odoo.cli; odoo.cli.main()"
WHERE = f"import odoo; odoo.modules.module.initialize_sys_path(); print(odoo.modules.get_module_path({ADDON!r}))"


def main() -> int:
    """Build and try the wheel; fail where it does not load, or holds what only developers need."""
    wheel = build_wheel()
    names = zipfile.ZipFile(wheel).namelist()
    if unwanted := [name for name in names if "/tests/" in name or "/dev/" in name]:
        raise Failure(f"the wheel holds files for developers: {unwanted[:5]}")
    python = install_wheel(wheel)
    with database_server():
        load_addon(python)
    say(f"{len(names)} files; installed with pip and loaded in a database: {wheel}")
    return 0


def install_wheel(wheel: Path) -> Path:
    """Install it with pip into a new environment, which shares Odoo's requirements with ours; return its Python."""
    folder = subfolder("wheel") / "venv"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "odoo_requirements.pth").write_text(sysconfig.get_path("purelib") + "\n")
    say(f"Installing {wheel.name} into a fresh environment")
    # --no-deps: it needs odoo, which is on PYTHONPATH and not on PyPI
    pip = [wheel_python(), "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet", str(wheel)]
    subprocess.run(pip, check=True)
    return python


def load_addon(python: Path) -> None:
    """Install the addon in a database, with no addons path but Odoo's own."""
    home = Path(os.environ["ODOO_HOME"])
    folders = ",".join(str(folder) for folder in (home / "addons", home / "odoo" / "addons") if folder.is_dir())
    name = name_of("wheel")
    database.create(name)
    say(f"Installing the addon in {name}; about a minute")
    options = ["--config", str(config_file()), f"--addons-path={folders}", "-d", name, "-i", ADDON]
    options += ["--without-demo=all", "--no-http", "--stop-after-init"]
    done = run(python, "-c", START, *options)
    if done.returncode or log_complaints(done.stderr.splitlines()):
        raise Failure(f"the addon could not be installed from the wheel:\n{done.stderr[-3000:]}")
    found = run(python, "-c", WHERE)
    if "site-packages" not in found.stdout or f"Loading module {ADDON} " not in done.stderr:
        raise Failure(f"Odoo did not take the addon from the wheel, but from {found.stdout or found.stderr}")


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the new environment's Python, with Odoo beside it and the checkout out of sight."""
    command = [python, "-W", "ignore", *arguments]
    return subprocess.run(command, cwd=subfolder("tmp"), capture_output=True, text=True)


if __name__ == "__main__":
    exit_with(main)
