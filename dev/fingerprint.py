"""Tells whether the addon's files changed since a database was made."""

import hashlib
import os
from pathlib import Path

# Nothing in these folders reaches a database.
APART = {"dev", "tests", "__pycache__"}


def fingerprint(folder: Path) -> str:
    """Return a digest of the names and contents of the addon's files."""
    digest = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in APART and name[0] != ".")
        for name in sorted(files):
            path = Path(parent, name)
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
