"""A waiting mail is tried ever more rarely and comes to an end; a server rests ever longer, up to an hour."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...delivery.answer import classify
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


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stage", "answer", "hours"),
    [
        ("login", "535 Login fail. Account is abnormal, login frequency limited, or system is busy.", 1),
        ("mail", "550 Sender frequency limited", 1),
        ("connect", "421 HL:REP 163 smtp3", 0.25),
        ("mail", "450 MI:SFQ 163 smtp3", 0.25),
        ("data", "450 DT:RBL 163 smtp3", 4),
        ("mail", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", 2),
        ("data", "554 5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", 24),
        ("data", "554 Sending suspended for this account", 4),
        ("data", "554 5.1.8 Email Outgoing Blocked", 4),
        # no row says how long
        ("mail", "421 Too many connections", 1 / 60),
        ("connect", "421 Service not available", 1 / 60),
    ],
)
def test_a_server_rests_as_long_as_it_means_it(stage, answer, hours):
    code, _space, text = answer.partition(" ")
    meant = classify(int(code), text, stage).rest
    assert rest(1, START, meant, "smtp.example.com") - START == hours * HOUR
    # one that goes on saying so rests no shorter than any other
    assert rest(9, START, meant, "smtp.example.com") - START == max(hours, 1) * HOUR


def test_what_is_said_of_the_day_lasts_until_the_day_of_the_provider_ends():
    """07:08 UTC is 15:08 in China."""
    midnight = datetime(2024, 5, 6, 16, 10)
    for text in ("MI:STC 163 smtp7", "RP:TRC 163 smtp7"):
        assert rest(1, START, classify(550, text, "mail").rest) == midnight
    daily = classify(550, "Daily sending quota exceeded", "data").rest
    assert rest(1, START, daily, "smtp.exmail.qq.com") == midnight
    assert rest(1, START, daily, "smtp.company.cn") == midnight
    assert rest(1, START, daily, "smtp.gmail.com") == rest(1, START, daily) == START + 4 * HOUR
    evening = datetime(2024, 5, 6, 16, 0, 1)
    assert rest(1, evening, daily, "smtp.exmail.qq.com") == datetime(2024, 5, 7, 16, 10)


def test_where_a_probe_does_harm_and_where_another_session_is_wanted():
    block = classify(554, "5.7.1 [1] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", "data")
    assert block.probe_harms
    assert not block.wants_new_session
    for text in ("MI:DMC 163 smtp3", "Too many messages for this session", "Max message per connection reached"):
        answer = classify(421, text, "mail")
        assert answer.wants_new_session
        assert not answer.probe_harms
        assert rest(1, START, answer.rest) == rest(1, START)
    assert not classify(450, "MI:SFQ 163", "mail").wants_new_session
