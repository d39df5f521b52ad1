"""`make bench`: stock Odoo and the addon in turns, and the pure decision; figures beside their goals."""

import os
from statistics import median

from ..bench import digits, measure, spread
from ..bench_decide import DOMAINS_EACH, in_turns
from ..bench_scenario import scenarios
from ..console import exit_with, say
from ..databases import demo_database, stock_database
from ..postgres import database_server
from ..table import print_table

HEAD = ("What", "Stock", "Addon", "Ratio: median (min to max)", "Goal")
SIZES = (10, 100, 1000)


def main() -> int:
    """Measure, print; a missed goal is no failure."""
    quick = bool(os.environ.get("QUICK"))
    with database_server():
        stock = stock_database()
        addon = demo_database(stock)
        names = os.environ.get("CASES", "").split() or scenarios(quick)
        rows = [row for name in names for row in rows_of(name, stock, addon, quick)]
    rows += decision_rows(3 if quick else 15)
    print()
    print_table(HEAD, rows)
    return 0


def rows_of(name: str, stock: str, addon: str, quick: bool) -> list[tuple[str, ...]]:
    """Measure one scenario and return its rows."""
    scenario = scenarios(quick)[name]
    few, several = (2, 3) if quick else (3, 9)
    if scenario.authors == 1:
        times, _sessions = measure(stock, addon, scenario, several)
        return time_rows(f"{scenario.title}: send()", times["send"], slower, "time at most 1.02")
    if scenario.incoming:
        times, _sessions = measure(stock, addon, scenario, several, ("route", "receive"))
        rows = time_rows(f"{scenario.title}: message_route()", times["route"], slower, "time at most 1.05")
        return rows + time_rows(f"{scenario.title}: message_process()", times["receive"], slower, "")
    tasks = ("split", "send") if scenario.domains > 1 else ("send",)
    times, sessions = measure(stock, addon, scenario, few, tasks)
    speed = "1.6" if scenario.domains > 1 else "1.7"
    rows = time_rows(f"{scenario.title}: send()", times["send"], faster, f"{speed} times as fast")
    if "split" in times:
        rows += time_rows(f"{scenario.title}: the split", times["split"], faster, "100 times as fast")
    goal = f"{scenario.domains} with the addon"
    return [*rows, (f"{scenario.title}: SMTP sessions", *map(str, sessions), "", goal)]


def slower(stock: float, addon: float) -> float:
    """Return how many times as long the addon takes."""
    return addon / stock


def faster(stock: float, addon: float) -> float:
    """Return how many times as fast the addon is."""
    return stock / addon


def time_rows(title: str, times: list, ratio, goal: str) -> list[tuple[str, ...]]:
    """Return a row of the times taken in turns, and one of the work in them, which a busy machine disturbs less."""
    rows = []
    for number, what in enumerate((title, "  the same, CPU of the sending process")):
        pairs = [(stock[number], addon[number]) for stock, addon in times]
        medians = (f"{digits(median(column) * 1000)} ms" for column in zip(*pairs, strict=True))
        rows.append((what, *medians, spread([ratio(*pair) for pair in pairs]), "" if number else goal))
    return rows


def decision_rows(rounds: int) -> list[tuple[str, ...]]:
    """Measure the decision in tables of several sizes and return a row each."""
    say("The decision for one mail")
    taken = in_turns(SIZES, rounds)
    rows = []
    for size, times in taken.items():
        title = f"decide(), {size} companies, {size * DOMAINS_EACH} domains"
        ratios = [time / first for time, first in zip(times, taken[SIZES[0]], strict=True)]
        rows.append((title, "", f"{digits(median(times))} µs", spread(ratios), "50 µs, and flat: 1.0"))
    return rows


if __name__ == "__main__":
    exit_with(main)
