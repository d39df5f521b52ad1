"""What a benchmark found: figures, their spread, and whether they reach the goal."""

from dataclasses import dataclass
from statistics import median

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Goal:
    """How many times as fast at least, or how many times as long at most; neither is no goal."""

    at_least: float = 0
    at_most: float = 0

    def __str__(self):
        if self.at_least:
            return f"at least {self.at_least:g} times as fast"
        return f"time at most {self.at_most:.2f}" if self.at_most else ""

    def is_met(self, ratio: float) -> bool:
        """Tell whether a ratio, of the kind that the goal is about, reaches it."""
        return ratio >= self.at_least if self.at_least else not self.at_most or round(ratio, 2) <= self.at_most


@dataclass(frozen=True)
class Result:
    """One row: what was measured, what it took stock Odoo and the addon, and their ratio in each round.

    ``speed``: how many times as fast the addon is, median, least and most, where it is compared with stock Odoo.
    ``is_met`` is None where there is no goal.
    """

    what: str
    stock: str = ""
    addon: str = ""
    ratio: str = ""
    goal: str = ""
    is_met: bool | None = None
    speed: tuple[float, float, float] | None = None
    wanted_speed: float = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as it is shown."""
        return self.what, self.stock, self.addon, self.ratio, self.goal, {True: "yes", False: "no"}.get(self.is_met, "")


def timed(what: str, times: list, goal: Goal, versus_stock: bool = True) -> list[Result]:
    """Return the times taken in turns, and the work in them, which a busy machine disturbs less.

    :param times: ((seconds, seconds of work) of stock Odoo, the same of the addon) of each round
    """
    results = []
    for number, title in enumerate((what, "  the same, CPU of the sending process")):
        pairs = [(stock[number], addon[number]) for stock, addon in times]
        ratios = [addon / stock if goal.at_most else stock / addon for stock, addon in pairs]
        speeds = [stock / addon for stock, addon in pairs]
        shown = [milliseconds(median(column)) for column in zip(*pairs, strict=True)]
        if number:
            results.append(Result(title, *shown, spread(ratios)))
            continue
        met = goal.is_met(median(ratios)) if str(goal) else None
        speed = (median(speeds), min(speeds), max(speeds)) if versus_stock else None
        wanted = goal.at_least or (1 / goal.at_most if goal.at_most else 0)
        results.append(Result(title, *shown, spread(ratios), str(goal), met, speed, wanted))
    return results


def counted(what: str, stock: int, addon: int, goal: int) -> Result:
    """Return a count, such as that of sessions, of which there should be no more than the goal."""
    return Result(what, str(stock), str(addon), "", f"{goal} with the addon", addon <= goal)


def milliseconds(seconds: float) -> str:
    """Return a time as it is shown."""
    return f"{digits(seconds * 1000)} ms"


def spread(ratios: list[float]) -> str:
    """Return the median of ratios with the smallest and the largest."""
    return f"{digits(median(ratios))} ({digits(min(ratios))} to {digits(max(ratios))})"


def digits(number: float) -> str:
    """Return a number with three digits that count."""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
