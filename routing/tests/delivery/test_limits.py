from datetime import timedelta

import pytest

from ...delivery.limits import Limits, proposed, split


@pytest.mark.parametrize(
    ("limits", "sent", "room", "minutes"),
    [
        (Limits(), Limits(9, 9, 9), None, None),
        (Limits(per_minute=30), Limits(10, 10, 10), 20, 1),
        (Limits(per_minute=30), Limits(40, 40, 40), 0, 1),
        (Limits(30, 100, 1000), Limits(0, 95, 95), 5, 5),
        (Limits(30, 100, 1000), Limits(0, 0, 1000), 0, 30),
        (Limits(30, 100, 1000), Limits(30, 100, 200), 0, 5),
    ],
)
def test_room(limits, sent, room, minutes):
    assert limits.room(sent) == (room, minutes and timedelta(minutes=minutes))


def test_people_first_then_the_oldest():
    mails = [(4, False), (1, True), (3, False), (2, True)]
    assert split(mails, 3) == ([3, 4, 1], [2])
    assert split(mails, None) == ([3, 4, 1, 2], [])


@pytest.mark.parametrize(
    ("host", "limits"),
    [
        ("smtp.exmail.qq.com", Limits(30, 0, 1500)),
        ("hwsmtp.exmail.qq.com", Limits(30, 0, 1500)),
        ("SMTP.QQ.com.", Limits(10, 100, 500)),
        ("smtp.office365.com", Limits(30, 0, 10000)),
        ("mail.example.com", Limits()),
        ("notqq.com", Limits()),
        (False, Limits()),
    ],
)
def test_the_limits_of_a_provider_are_proposed(host, limits):
    assert proposed(host) == limits
