"""`make lint`: every hook of .pre-commit-config.yaml, over every file that git knows."""

import os
import subprocess
import sys
from pathlib import Path

from ..console import exit_with
from ..state import CHECKOUT, subfolder


def main() -> int:
    """Run the hooks; return pre-commit's exit code."""
    return run("pre-commit", "run", "--all-files")


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
