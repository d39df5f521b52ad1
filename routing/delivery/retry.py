"""When a mail that waits is tried again, and a server that rests. Times are naive UTC, as Odoo has them."""

from datetime import timedelta

KEEP_HOURS = 48
_MAIL_MINUTES = (2, 5, 15, 60)
_MAIL_AFTERWARDS = 4 * 60
_REST_MINUTES = (1, 2, 5, 15, 60)


def next_attempt(first, attempts, now, keep_hours=KEEP_HOURS):
    """Return when a mail is tried again, None where it is given up.

    The hours count from the first attempt, not from the writing: a mail that was written for later, or that a limit
    held back, has failed nowhere yet. The last attempt is made when the hours end.

    :param first: datetime of the first attempt; None where this was it
    :param int attempts: how often it has been tried, this time included
    :param keep_hours: for how long it is tried in all; 0 for once only

    >>> from datetime import datetime
    >>> str(next_attempt(datetime(2024, 1, 1), 3, datetime(2024, 1, 1, 0, 7)))
    '2024-01-01 00:22:00'
    >>> next_attempt(datetime(2024, 1, 1), 16, datetime(2024, 1, 3))
    """
    end = (first or now) + timedelta(hours=keep_hours)
    if now >= end:
        return None
    step = max(attempts, 1) - 1
    minutes = _MAIL_MINUTES[step] if step < len(_MAIL_MINUTES) else _MAIL_AFTERWARDS
    return min(now + timedelta(minutes=minutes), end)


def rest(failures, now, meant=None, host=""):
    """Return until when a server rests.

    :param int failures: how often in a row it failed, this time included
    :param Rest meant: how long the server means what it said, if that is known
    :param str host: the server's; the day of some providers ends elsewhere

    >>> from datetime import datetime
    >>> [str(rest(failures, datetime(2024, 1, 1)).time()) for failures in (1, 2, 3, 4, 5, 60)]
    ['00:01:00', '00:02:00', '00:05:00', '00:15:00', '01:00:00', '01:00:00']
    """
    step = min(max(failures, 1), len(_REST_MINUTES)) - 1
    until = now + timedelta(minutes=_REST_MINUTES[step])
    return max(until, meant.ends(now, host)) if meant else until
