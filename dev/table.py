"""Prints rows as a table with straight columns, Chinese names included.

No library (tabulate would do): `make mails` runs before there is an environment to install one in.
"""

import unicodedata
from collections.abc import Iterable, Sequence


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a header, a rule and the rows; the last column may be of any width."""
    rows = [head, *rows]
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        cells = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip(), flush=True)


def width(text: str) -> int:
    """Return how many columns a terminal takes for `text`."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)
