"""Odoo's pins, as the commands install them."""

from ..requirements import lines, odoo_pins

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


def test_a_file_may_refer_to_another(tmp_path):
    (tmp_path / "test-requirements.txt").write_text("# for tests\naiosmtpd==1.4.6  # the newest\n")
    (tmp_path / "dev").mkdir()
    listed = tmp_path / "dev" / "requirements.txt"
    listed.write_text("-r ../test-requirements.txt\n\npytest==9.2.0\n")
    assert lines(listed) == ["aiosmtpd==1.4.6", "pytest==9.2.0"]
