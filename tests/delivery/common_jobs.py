from unittest import SkipTest


def need_queue_job(env):
    """Skip the tests that ask, with a reason, where OCA's ``queue_job`` is not installed."""
    if "queue.job" not in env:
        raise SkipTest("OCA's queue_job is not installed: make queue-test")
