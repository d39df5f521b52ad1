"""Where `make odoo-17` finds an Odoo 17.0, and what it says where there is none."""

import pytest

from ..odoo_17.source import odoo_17_home
from .test_commands import make_odoo


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_17", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "odoo" / "17.0"


def test_it_is_found_in_the_cache(cache):
    make_odoo(cache, 17)
    assert odoo_17_home() == (cache, "")


def test_the_variable_comes_first(cache, tmp_path, monkeypatch):
    make_odoo(cache, 17)
    monkeypatch.setenv("ODOO_17", str(make_odoo(tmp_path / "own", 17)))
    assert odoo_17_home()[0] == tmp_path / "own"


def test_another_version_is_not_taken(cache):
    make_odoo(cache, 16)
    home, why_not = odoo_17_home()
    assert home is None
    assert "Set ODOO_17 to a checkout of Odoo 17.0" in why_not


def test_none_says_what_to_do(cache):
    assert str(cache) in odoo_17_home()[1]
