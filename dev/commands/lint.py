"""`make lint`: every hook of .pre-commit-config.yaml, over every file, new ones as well."""

import os
import subprocess
import sys
from pathlib import Path

from ..console import exit_with
from ..state import CHECKOUT, subfolder


def main() -> int:
    """Run the hooks; return pre-commit's exit code."""
    return run("pre-commit", "run", "--files", *files())


def files(*patterns: str) -> list[str]:
    """Return the files of the checkout that git does not ignore; `--all-files` would leave out new ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (CHECKOUT / name).exists()]


def run(*command: str) -> int:
    """Run a tool of this environment in the checkout, with its caches out of the way."""
    variables = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(subfolder("tmp", "pre-commit")),
        "RUFF_CACHE_DIR": str(subfolder("tmp", "ruff")),
        "PYLINTHOME": str(subfolder("tmp", "pylint")),
    }
    return subprocess.run(command, cwd=CHECKOUT, env=os.environ | variables).returncode


if __name__ == "__main__":
    exit_with(main)
