"""Why a mail bounced: the kind of reason, by a server's code and words."""

import re

from ..delivery.refusal import sender_refusal

UNKNOWN_USER, MAILBOX_FULL, REFUSED_SENDER = "unknown_user", "mailbox_full", "refused_sender"
SPAM, TOO_BIG, OTHER = "spam", "too_big", "other"

_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BASIC = re.compile(r"(?<![\d.@-])([45]\d\d)(?=[\s#\-:;,，：<(]|$)")

# The first match wins, so specific ones come first.
_CODES = (
    (TOO_BIG, ("5.3.4", "5.2.3")),
    (MAILBOX_FULL, ("5.2.2", "4.2.2")),
    (UNKNOWN_USER, ("5.1.1", "5.1.10", "5.1.6", "5.1.3", "5.1.2", "5.2.1")),
    (REFUSED_SENDER, ("5.7.60", "5.1.8", "5.7.23", "5.7.26")),
)
_WORDS = (
    (
        TOO_BIG,
        r"(message|mail|size|content)\b.{0,40}(too (large|big)|exceed)|exceeds?.{0,30}(size|limit)|size limit|"
        r"过大|太大|超过.{0,10}(大小|限制)|大小.{0,10}超",
    ),
    (
        MAILBOX_FULL,
        r"(mailbox|mail box|inbox|account).{0,30}\bfull\b|over ?quota|quota.{0,20}exceed|exceed.{0,30}quota|"
        r"insufficient (system )?storage|out of storage|已满|空间不足|容量(不足|已满|超)",
    ),
    (
        UNKNOWN_USER,
        r"(user|recipient|mailbox|address|account|addressee)\b.{0,60}(unknown|not found|invalid|does(n't| not) exist|"
        r"disabled|inactive|unavailable|not listed|rejected)|(unknown|no such|invalid) (user|recipient|mailbox)|"
        r"invalid address|no mailbox here|RecipNotFound|(couldn't|could not|wasn't|was not) (be )?found|"
        r"(用户|账号|帐号|邮箱|地址|收件人|账户).{0,40}(不存在|有误|错误|无效|被?禁用|停用|找不到)|(无此|没有此|查无此).{0,3}(用户|人|邮箱)",
    ),
    (
        REFUSED_SENDER,
        r"sender.{0,40}(reject|refus|denied|not allowed|not accepted|verify failed)|\b(SPF|DMARC|DKIM)\b|"
        r"unauthenticated|发(件|信)人.{0,20}(被拒|拒绝|验证|不被|受限)",
    ),
    (
        SPAM,
        r"\bspam|\bjunk|black ?list|block ?list|\bblocked\b|reputation|\bRBL\b|DT:SPM|content (was )?reject|"
        r"垃圾|拦截|黑名单|反病毒|内容.{0,10}(拒|违)",
    ),
)
_WORDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)


def find_code(text, basic=True):
    """Return the status code in a server's answer: the enhanced one (RFC 3463), else the SMTP code, else ""."""
    match = _ENHANCED.search(text) or (basic and _BASIC.search(text))
    return match[1] if match else ""


def reason_kind(code, text):
    """Return the kind of reason for a bounce.

    >>> reason_kind("5.1.1", "User unknown")
    'unknown_user'
    >>> reason_kind("554", "DT:SPM 163 smtp5")
    'spam'
    """
    refusal = sender_refusal(int(code) if code.isdigit() else 550, text)
    if refusal:
        return REFUSED_SENDER
    by_code = next((kind for kind, codes in _CODES if code in codes), None)
    return by_code or next((kind for kind, words in _WORDS if words.search(text)), OTHER)
