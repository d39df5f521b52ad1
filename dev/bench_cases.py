"""Measures each case of the benchmark, beside its goal."""

from statistics import median

from . import bench_decide
from .bench import measure, measure_silent
from .bench_jobs import measure_jobs
from .bench_result import NOT_MEASURED, Goal, Result, counted, digits, spread, timed
from .bench_scenario import Scenario, scenarios
from .console import Failure, say

# Of ``send()``, by the name of the scenario.
GOALS = {
    "idle": Goal(at_most=1.02),
    "one": Goal(at_most=1.0),
    "box": Goal(at_most=1.0),
    "queue": Goal(at_most=1.0),
    "half": Goal(at_least=1.7),
    "plain": Goal(at_least=1.7),
    "common": Goal(at_least=1.7),
    "many": Goal(at_least=1.7),
    "wide": Goal(at_least=1.6),
    "shared": Goal(at_least=1.6),
    "pipe": Goal(at_least=1.8),
    "far": Goal(at_least=4),
    "silent": Goal(at_most=1.1),
    "jobs": Goal(at_least=3),
}
# Of the split, where stock Odoo looks at hundreds of servers for each author.
SPLITS = {"wide": Goal(at_least=100), "shared": Goal(at_least=100)}
ROUTING = Goal(at_most=1.05)
SIZES = (10, 100, 1000)


def results_of(name: str, stock: str, addon: str, quick: bool) -> list[Result]:
    """Measure one scenario."""
    scenario = scenarios(quick)[name]
    few, several = (2, 3) if quick else (3, 9)
    if scenario.silent:
        return silent_results(scenario, addon, few)
    if scenario.workers:
        return jobs_results(scenario, addon, few)
    if scenario.incoming:
        return incoming_results(scenario, stock, addon, several)
    return sending_results(scenario, stock, addon, several if scenario.authors == 1 else few)


def sending_results(scenario: Scenario, stock: str, addon: str, rounds: int) -> list[Result]:
    """Measure how mails are sent."""
    send = "queue" if scenario.queued else "send"
    tasks = ("split", send) if scenario.domains > 1 else (send,)
    times, (stock_sessions, addon_sessions) = measure(stock, addon, scenario, rounds, tasks)
    results = timed(f"{scenario.title}: send()", times[send], GOALS.get(scenario.name, Goal()))
    if "split" in times:
        results += timed(f"{scenario.title}: the split", times["split"], SPLITS.get(scenario.name, Goal()))
    if scenario.authors > 1:
        title = f"{scenario.title}: SMTP sessions"
        results.append(counted(title, stock_sessions, addon_sessions, scenario.server_count))
    return results


def incoming_results(scenario: Scenario, stock: str, addon: str, rounds: int) -> list[Result]:
    """Measure how mails are taken in."""
    times, _sessions = measure(stock, addon, scenario, rounds, ("route", "receive"))
    results = timed(f"{scenario.title}: message_route()", times["route"], ROUTING)
    return results + timed(f"{scenario.title}: message_process()", times["receive"], Goal())


def silent_results(scenario: Scenario, addon: str, rounds: int) -> list[Result]:
    """Measure what one silent server costs the others: the addon without it in place of stock Odoo."""
    times = measure_silent(addon, scenario, rounds)
    title = f"{scenario.title} are there (beside: none is silent)"
    return timed(title, times, GOALS[scenario.name], versus_stock=False)[:1]


def jobs_results(scenario: Scenario, addon: str, rounds: int) -> list[Result]:
    """Measure several workers that send side by side, with one process in place of stock Odoo."""
    title = f"{scenario.title} (beside: one process)"
    try:
        times = measure_jobs(addon, scenario, rounds)
    except Failure as failure:
        reason = str(failure).partition("\n")[0]
        return [Result(title, NOT_MEASURED, f"{NOT_MEASURED}: {reason}", "", str(GOALS[scenario.name]))]
    return timed(title, times, GOALS[scenario.name], versus_stock=False)[:1]


def decision_results(rounds: int) -> list[Result]:
    """Measure the decision in tables of several sizes."""
    say("The decision for one mail")
    taken = bench_decide.in_turns(SIZES, rounds)
    results = []
    for size, times in taken.items():
        title = f"decide(), {size} companies, {size * bench_decide.DOMAINS_EACH} domains"
        ratios = [time / first for time, first in zip(times, taken[SIZES[0]], strict=True)]
        results.append(Result(title, "", f"{digits(median(times))} µs", spread(ratios), "50 µs, and flat: 1.0"))
    return results
