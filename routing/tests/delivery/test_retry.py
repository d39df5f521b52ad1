"""A waiting mail is tried ever more rarely and comes to an end; a server rests ever longer, up to an hour."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ...delivery.retry import next_attempt, rest

START = datetime(2024, 5, 6, 7, 8, 9)
HOURS = st.integers(0, 24 * 14)
# How late the queue comes to a mail, each time.
LATE = st.lists(st.integers(0, 6 * 60), max_size=60).map(lambda minutes: [timedelta(minutes=late) for late in minutes])


def story(keep_hours, late=()):
    """Return when a mail that always fails is tried, and when that is too late."""
    late = iter(late)
    tried = [START]
    while again := next_attempt(START, len(tried), tried[-1], keep_hours):
        assert again > tried[-1]
        tried.append(again + next(late, timedelta()))
    return tried


def test_a_mail_that_always_fails():
    hours = [round((at - START) / timedelta(hours=1), 2) for at in story(48)]
    assert hours[:7] == [0, 0.03, 0.12, 0.37, 1.37, 5.37, 9.37]
    assert hours[-2:] == [45.37, 48]
    assert len(hours) == 17


def test_a_mail_that_is_not_kept_is_tried_once():
    assert story(0) == [START]
    assert next_attempt(None, 1, START, 0) is None


def test_the_first_attempt_starts_the_clock():
    assert next_attempt(None, 1, START) == START + timedelta(minutes=2)


def test_a_mail_is_given_up_after_a_late_attempt():
    assert next_attempt(START, 2, START + timedelta(days=5)) is None


@given(HOURS, LATE)
def test_every_failing_mail_ends_and_no_attempt_is_set_beyond_the_limit(keep_hours, late):
    tried = story(keep_hours, late)
    end = START + timedelta(hours=keep_hours)
    assert tried[-1] >= end
    assert all(at < end for at in tried[:-1])
    assert len(tried) <= 6 + keep_hours / 4


@given(st.integers(-5, 10**9), st.integers(-5, 10**9), st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)))
def test_more_failures_never_shorten_the_wait(one, other, now):
    few, many = sorted((one, other))
    assert now < next_attempt(now, few, now) <= next_attempt(now, many, now) <= now + timedelta(hours=4)
    assert now < rest(few, now) <= rest(many, now) <= now + timedelta(hours=1)


def test_how_long_a_server_rests():
    assert [(rest(failures, START) - START).seconds / 60 for failures in range(1, 8)] == [1, 2, 5, 15, 60, 60, 60]
