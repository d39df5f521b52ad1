"""What the commands do where something is missing, and how they count."""

import subprocess
import sys
from pathlib import Path

import pytest

from .. import environment, launch, odoo_source
from ..commands import core_test
from ..console import Failure
from ..fingerprint import fingerprint
from ..language import check_language
from ..pytest_run import Part, print_summary, read_report
from ..serve import check_port
from ..strict_server import StrictServer

ROOT = Path(__file__).resolve().parents[2]


def make_odoo(home, version):
    """Make a folder that looks like Odoo's source."""
    (home / "odoo").mkdir(parents=True)
    (home / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, 0, 'final', 0, '')\n")
    return home


def test_odoo_home_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path, 16)))
    assert odoo_source.find_odoo() == tmp_path


def test_another_version_in_odoo_home_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path, 17)))
    with pytest.raises(Failure, match="no Odoo 16"):
        odoo_source.find_odoo()


def test_odoo_in_the_cache_is_found(tmp_path, monkeypatch):
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = make_odoo(tmp_path / "odoo" / "16.0", 16)
    assert odoo_source.find_odoo() == cache


@pytest.mark.parametrize("git", [None, "false"])
def test_no_odoo_and_no_way_to_fetch_it_says_what_to_do(tmp_path, monkeypatch, git):
    monkeypatch.setattr(odoo_source.shutil, "which", lambda _name: git)
    monkeypatch.setattr(odoo_source, "UPSTREAM", str(tmp_path / "nowhere"))
    with pytest.raises(Failure, match="Set ODOO_HOME"):
        odoo_source.clone_odoo(tmp_path / "odoo" / "16.0")


def test_plain_tests_need_some_python(monkeypatch):
    monkeypatch.setattr(launch, "built_pythons", list)
    monkeypatch.setattr(launch, "plain_python", no_network)
    monkeypatch.setattr(launch, "find_spec", lambda _name: None)
    with pytest.raises(Failure, match="lacks pytest and hypothesis"):
        launch.any_python()


def test_no_venv_module_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Failure, match="apt install python3-venv"):
        environment._make_with_venv(tmp_path, tmp_path / "log")


def no_network():
    """Fail as a build without a network does."""
    raise Failure("pip failed")


def test_taken_port_names_another():
    with StrictServer([]) as server, pytest.raises(Failure, match=f"PORT={server.port + 10}"):
        check_port(server.port, "PORT")


def test_unknown_command_shows_usage():
    done = subprocess.run([sys.executable, "-m", "dev", "fly"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Usage" in done.stderr


def test_fingerprint_follows_the_addon_only(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "models" / "a.py").write_text("a = 1")
    before = fingerprint(tmp_path)
    (tmp_path / "tests" / "test_a.py").write_text("a = 2")
    (tmp_path / "README.md").write_text("a")
    assert fingerprint(tmp_path) == before
    (tmp_path / "models" / "a.py").write_text("a = 2")
    assert fingerprint(tmp_path) != before


REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure/></testcase>
<testcase classname="a" name="breaks"><error/></testcase>
<testcase classname="a" name="skips"><skipped/></testcase>
</testsuite></testsuites>"""


def test_report_is_counted(tmp_path, capsys):
    (tmp_path / "report.xml").write_text(REPORT)
    part = read_report("some", tmp_path / "report.xml", code=1)
    assert part == Part("some", 1, 2, 1, "", frozenset({"a.fails", "a.breaks"}))
    print_summary([part, Part("others", trouble="NOT RUN")])
    assert capsys.readouterr().out.endswith("others: NOT RUN\n1 passed, 2 failed, 1 skipped\n")


@pytest.mark.parametrize("code", [2, 5])
def test_a_run_without_a_result_is_not_good(tmp_path, code):
    assert not read_report("some", tmp_path / "missing.xml", code).good


def test_an_early_state_of_odoo_is_tested_too(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_odoo(tmp_path / "late", 16)))
    monkeypatch.setenv("ODOO_EARLY", str(make_odoo(tmp_path / "early", 16)))
    assert core_test.early_odoo() == tmp_path / "early"
    monkeypatch.setenv("ODOO_EARLY", str(tmp_path / "late"))
    assert core_test.early_odoo() is None
    monkeypatch.setenv("ODOO_EARLY", str(make_odoo(tmp_path / "other", 17)))
    with pytest.raises(Failure, match="no Odoo 16"):
        core_test.early_odoo()
    monkeypatch.delenv("ODOO_EARLY")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    assert core_test.early_odoo() is None


def test_a_language_that_is_none_is_refused_before_anything_starts():
    with pytest.raises(Failure, match="ODOO_LANG=Chinese is no language"):
        check_language("Chinese")
    check_language("zh_CN")
