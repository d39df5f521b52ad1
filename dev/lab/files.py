"""Writes the configuration of the lab's servers from the files in ``etc/``."""

from pathlib import Path
from string import Template

ETC = Path(__file__).parent / "etc"


class Blank(Template):
    """Text with blanks like ``@{port}``: the servers' own configuration is full of dollars."""

    delimiter = "@"


def fill(name: str, values: dict[str, object]) -> str:
    """Return a file of ``etc/`` with its blanks filled; a blank without a value is an error."""
    return Blank((ETC / name).read_text()).substitute(values)
