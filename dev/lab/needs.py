"""What the lab needs of the machine, and what to do where it is not there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from ..console import Failure

PACKAGES = ("postfix", "dovecot-imapd", "dovecot-pop3d")
# Programs that only root's PATH has.
FOLDERS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
DOVECOT = re.compile(r"2\.3\b")


def program(name: str) -> str | None:
    """Return the path of a program of the packages, None where it is not installed."""
    return shutil.which(name, path=FOLDERS)


def missing() -> list[str]:
    """Return what is missing, each with what to do about it."""
    lacking = []
    if not (program("postconf") and _has_dovecot()):
        lacking.append(f"Postfix and Dovecot are not installed. Debian and Ubuntu: apt install {' '.join(PACKAGES)}")
    elif not DOVECOT.match(output("dovecot", "--version")):
        lacking.append("Dovecot is not 2.3, and other versions want another configuration. Debian 12 has it")
    if not program("setpriv"):
        lacking.append("setpriv, which ends the servers with the tests, is missing. Debian: apt install util-linux")
    if os.geteuid():
        lacking.append("Postfix and Dovecot start as root only: run make lab as root, e.g. in a container")
    return lacking


def closed_to_others(folder: Path) -> list[str]:
    """Return those of a folder and its parents that the users of the mail servers may not enter."""
    return [str(path) for path in (folder, *folder.parents) if not path.stat().st_mode & 0o001]


def _has_dovecot() -> bool:
    """Tell whether the server is there with both protocols, each of which is a package."""
    return bool(program("dovecot")) and all((dovecot_folder() / name).exists() for name in ("imap", "pop3"))


def dovecot_folder() -> Path:
    """Return the folder of Dovecot's own programs."""
    return Path(output("doveconf", "-d", "-h", "libexec_dir"))


def postfix_folder() -> Path:
    """Return the folder of Postfix' own programs."""
    return Path(output("postconf", "-d", "-h", "daemon_directory"))


def output(name: str, *arguments: str) -> str:
    """Return what one of the programs prints.

    :raises Failure: with its complaint
    """
    done = subprocess.run([program(name), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"{name} {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout.strip()
