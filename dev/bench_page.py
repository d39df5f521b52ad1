"""Writes what a benchmark found as a page with a plot, for people who do not run it."""

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from .bench_result import Result
from .environment import environment
from .requirements import lines
from .state import CHECKOUT, plain_folder

HEAD = ("What", "Stock", "Addon", "Ratio: median (min to max)", "Goal", "Reached")
PAGE, PLOT = CHECKOUT / "docs" / "benchmark.md", CHECKOUT / "docs" / "benchmark.png"


def write_page(results: list[Result], facts: dict[str, str]) -> None:
    """Write the page, and the plot that it shows."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(results, facts), encoding="utf-8")
    python = environment("bench", lines(CHECKOUT / "dev" / "requirements-bench.txt"))
    draw(python, bars(results), PLOT)


def page(results: list[Result], facts: dict[str, str]) -> str:
    """Return the page in Markdown."""
    listed = ", ".join(f"{name} {value}" for name, value in facts.items())
    return "\n".join(
        [
            "# How fast",
            "",
            "Written by `make bench`: stock Odoo and the addon send the same mails in turns, by SMTP to a server on "
            "the same machine. A ratio is of two times taken one after the other; what counts is the median.",
            "",
            f"Measured with {listed}.",
            "",
            f"![Speed of the addon beside stock Odoo]({PLOT.name})",
            "",
            *table(results),
            "",
        ]
    )


def table(results: list[Result]) -> list[str]:
    """Return the lines of the table; a bar in a text would end its cell."""
    rows = [HEAD, ("---",) * len(HEAD), *(result.cells for result in results)]
    return ["| " + " | ".join(cell.strip().replace("|", "\\|") for cell in row) + " |" for row in rows]


def bars(results: list[Result]) -> list[dict]:
    """Return what the plot shows: one bar for each comparison of ``send()`` with stock Odoo."""
    return [
        {"what": result.what.removesuffix(": send()"), "speed": result.speed, "goal": result.wanted_speed}
        for result in results
        if result.speed and result.what.endswith(": send()")
    ]


def draw(python: Path, shown: list[dict], target: Path) -> None:
    """Draw the plot, in an environment of its own: nothing else needs its library."""
    command = [str(python), "-m", "dev.bench_plot", str(target)]
    subprocess.run(command, input=json.dumps(shown), text=True, check=True, cwd=plain_folder())


def facts_of(quick: bool, postgres: int, odoo: str) -> dict[str, str]:
    """Return what the figures depend on.

    :param postgres: its version as psycopg2 tells it, such as 150004
    """
    manifest = (CHECKOUT / "__manifest__.py").read_text(encoding="utf-8")
    version = manifest.partition('"version": "')[2].partition('"')[0]
    return {
        "the addon": version + (" (a quick run, a tenth of the authors)" if quick else ""),
        "Odoo": odoo,
        "Python": platform.python_version(),
        "PostgreSQL": f"{postgres // 10000}.{postgres % 10000}",
        "processor cores:": str(os.cpu_count()),
        "load before:": f"{os.getloadavg()[0]:.1f}",
        "on": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
    }
