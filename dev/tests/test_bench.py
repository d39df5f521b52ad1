"""How the benchmark's figures are made and written."""

import pytest

from .. import bench_cases
from ..bench import in_turns
from ..bench_cases import GOALS, SPLITS, jobs_results
from ..bench_page import HEAD, bars, page, table
from ..bench_result import Goal, Result, counted, digits, spread, timed
from ..bench_scenario import scenarios
from ..console import Failure


def test_three_digits_count():
    assert [digits(number) for number in (1.234, 12.34, 123.4, 1234)] == ["1.23", "12.3", "123", "1234"]


def test_a_ratio_shows_its_spread():
    assert spread([1.5, 1.0, 3.0]) == "1.50 (1.00 to 3.00)"


def test_each_round_is_compared_with_itself():
    """The second round was slow for both, and so says the same."""
    times = [((1.0, 0.5), (0.5, 0.5)), ((4.0, 0.5), (2.0, 0.5))]
    wall, work = timed("Send", times, Goal(at_least=2))
    assert wall.cells == ("Send", "2500 ms", "1250 ms", "2.00 (2.00 to 2.00)", "at least 2 times as fast", "yes")
    assert work.cells[1:] == ("500 ms", "500 ms", "1.00 (1.00 to 1.00)", "", "")
    assert timed("Send", times, Goal(at_most=1))[0].ratio.startswith("0.50")


@pytest.mark.parametrize(
    ("goal", "ratio", "is_met"),
    [
        (Goal(at_least=1.7), 1.7, True),
        (Goal(at_least=1.7), 1.69, False),
        (Goal(at_most=1.02), 1.02, True),
        (Goal(at_most=1.0), 1.004, True),
        (Goal(at_most=1.02), 1.03, False),
    ],
)
def test_a_goal_is_met_by_the_figure_that_is_shown(goal, ratio, is_met):
    assert goal.is_met(ratio) is is_met


def test_without_a_goal_none_is_missed():
    assert timed("Send", [((1.0, 1.0), (9.0, 9.0))], Goal())[0].is_met is None


def test_too_many_sessions_are_a_missed_goal():
    assert [counted("Sessions", 9, count, 1).is_met for count in (1, 2)] == [True, False]


def test_who_begins_changes():
    order = []
    one, other = (lambda name=name: order.append(name) or (1.0, 1.0) for name in ("one", "other"))
    assert len(in_turns(one, other, 2)) == 2
    assert order == ["other", "one", "one", "other"]


def test_all_authors_write_from_the_domains():
    for scenario in scenarios(quick=True).values():
        domains = {scenario.domain(number) for number in range(scenario.domains)}
        authors = {scenario.author(number) for number in range(scenario.mails)}
        assert len(authors) == scenario.authors
        assert {email.partition("@")[2] for _name, email in authors} == domains


def test_each_domain_has_as_many_mails():
    """Else nobody knows how many mails the silent server keeps back."""
    assert all(scenario.mails % scenario.domains == 0 for scenario in scenarios(quick=False).values())


def test_goals_are_those_of_scenarios():
    assert {*GOALS, *SPLITS} <= set(scenarios(quick=True))


def test_what_is_not_measured_says_so(monkeypatch):
    def no_network(*_args):
        raise Failure("pip failed.\nIts end: ...")

    monkeypatch.setattr(bench_cases, "measure_jobs", no_network)
    [result] = jobs_results(scenarios(quick=True)["jobs"], "addon", 1)
    assert result.addon == "not measured: pip failed."
    assert result.is_met is None
    assert not bars([result])


def test_the_page_has_a_row_for_each_result():
    results = timed("1 author: send()", [((1.0, 1.0), (0.5, 0.5))], Goal(at_least=1.7))
    written = page(results, {"Odoo": "16.0"})
    assert "Measured with Odoo 16.0." in written
    assert table(results) == [
        "| " + " | ".join(HEAD) + " |",
        "| --- | --- | --- | --- | --- | --- |",
        "| 1 author: send() | 1000 ms | 500 ms | 2.00 (2.00 to 2.00) | at least 1.7 times as fast | yes |",
        "| the same, CPU of the sending process | 1000 ms | 500 ms |" + " 2.00 (2.00 to 2.00) |  |  |",
    ]


def test_a_bar_in_a_text_does_not_end_its_cell():
    assert table([Result("a|b")])[-1].startswith("| a\\|b |")


def test_the_plot_shows_how_fast_mails_are_sent():
    """Also where the goal is a longest time: a bar to the right is always the faster addon."""
    times = [((1.0, 1.0), (0.5, 0.5)), ((1.0, 1.0), (0.8, 0.8))]
    results = timed("1 author: send()", times, Goal(at_most=0.8)) + timed("1 author: the split", times, Goal())
    [bar] = bars(results)
    assert bar["what"] == "1 author"
    assert bar["speed"] == (1.625, 1.25, 2.0)
    assert bar["goal"] == 1.25


def test_one_silent_server_is_not_compared_with_stock_odoo():
    assert not bars(timed("Silent: send()", [((1.0, 1.0), (1.1, 1.1))], Goal(at_most=1.1), versus_stock=False))
