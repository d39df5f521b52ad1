"""The README and the pages it leads to call what is on the screens as the screens do."""

import re

import pytest

from ..state import CHECKOUT

ENGLISH = [page for page in (*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")) if "zh_CN" not in page.name]
EXAMPLE = re.compile(r"^    .*|`[^`]*`", re.MULTILINE)
ITALIC = re.compile(r"(?<![*\w])\*([^*\s](?:[^*]*[^*\s])?)\*(?!\*)")
# What Odoo's own screens say (its .pot files of base, base_setup, mail, web, microsoft_outlook, google_gmail).
OF_ODOO = """
Settings|General Settings|Discuss|Technical|Email|Users|Apps|Update Apps List|Update|Activate|Upgrade|Action|Contacts
Developer Tools|Activate the developer mode|Preferences|Outgoing Mail Servers|Incoming Mail Servers|Test Connection
Local Server|FROM Filtering|Emails|Send|Username|Custom Email Servers|Microsoft Outlook|Outlook Credentials|ID|Secret
Connect your Outlook account|Outlook Token Valid|Google Gmail|Gmail Credentials|Connect your Gmail account
Gmail Token Valid|An error occurred when fetching the access token.
Please connect with your Outlook account before using it.|Forbidden
"""
# What providers and other addons call things; headings, headers and a stressed word.
OF_OTHERS = """
Account|POP3/IMAP/SMTP|POP3/SMTP/IMAP|General|Mailbox Binding|secure login|Client Settings|Client Authorization Code
Account and Security|Microsoft Entra ID|Add|App registration|Supported account types|Redirect URI|Web|Register
Accounts in any organizational directory … and personal Microsoft accounts|API permissions|Add a permission
Microsoft Graph|Delegated permissions|Grant admin consent|Certificates & secrets|New client secret|Value|Secret ID
Overview|Application (client) ID|Assignment required|Enterprise applications|Users and groups|Active users|(mailbox)
Mail|Manage email apps|Authenticated SMTP|IMAP|Send as|Location|OAuth consent screen|Internal|External|Testing
Authorized domains|Test users|Credentials|Create credentials|OAuth client ID|Web application|Desktop app
Authorized redirect URIs|In production|Send mail as|Domain Whitelist|Email From|Company Mail Routing|Unreleased
It learns|References|In-Reply-To|writes|The connection failed
"""
# The same in Chinese.
OF_ODOO_IN_CHINESE = """
设置|一般设置|讨论|技术|Email|应用|更新应用列表|激活|开发者工具|激活开发者模式|偏好
别名|公司|重试|发件人筛选|测试连接|发信邮件服务器|收件服务器
自定义邮件服务器|ID|密匙|用户名|Outlook 凭据|Gmail 凭据|连接您的Outlook账号
连接您的Gmail账户|Outlook 令牌有效|Gmail令牌有效|EMail|发出|重新发送|更新|升级|联系人
"""


def split(words):
    return set(re.split(r"[|\n]", words))


def terms(language):
    """Return the addon's terms, or their translations."""
    path = "mail_company_routing.pot" if language == "msgid" else "zh_CN.po"
    text = (CHECKOUT / "i18n" / path).read_text(encoding="utf-8").replace('\\"', "'")
    return set(re.findall(rf'^{language} "(.+)"$', text, re.MULTILINE))


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_english_pages_name_labels_as_the_screens_do(page):
    """What stands in italics is a label, or labels with ">" between them."""
    text = EXAMPLE.sub("", page.read_text(encoding="utf-8"))
    named = {label for path in ITALIC.findall(text) for label in re.sub(r"\s+", " ", path).split(" > ")}
    assert sorted(named - terms("msgid") - split(OF_ODOO) - split(OF_OTHERS)) == []


@pytest.mark.parametrize("page", CHECKOUT.rglob("*.zh_CN.md"), ids=lambda page: page.name)
def test_chinese_pages_name_labels_as_the_screens_do(page):
    """What stands in 「」 is a label, or labels with ">" between them."""
    text = EXAMPLE.sub("", page.read_text(encoding="utf-8"))
    named = {label for path in re.findall("「([^」]*)」", text) for label in path.split(" > ")}
    assert named
    assert sorted(named - terms("msgstr") - split(OF_ODOO_IN_CHINESE)) == []
