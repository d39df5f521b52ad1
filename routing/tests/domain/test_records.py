"""What the records say, and what is no record."""

import pytest

from ...dns import FAILED, NONE, TIMEOUT, Answer
from ...domain import dkim, dmarc, mail_host, spf


def zone(records, silent=()):
    """Return a look-up in these texts by (name, kind); TXT is the kind where none is given."""
    known = {(key if isinstance(key, tuple) else (key, "TXT")): texts for key, texts in records.items()}

    def lookup(name, kind):
        if name in silent:
            return Answer(problem=TIMEOUT)
        texts = known.get((name, kind))
        return Answer(tuple([texts] if isinstance(texts, str) else texts)) if texts else Answer(problem=NONE)

    return lookup


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("v=spf1 mx a:mail.b.cn/24 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.a.cn -all", ""),
        ("v=spf1 exists:%{i}._spf.%{d} redirect=_spf.b.cn exp=why.b.cn", ""),
        ("v=spf1 A/24//64 MX -ALL", ""),
        ("V=SPF1 all what is behind all does not count", ""),
        ("v=spf1 includes:a.cn -all", "includes:a.cn"),
        ("v=spf1 include: -all", "include:"),
        ("v=spf1 ip4:192.0.2.300 -all", "ip4:192.0.2.300"),
        ("v=spf1 ip4: -all", "ip4:"),
        ("v=spf1 all:b.cn", "all:b.cn"),
        ("v=spf1 all/24", "all/24"),
        ("v=spf1 a/24/64", "a/24/64"),
        ("v=spf1 ip4:192.0.2.0//24", "ip4:192.0.2.0//24"),
        ("v=spf1 redirect=", "redirect="),
    ],
)
def test_terms_of_spf(text, wrong):
    assert spf.parse(text)[1] == wrong


@pytest.mark.parametrize(
    ("text", "is_record"),
    [("v=spf1", True), ("v=spf1 -all", True), ("V=SPF1 -all", True), ("v=spf10 -all", False), ("spf1", False)],
)
def test_what_is_spf(text, is_record):
    assert spf.is_spf(text) == is_record


@pytest.mark.parametrize(
    ("records", "problem", "where"),
    [
        ({}, NONE, "b.cn"),
        ({"b.cn": "google-site-verification=1"}, NONE, "b.cn"),
        ({"b.cn": ["v=spf1 -all", "v=spf1 mx -all"]}, spf.SEVERAL, "b.cn"),
        ({"b.cn": "v=spf1 nothing:x"}, spf.SYNTAX, "nothing:x"),
        ({"b.cn": "v=spf1 include:gone.cn -all"}, spf.BROKEN, "gone.cn"),
        ({"b.cn": "v=spf1 include:slow.cn -all"}, TIMEOUT, "slow.cn"),
        ({"b.cn": "v=spf1 include:b.cn -all"}, spf.TOO_MANY, "b.cn"),
        ({"b.cn": f"v=spf1 {'a ' * 10}-all", ("b.cn", "A"): "192.0.2.1"}, "", ""),
        ({"b.cn": f"v=spf1 {'a ' * 11}-all", ("b.cn", "A"): "192.0.2.1"}, spf.TOO_MANY, "b.cn"),
        ({"b.cn": "v=spf1 a:1.gone.cn mx a:2.gone.cn -all", ("b.cn", "MX"): "mx.b.cn"}, spf.VOID, "a:2.gone.cn"),
        ({"b.cn": "v=spf1 a mx -all"}, "", ""),
        ({"b.cn": "v=spf1 a mx include:a.cn -all", "a.cn": "v=spf1 ?mx -all"}, spf.VOID, "mx"),
        ({"b.cn": "v=spf1 a mx a:slow.cn a:6.b.cn -all", ("6.b.cn", "AAAA"): "2001:db8::1"}, "", ""),
    ],
)
def test_problems_of_spf(records, problem, where):
    found = spf.read(zone(records, silent=["slow.cn"]), "b.cn")
    assert (found.problem, found.where) == (problem, where)


def test_spf_names_what_it_includes_at_any_depth_and_what_its_hosts_are():
    lookup = zone(
        {
            "b.cn": "v=spf1 mx ip6:2001:db8::/32 redirect=_spf.b.cn",
            "_spf.b.cn": "v=spf1 include:spf.mail.qq.com -include:bad.cn ?ip4:203.0.113.1 ~all",
            "spf.mail.qq.com": "v=spf1 include:qq-a.mail.qq.com -all",
            "qq-a.mail.qq.com": "v=spf1 ip4:198.51.100.0/24 -all",
            "bad.cn": "v=spf1 ip4:192.0.2.200 -all",
            ("b.cn", "MX"): "mx.b.cn",
            ("mx.b.cn", "A"): "192.0.2.1",
        }
    )
    found = spf.read(lookup, "b.cn")
    assert (found.problem, found.lookups, found.end) == ("", 5, "~")
    assert found.names_host(["spf.mail.qq.com"], [])
    assert not found.names_host(["bad.cn"], ["192.0.2.200", "203.0.113.1", "192.0.2.2", "no address"])
    for address in ("192.0.2.1", "198.51.100.7", "2001:db8::5"):
        assert found.names_host([], [address])


