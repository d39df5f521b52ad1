"""Odoo's pins, as the commands install them."""

from ..requirements import odoo_pins

LISTED = [
    "Babel==2.9.1",
    "gevent==21.8.0 ; sys_platform != 'win32' and python_version > '3.9' and python_version <= '3.10'",
    "gevent==22.10.2; sys_platform != 'win32' and python_version > '3.10'and python_version < '3.12'",
    "gevent==24.2.1 ; sys_platform != 'win32' and python_version >= '3.12'",
    "psycopg2==2.9.2 ; python_version == '3.10'",
    "psycopg2==2.9.5 ; python_version >= '3.11' and python_version < '3.12'",
    "pypiwin32 ; sys_platform == 'win32'",
    "python-ldap==3.4.0 ; sys_platform != 'win32' and python_version < '3.12'",
]
PINS_311 = ["setuptools<81", "Babel==2.9.1", "gevent==22.10.2"]


def test_markers_are_those_of_this_python():
    assert odoo_pins(LISTED, (3, 11, 7)) == PINS_311
    assert odoo_pins(LISTED, (3, 12, 1)) == ["setuptools<81", "Babel==2.9.1", "gevent==24.2.1"]


def test_python_3_10_gets_the_pins_of_3_11():
    assert odoo_pins(LISTED, (3, 10, 13)) == PINS_311
