"""`make format`: applies what `make lint` asks for, if a tool can."""

from ..console import exit_with
from .lint import files, run


def main() -> int:
    """Run the tools that rewrite files; return 1 if one of them failed."""
    codes = [
        run("ruff", "check", "--fix", "."),
        run("ruff", "format", "."),
        run("python", "-m", "dev.xml_format", *files("*.xml")),
    ]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    exit_with(main)
