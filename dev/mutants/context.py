"""A plugin of pytest: tells coverage.py which test runs, as Hypothesis has functions of its own called test."""

import coverage
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Measure under the test's own name."""
    coverage.Coverage.current().switch_context(item.nodeid.partition("[")[0])
    try:
        return (yield)
    finally:
        coverage.Coverage.current().switch_context("")
