"""How many mails a provider takes: what is over a limit waits, the oldest go first, people's before mass mailings."""

from datetime import timedelta
from typing import NamedTuple

# How long a limit looks back, and when to look again where it is reached.
MINUTE = (timedelta(minutes=1), timedelta(minutes=1))
HOUR = (timedelta(hours=1), timedelta(minutes=5))
DAY = (timedelta(days=1), timedelta(minutes=30))


class Limits(NamedTuple):
    """The most mails in a minute, an hour and a day; 0 is no limit. As counts: how many left in the last ones."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0

    def room(self, sent):
        """Return how many mails may leave now, None for any number, and after how long to look again for the rest.

        >>> Limits(per_minute=30, per_hour=100).room(Limits(10, 95, 400))
        (5, datetime.timedelta(seconds=300))

        :param Limits sent: how many left in the last minute, hour and day
        """
        rooms = [
            (max(limit - count, 0), pause)
            for limit, count, (_window, pause) in zip(self, sent, (MINUTE, HOUR, DAY), strict=True)
            if limit
        ]
        if not rooms:
            return None, None
        least = min(room for room, _pause in rooms)
        return least, max(pause for room, pause in rooms if room == least)


def split(mails, room):
    """Return the ids of mails that may leave, and of those that wait.

    :param mails: pairs (id, is_mass)
    :param room: how many may leave, None for any number
    """
    ranked = [mail_id for mail_id, _is_mass in sorted(mails, key=lambda mail: (bool(mail[1]), mail[0]))]
    return (ranked, []) if room is None else (ranked[:room], ranked[room:])
