"""How the time that a function takes grows with the length of what it reads."""

import gc
import os
import signal
import time
from contextlib import contextmanager

# Characters of what is read; each is ten times the one before. The last takes minutes for all that is read.
ALL_SIZES = (1_000, 10_000, 100_000)
SIZES = ALL_SIZES if os.environ.get("MCR_ALL") else ALL_SIZES[:-1]
# A text of ten times the length may take so many times as long: ten, and room for a busy machine. The square is 100.
FACTOR = 25
# Seconds of processor time; less is noise.
FLOOR = 0.01
ATTEMPTS = 3


class TooLong(BaseException):
    """The time is up; no ``except Exception`` of what is measured may swallow that."""


@contextmanager
def time_limit(seconds):
    """Raise :class:`TooLong` after so many seconds of processor time; regular expressions, too, are interrupted."""

    def stop(_signal, _frame):
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def measure(prepare, limit):
    """Return the processor time of one call, None where it is more than ``limit``.

    :param prepare: returns the call to measure; what it does itself does not count
    """
    call = prepare()
    gc.collect(0)
    gc.disable()
    try:
        begin = time.process_time()
        with time_limit(limit):
            call()
        spent = time.process_time() - begin
        return spent if spent <= limit else None
    except TooLong:
        return None
    finally:
        gc.enable()


def complaint(prepare):
    """Return what is wrong with the growth of a time, empty where it is linear.

    What looks bad is measured again, and only is bad where it looks so each time.

    :param prepare: returns the call to measure for a size
    """
    for _attempt in range(ATTEMPTS):
        found = _attempted(prepare)
        if not found:
            break
    return found


def _attempted(prepare):
    """Return what one comparison of all sizes has to complain about."""
    limit = FACTOR * FLOOR
    for size in SIZES:
        spent = measure(lambda size=size: prepare(size), limit)
        if spent is None:
            return f"{size} characters take more than {limit:.2f} s, {FACTOR} times as long as {size // 10}"
        limit = FACTOR * max(spent, FLOOR)
    return ""