def test_spf_names_the_networks_around_its_hosts():
    records = {
        "b.cn": "v=spf1 a/24//64 mx//64 -all",
        ("b.cn", "A"): "192.0.2.1",
        ("b.cn", "AAAA"): "2001:db8::1",
        ("b.cn", "MX"): "mx.b.cn",
        ("mx.b.cn", "A"): "198.51.100.1",
    }
    found = spf.read(zone(records), "b.cn")
    for address in ("192.0.2.77", "2001:db8::77", "198.51.100.1"):
        assert found.names_host([], [address])
    for address in ("192.0.3.1", "2001:db8:1::1", "198.51.100.2"):
        assert not found.names_host([], [address])


def test_a_record_to_publish_keeps_what_is_there():
    assert spf.with_terms([], ["include:a.cn"]) == "v=spf1 include:a.cn ~all"
    assert spf.with_terms(["v=spf1 mx -all", "v=spf1 mx ip4:1.2.3.4 ?all"], []) == "v=spf1 mx ip4:1.2.3.4 -all"
    assert spf.with_terms(["v=spf1 redirect=_spf.b.cn"], ["a:m.b.cn"]) == "v=spf1 a:m.b.cn redirect=_spf.b.cn"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({}, dmarc.Dmarc(NONE, domain="mail.b.cn")),
        ({"_dmarc.mail.b.cn": "v=DMARC1; p=reject; aspf=s"}, dmarc.Dmarc("", "reject", "mail.b.cn", True)),
        ({"_dmarc.b.cn": "v=DMARC1; p=reject; sp=none"}, dmarc.Dmarc("", "none", "b.cn")),
        ({"_dmarc.b.cn": "v=DMARC1;p=quarantine"}, dmarc.Dmarc("", "quarantine", "b.cn")),
        ({"_dmarc.b.cn": ["v=DMARC1; p=none"] * 2}, dmarc.Dmarc(dmarc.SEVERAL, domain="b.cn")),
        ({"_dmarc.b.cn": "v=DMARC1; p=maybe"}, dmarc.Dmarc(dmarc.SYNTAX, domain="b.cn")),
        ({"_dmarc.b.cn": "v=DMARC1; rua=mailto:a@b.cn"}, dmarc.Dmarc("", "none", "b.cn")),
    ],
)
def test_policies_of_dmarc(records, expected):
    assert dmarc.read(zone(records), "mail.b.cn") == expected


def test_dmarc_that_does_not_answer():
    assert dmarc.read(zone({}, silent=["_dmarc.b.cn"]), "b.cn").problem == TIMEOUT
    assert dmarc.read(lambda *_question: Answer(problem=FAILED), "b.cn").problem == FAILED


def test_alignment_is_strict_or_relaxed():
    assert dmarc.Dmarc().is_aligned("a.b.com.cn", "b.com.cn")
    assert not dmarc.Dmarc().is_aligned("a.com.cn", "b.com.cn")
    assert not dmarc.Dmarc(is_strict=True).is_aligned("a.b.cn", "b.cn")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("v=DKIM1; k=rsa; p=MIGfMA0G CSqGSIb3", dkim.FOUND),
        ("p=MIGfMA0G", dkim.FOUND),
        ("v=DKIM1; p=", dkim.REVOKED),
        ("v=DKIM1; k=rsa", dkim.SYNTAX),
        ("v=DKIM2; p=MIGf", dkim.SYNTAX),
        ("v=DKIM1; p=***", dkim.SYNTAX),
    ],
)
def test_keys_of_dkim(text, result):
    assert dkim.parse(text) == result


def test_a_key_is_looked_for_by_its_selector():
    lookup = zone({"s1._domainkey.b.cn": ["spam", "p=MIGf"], "s2._domainkey.b.cn": "v=DKIM1"})
    assert [dkim.read(lookup, selector, "b.cn") for selector in ("s1", "s2", "s3")] == [
        dkim.FOUND,
        dkim.SYNTAX,
        NONE,
    ]


def test_hosts_of_one_provider():
    assert mail_host.are_related("mxbiz1.qq.com", "imap.exmail.qq.com")
    assert mail_host.are_related("b-cn.mail.protection.outlook.com", "outlook.office365.com")
    assert mail_host.are_related("qiye163mx01.mxmail.netease.com", "imap.qiye.163.com")
    assert not mail_host.are_related("mx.b.cn", "imap.gmail.com")
    assert mail_host.includes("smtp.qiye.aliyun.com") == ("spf.qiye.aliyun.com",)
    assert mail_host.includes("mail.notqq.com") == ()
