"""What to install, with Odoo's own pins adapted to what can be installed today.

No library (packaging would read the markers): this runs before there is an environment to install one in.
"""

import operator
import re
import sys
from pathlib import Path

OPERATORS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
CONDITION = re.compile(r"(python_version|sys_platform)\s*([=!<>]+)\s*'([^']+)'")
# Neither has a wheel. Only Odoo's auth_ldap wants the first; psycopg2-binary replaces the second.
LEFT_OUT = ("python-ldap", "psycopg2")


def lines(path: Path) -> list[str]:
    """Return a requirements file without its comments, and with the lines of the files it refers to (-r)."""
    texts = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for text in texts if text for line in _referred(path, text)]


def _referred(path: Path, line: str) -> list[str]:
    """Return the lines that a line stands for; it names another file relative to its own file's folder."""
    return lines(path.parent / line[3:].strip()) if line.startswith("-r ") else [line]


def odoo_pins(requirements: list[str], version: tuple[int, ...] = sys.version_info) -> list[str]:
    """Return those of Odoo's requirements that hold for a Python `version`, without markers.

    Python 3.10 gets the pins of 3.11: several of its own have no wheel any more. setuptools 81 is
    the first without the pkg_resources that Odoo imports.
    """
    version = max(tuple(version[:2]), (3, 11))
    pins = ["setuptools<81"]
    for line in requirements:
        pin, _semicolon, marker = (part.strip() for part in line.partition(";"))
        name = re.split(r"[=<>!~ ]", pin)[0].lower()
        if name not in LEFT_OUT and _holds(marker, version):
            pins.append(pin)
    return pins


def _holds(marker: str, version: tuple[int, ...]) -> bool:
    """Evaluate a marker; Odoo's file joins conditions only by `and`."""
    return all(
        OPERATORS[sign](version, tuple(int(part) for part in value.split(".")))
        if name == "python_version"
        else OPERATORS[sign](sys.platform, value)
        for name, sign, value in CONDITION.findall(marker)
    )
