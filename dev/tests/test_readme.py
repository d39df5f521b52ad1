"""The README and the pages it leads to send a newcomer to places that are there."""

import re

import pytest

from ..state import CHECKOUT

PAGES = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_of(page):
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """Return what GitHub calls the headings of a page."""
    titles = [re.sub(r"[`*]|\]\([^)]*\)|\[", "", title).strip().lower() for title in HEADING.findall(text_of(page))]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_path_that_a_page_links_exists(page):
    lost = []
    for link in LINK.findall(text_of(page)):
        path, _hash, anchor = link.partition("#")
        target = page.parent / path if path else page
        if "://" not in link and not (target.exists() and (not anchor or anchor in anchors(target))):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("name", ["README.md", "README.zh_CN.md"])
def test_a_readme_leads_to_each_page(name):
    """The Chinese one to the Chinese page, where there is one."""
    linked = {link.partition("#")[0] for link in LINK.findall(text_of(CHECKOUT / name))}
    pages = {f"docs/{page.name}" for page in (CHECKOUT / "docs").glob("*.md")}
    chinese = {page for page in pages if page.endswith(".zh_CN.md")}
    of_the_other = chinese if name == "README.md" else {page.replace(".zh_CN.md", ".md") for page in chinese}
    assert sorted(pages - of_the_other - linked) == []
