"""`make release` writes the version where it belongs, and refuses what is none."""

from datetime import date

import pytest

from ..commands.release import release
from ..console import Failure

DAY = date(2027, 1, 2)
CHANGES = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [16.0.1.0.0] - 2026-11-24\n\n- The first.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "__manifest__.py").write_text('{\n    "name": "X",\n    "version": "16.0.1.0.9",\n}\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    return tmp_path


def test_both_files_get_the_version(folder):
    release(folder, "16.0.1.0.10", DAY)
    assert '"version": "16.0.1.0.10"' in (folder / "__manifest__.py").read_text()
    changes = (folder / "CHANGELOG.md").read_text()
    assert "## [Unreleased]\n\n## [16.0.1.0.10] - 2027-01-02\n\n### Added\n\n- A thing." in changes


@pytest.mark.parametrize("version", ["", "1.1.0", "17.0.1.1.0", "16.0.1.0.9", "16.0.1.0.0", "16.0.1.1"])
def test_what_is_no_newer_version_is_refused(folder, version):
    with pytest.raises(Failure, match="VERSION="):
        release(folder, version, DAY)
    assert (folder / "CHANGELOG.md").read_text() == CHANGES


def test_nothing_to_tell_is_no_release(folder):
    release(folder, "16.0.1.1.0", DAY)
    with pytest.raises(Failure, match="nothing under Unreleased"):
        release(folder, "16.0.1.2.0", DAY)
