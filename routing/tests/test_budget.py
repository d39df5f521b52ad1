"""Bytes and seconds are counted in all, on a clock of the test's own."""

import io
import math

import pytest

from ..budget import GRACE, RATE, Budget, BudgetReader, TooMuch


class Clock:
    """A clock that stands still until somebody moves it."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Wire(io.RawIOBase):
    """A socket, and what ``makefile`` of it reads by: each read brings some bytes and takes some seconds."""

    def __init__(self, clock, size, seconds, timeout=60):
        super().__init__()
        self.clock, self.size, self.seconds, self.timeout = clock, size, seconds, timeout
        self.reads, self.taken = 0, 0
        self.timeouts = []

    def gettimeout(self):
        return self.timeout

    def settimeout(self, timeout):
        self.timeout = timeout

    def readinto(self, buffer):
        self.reads += 1
        self.timeouts.append(self.timeout)
        if self.timeout is not None and self.seconds > self.timeout:
            self.clock.now += self.timeout
            raise TimeoutError("timed out")
        self.clock.now += self.seconds
        size = min(self.size, len(buffer))
        buffer[:size] = b"x" * size
        self.taken += size
        return size


@pytest.fixture
def clock():
    return Clock()


def reader(wire, budget, limit=10**9):
    """Return what reads one answer."""
    budget.begin(limit, wire.timeout)
    return io.BufferedReader(BudgetReader(wire, wire, budget))


def test_a_drip_ends_when_the_session_does(clock):
    wire = Wire(clock, RATE, 1)
    with pytest.raises(TimeoutError):
        reader(wire, Budget(90, clock)).read()
    assert clock.now == 1000 + 90


def test_a_drip_of_single_bytes_ends_sooner(clock):
    wire = Wire(clock, 1, 1)
    with pytest.raises(TimeoutError):
        reader(wire, Budget(3600, clock)).read()
    # the first byte may come late, what follows may not
    assert clock.now == pytest.approx(1000 + 1 + GRACE, abs=0.1)


def test_much_at_the_beginning_earns_no_drip(clock):
    wire = Wire(clock, 100 * RATE, 0)
    answer = reader(wire, Budget(math.inf, clock))
    answer.read(50_000_000)
    wire.size, wire.seconds = 1, 1
    with pytest.raises(TimeoutError):
        answer.read()
    assert clock.now <= 1000 + GRACE + 1


def test_a_slow_line_may_bring_a_large_mail(clock):
    wire = Wire(clock, 2 * RATE, 1)
    assert len(reader(wire, Budget(3600, clock)).read(600 * RATE)) == 600 * RATE
    assert clock.now >= 1000 + 300


def test_silence_ends_with_the_timeout_of_the_socket(clock):
    wire = Wire(clock, 1, 61)
    with pytest.raises(TimeoutError):
        reader(wire, Budget(3600, clock)).read()
    assert clock.now == 1000 + 60
    assert wire.timeout == 60


def test_a_server_may_think_as_long_as_the_socket_allows(clock):
    wire = Wire(clock, 1, 59)
    assert reader(wire, Budget(3600, clock)).read(1) == b"x"


def test_no_timeout_where_there_is_none(clock):
    wire = Wire(clock, 1, 1, timeout=None)
    assert reader(wire, Budget(math.inf, clock)).read(1) == b"x"
    assert wire.timeouts == [None]


@pytest.mark.parametrize("piece", [1, 999, 1_000_000])
def test_no_more_bytes_are_read_than_allowed(clock, piece):
    wire = Wire(clock, piece, 0)
    budget = Budget(60, clock)
    with pytest.raises(TooMuch) as caught:
        reader(wire, budget, 10_000).read()
    assert wire.taken == budget.received == caught.value.limit == 10_000


def test_each_answer_has_bytes_of_its_own(clock):
    wire = Wire(clock, 1000, 0)
    budget = Budget(60, clock)
    for _answer in range(3):
        assert len(reader(wire, budget, 1000).read(1000)) == 1000


def test_a_part_of_the_session_has_less_and_the_rest_what_it_had(clock):
    budget = Budget(60, clock)
    with budget.within(10):
        assert budget.seconds_left == 10
        with budget.within(20):
            assert budget.seconds_left == 10
    clock.now += 1
    assert budget.seconds_left == 59


def test_goodbye_may_be_said_when_the_time_is_up(clock):
    budget = Budget(60, clock)
    clock.now += 100
    with pytest.raises(TimeoutError):
        budget.wait()
    budget.extend(5)
    assert budget.wait() == 5


def test_goodbye_takes_no_time_away(clock):
    budget = Budget(60, clock)
    budget.extend(5)
    assert budget.seconds_left == 60
