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


def test_each_step_of_a_walk_has_its_number():
    walks = text_of(CHECKOUT / "docs" / "developers.md")
    for title in ("A user posts a message", "Bytes in a mailbox"):
        walk = walks.partition(f"## {title}")[2].partition("\n#")[0]
        assert re.findall(r"^(\d+)\.", walk, re.MULTILINE) == [str(number) for number in range(1, 11)]


# What Odoo's own screens say in Chinese (its zh_CN.po of base, base_setup, mail, microsoft_outlook, google_gmail).
OF_ODOO = """
设置|一般设置|讨论|技术|Email|应用|更新应用列表|激活|开发者工具|激活开发者模式|偏好
别名|公司|重试|发件人筛选|测试连接|发信邮件服务器|收件服务器
自定义邮件服务器|ID|密匙|用户名|Outlook 凭据|Gmail 凭据|连接您的Outlook账号
连接您的Gmail账户|Outlook 令牌有效|Gmail令牌有效|EMail|发出|重新发送
"""


@pytest.mark.parametrize("page", CHECKOUT.rglob("*.zh_CN.md"), ids=lambda page: page.name)
def test_chinese_pages_name_labels_as_the_screens_do(page):
    """What stands in 「」 is a label, or labels with ">" between them."""
    translations = (CHECKOUT / "i18n" / "zh_CN.po").read_text(encoding="utf-8")
    known = {*re.findall(r'^msgstr "(.+)"$', translations, re.MULTILINE), *re.split(r"[|\n]", OF_ODOO)}
    named = {label for path in re.findall("「([^」]*)」", text_of(page)) for label in path.split(" > ")}
    assert named
    assert sorted(named - known) == []
