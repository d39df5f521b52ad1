from datetime import timedelta

import pytest

from ...delivery.limits import Limits, split


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
