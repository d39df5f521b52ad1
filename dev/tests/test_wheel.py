"""The wheel holds the addon, and nothing of its development."""

from ..wheel import addon_files, is_shipped


def test_what_users_need_is_in_it():
    shipped = set(filter(is_shipped, addon_files()))
    needed = {
        "__manifest__.py",
        "hooks.py",
        "data/neutralize.sql",
        "upgrade/to_17/__main__.py",
        "routing/table.py",
        "LICENSE",
    }
    assert needed <= shipped
    assert {"i18n/zh_CN.po", "static/description/icon.png", "README.md", "CHANGELOG.md"} <= shipped


def test_what_developers_need_is_not():
    shipped = list(filter(is_shipped, addon_files()))
    for name in ("tests/common.py", "routing/tests/walls.py", "dev/wheel.py", ".ci/run", "Makefile", ".editorconfig"):
        assert not is_shipped(name)
    assert not [name for name in shipped if "tests" in name.split("/")]
