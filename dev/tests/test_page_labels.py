"""The README and the pages it leads to call what is on the screens as the screens do."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from ..state import CHECKOUT

# Mail providers' screens are on it, too.
OF_PROVIDERS = "providers."
PAGES = [page for page in (*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")) if OF_PROVIDERS not in page.name]
CHINESE = [page for page in PAGES if "zh_CN" in page.name]
EXAMPLE = re.compile(r"^    .*|`[^`]*`", re.MULTILINE)
ITALIC = re.compile(r"(?<![*\w])\*([^*\s](?:[^*]*[^*\s])?)\*(?!\*)")
# Odoo's modules whose screens the pages name, below its source.
OF_ODOO = ("odoo/addons/base", *(f"addons/{name}" for name in ("base_setup", "contacts", "mail", "web")))
OF_ODOO += ("addons/google_gmail", "addons/microsoft_outlook")
# Of other addons and providers; the addon itself, a heading, a header, and two stressed words.
OTHERS = {"Domain Whitelist", "Email From", "Authenticated SMTP", "Send mail as", "Company Mail Routing", "Unreleased"}
OTHERS |= {"In-Reply-To", "It learns", "writes"}


@cache
def terms(kind):
    """Return what the screens say: ours and Odoo's, in English (msgid) or Chinese (msgstr)."""
    home = os.environ.get("ODOO_HOME")
    if not home:
        pytest.skip("There is no Odoo whose labels could be read")
    modules = [CHECKOUT, *(Path(home, name) for name in OF_ODOO)]
    paths = [path for module in modules for path in module.glob("i18n/*.pot" if kind == "msgid" else "i18n/zh_CN.po")]
    texts = (path.read_text(encoding="utf-8").replace('\\"', "'") for path in paths)
    return {term for text in texts for term in re.findall(rf'^{kind} "(.+)"$', text, re.MULTILINE)}


def labels(page, pattern):
    """Return what a page names: a label, or labels with ">" between them."""
    text = EXAMPLE.sub("", page.read_text(encoding="utf-8"))
    return {label for path in pattern.findall(text) for label in re.sub(r"\s+", " ", path).split(" > ")}


@pytest.mark.parametrize("page", [page for page in PAGES if page not in CHINESE], ids=lambda page: page.name)
def test_english_pages_name_labels_as_the_screens_do(page):
    """In italics."""
    assert sorted(labels(page, ITALIC) - terms("msgid") - OTHERS) == []


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_chinese_pages_name_labels_as_the_screens_do(page):
    """In 「」."""
    named = labels(page, re.compile("「([^」]*)」"))
    assert named
    assert sorted(named - terms("msgstr")) == []
