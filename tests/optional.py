from importlib import import_module
from unittest import SkipTest


def need(package):
    """Return a package of ``test-requirements.txt``; if it is not installed, skip the test that asks.

    Never imported at the top of a module: one that does not load stops the whole server.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        raise SkipTest(f"{package} is not installed: pip install -r test-requirements.txt") from error
