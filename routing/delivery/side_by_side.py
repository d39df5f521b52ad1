"""Do several things that mostly wait, such as connecting to mail servers, at the same time."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

# What is done, and not yet taken, counts: so many connections are open and unused at the most.
AT_MOST = 8


def side_by_side(jobs, at_most=AT_MOST):
    """Yield (key, future) of each job, as soon as it is done; the next ones start as these are taken.

    :param dict jobs: functions without arguments, by key
    """
    waiting = iter(jobs.items())
    running = {}
    executor = ThreadPoolExecutor(at_most, thread_name_prefix="mail_company_routing")
    try:
        while True:
            for key, job in islice(waiting, at_most - len(running)):
                running[executor.submit(job)] = key
            if not running:
                return
            done, _unfinished = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
