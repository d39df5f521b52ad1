"""The examples in docstrings say what happens."""

import doctest

import pytest

from . import readers

MODULES = [module for module in readers.modules() if ">>>" in (module.__loader__.get_source(module.__name__) or "")]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.partition("routing.")[2])
def test_examples(module):
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
