"""Tells whether the addon's files changed since a database was made."""

import hashlib
import os
from pathlib import Path

# Nothing in these folders reaches a database, nor does any file beside the manifest but Python.
APART = {"dev", "tests", "__pycache__"}


def fingerprint(folder: Path) -> str:
    """Return a digest of the names and contents of the addon's files."""
    digest = hashlib.sha256()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in APART and name[0] != ".")
        for path in sorted(Path(parent, name) for name in files):
            if path.parent == folder and path.suffix != ".py":
                continue
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
