"""How the benchmark's figures are made and written."""

from ..bench import digits, spread
from ..bench_scenario import scenarios
from ..commands.bench import faster, slower, time_rows


def test_three_digits_count():
    assert [digits(number) for number in (1.234, 12.34, 123.4, 1234)] == ["1.23", "12.3", "123", "1234"]


def test_a_ratio_shows_its_spread():
    assert spread([1.5, 1.0, 3.0]) == "1.50 (1.00 to 3.00)"


def test_each_round_is_compared_with_itself():
    """The second round was slow for both, and so says the same."""
    times = [((1.0, 0.5), (0.5, 0.5)), ((4.0, 0.5), (2.0, 0.5))]
    wall, work = time_rows("Send", times, faster, "twice")
    assert wall == ("Send", "2500 ms", "1250 ms", "2.00 (2.00 to 2.00)", "twice")
    assert work[1:] == ("500 ms", "500 ms", "1.00 (1.00 to 1.00)", "")
    assert time_rows("Send", times, slower, "")[0][3].startswith("0.50")


def test_all_authors_write_from_a_domain_with_a_server():
    for scenario in scenarios(quick=True).values():
        domains = {scenario.domain(number) for number in range(scenario.domains)}
        authors = {scenario.author(number) for number in range(scenario.mails)}
        assert len(authors) == scenario.authors
        assert {email.partition("@")[2] for _name, email in authors} == domains
