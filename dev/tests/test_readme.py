"""The README sends a newcomer to files that are there."""

import re

from ..state import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_each_path_that_it_links_exists():
    paths = [path for path in LINK.findall(README) if "://" not in path]
    assert paths
    assert [path for path in paths if not (CHECKOUT / path).exists()] == []


def test_each_step_of_a_walk_has_its_number():
    for title in ("A user posts a message", "Bytes in a mailbox"):
        walk = README.partition(f"### {title}")[2].partition("\n#")[0]
        assert re.findall(r"^(\d+)\.", walk, re.MULTILINE) == [str(number) for number in range(1, 11)]
