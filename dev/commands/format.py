"""`make format`: applies what `make lint` asks for, where a tool can."""

import subprocess

from ..console import exit_with
from ..state import CHECKOUT
from .lint import run


def main() -> int:
    """Run the tools that rewrite files; return 1 where one of them failed."""
    listed = ["git", "ls-files", "*.xml"]
    xml = subprocess.run(listed, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    codes = [
        run("ruff", "check", "--fix", "."),
        run("ruff", "format", "."),
        run("python", "-m", "dev.xml_format", *xml.stdout.split()),
    ]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    exit_with(main)
