"""Addresses: which texts are addresses, and which names may precede one."""

import re
from email.charset import BASE64, QP, Charset
from email.header import Header
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import address
from . import strategies


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("kevin@example.com", "kevin@example.com"),
        (" kevin@example.com ", "kevin@example.com"),
        ("Kevin@EXAMPLE.com", "Kevin@example.com"),
        ("kevin@例子.cn", "kevin@xn--fsqu00a.cn"),
        ("kevin@BÜCHER.de", "kevin@xn--bcher-kva.de"),
        ("kevin+tag@example.com", "kevin+tag@example.com"),
        ("root@localhost", "root@localhost"),
        ('"kevin"@example.com', "kevin@example.com"),
        ('"ke\\vin"@example.com', "kevin@example.com"),
        ("kevin@example.com.", "kevin@example.com"),
        ("kevin@例子。cn。", "kevin@xn--fsqu00a.cn"),
    ],
)
def test_an_address_gets_its_wire_form(text, wire):
    assert address.check(text) == wire


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("kevin@example.com\nBcc: x@y.com", "control"),
        ("kevin@example.com\r", "control"),
        ("kev\x00in@example.com", "control"),
        ("kevin@example.com\u2028", "control"),
        ("kevin", "at"),
        ("", "at"),
        (None, "at"),
        ("kevin@a.com@b.com", "at"),
        ("@example.com", "local"),
        ("张三@example.com", "local"),
        ("ke vin@example.com", "local"),
        ("<kevin@example.com>", "local"),
        ("kevin,zhi@example.com", "local"),
        ('"kevin zhi"@example.com', "local"),
        ('"kevin@example.com', "local"),
        ('""@example.com', "local"),
        ("kevin@example.com..", "domain"),
        ("kevin@.", "domain"),
        ("kevin@", "domain"),
        ("kevin@example..com", "domain"),
        ("kevin@-example.com", "domain"),
        ("kevin@exam ple.com", "domain"),
        (f"kevin@{'a' * 64}.com", "domain"),
    ],
)
def test_what_is_no_single_address_is_refused_with_the_problem(text, problem):
    with pytest.raises(address.BadAddress) as raised:
        address.check(text)
    assert raised.value.problem == problem
    assert address.find(text) is None


@given(
    strategies.names | st.text(),
    st.sampled_from(["a@b.com", "a.b+c@B-c.com", ".a@b.com", "a..b@c", "a@b.", "a@-", "-@a"]),
)
def test_the_usual_form_reads_as_the_standard_library_reads_it(name, email):
    for text in (email, f'"{name}" <{email}>'):
        with mock.patch.object(address, "_USUAL", re.compile("nothing")):
            expected = address._parse.__wrapped__(text)
        assert address.parse(text) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"Chen, Zhi" <zhi@a.com>', [("Chen, Zhi", "zhi@a.com")]),
        ("=?utf-8?b?5L2c6ICFIDAsIENvLg==?= <zhi@a.com>", [("作者 0, Co.", "zhi@a.com")]),
        ("=?utf-8?q?Anna?= Sales <a@b.com>", [("Anna Sales", "a@b.com")]),
        ("=?gb2312?b?xOO6ww==?= and =?utf-8?q?B=C3=A9?= <a@b.com>", [("你好 and Bé", "a@b.com")]),
        ("zhi@a.com, B <b@b.com>", [("", "zhi@a.com"), ("B", "b@b.com")]),
        ('"zhi@b.com" <zhi@a.com>', [("zhi@b.com", "zhi@a.com")]),
        ("zhi@a.com <zhi@a.com>", [("", "zhi@a.com"), ("", "zhi@a.com")]),
        ("kevin@例子.cn", [("", "kevin@xn--fsqu00a.cn")]),
        ("nobody", []),
        ("", []),
        (None, []),
        (False, []),
    ],
)
def test_headers_are_parsed(header, expected):
    assert address.parse(header) == tuple(address.Address(*pair) for pair in expected)


@pytest.mark.parametrize(
    "header",
    [
        "ceo@a.com",
        "CEO@A.com.",
        '"ceo"@a.com',
        "<ceo@a.com",
        '"ceo@a.com" <zy@a.com>',
        '"The boss (ceo@a.com)" <zy@a.com>',
        '"\\"ceo\\"@a.com" <zy@a.com>',
        "zy@a.com (ceo@a.com)",
        "ceo\uff20a.com <zy@a.com>",
        "c\u200beo@a.\u200bcom <zy@a.com>",
        "=?utf-8?q?ceo=40a=2Ecom?= <zy@a.com>",
        "=?UTF-8?B?Y2VvQGEuY29t?= <zy@a.com>",
        "=?utf-8?q?ceo=40?=\t =?utf-8?q?a=2Ecom?= <zy@a.com>",
        '"=?utf-8?q?ceo=40a=2Ecom?=" <zy@a.com>',
        f'"{"a" * 100_000} ceo@a.com" <zy@a.com>',
        f"{'=?utf-8?q?a_?= ' * 10_000}=?utf-8?q?ceo=40a=2Ecom?= <zy@a.com>",
        "mailto:ceo@a.com",
    ],
)
def test_whoever_is_mentioned_anywhere_is_found(header):
    assert "ceo@a.com" in address.mentioned(header)


@pytest.mark.parametrize("header", ["Kevin <kevin@b.com>", "nobody", "@", "a@", "@b.com", "", None, "=?x?q?a@b?="])
def test_nobody_else_is_mentioned(header):
    assert address.mentioned(header) <= {"kevin@b.com"}


@given(st.text(max_size=100), st.sampled_from(["utf-8", "gb18030"]), st.sampled_from("qb"))
def test_whoever_is_read_is_mentioned(text, charset, encoding):
    word = Charset(charset)
    word.header_encoding = QP if encoding == "q" else BASE64
    for header in (text, f"{Header(text, word).encode()} <a@b.com>"):
        assert {entry.email.lower() for entry in address.parse(header)} <= address.mentioned(header)


@pytest.mark.parametrize(
    ("header", "is_safe"),
    [
        ("zy@a.com", True),
        ('"ZY" <zy@a.com>', True),
        ("=?utf-8?q?ZY?= <zy@a.com>", True),
        ('"ceo@a.com" <zy@a.com>', False),
        ("=?utf-8?q?ceo=40a=2Ecom?= <zy@a.com>", False),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3Fceo=3F=3D?= <zy@a.com>", False),
        ("ceo\uff20a.com <zy@a.com>", False),
        (f'"{"a" * 30_000}" <zy@a.com>', False),
    ],
)
def test_a_name_is_safe_without_an_address(header, is_safe):
    assert address.has_safe_names(header) == is_safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Kevin", "Kevin"),
        ("Chen, Zhi", "Chen, Zhi"),
        ('Kevin "Boss" Li', 'Kevin "Boss" Li'),
        ("kevin@corp.com", ""),
        ("<kevin@corp.com>", ""),
        ("Kevin (kevin@corp.com)", "Kevin"),
        ("kevin@corp.com via Odoo", "via Odoo"),
        ("陈志 chen＠corp.com", "陈志"),
        ("A @ B", "A B"),
        ("Kevin (Sales)", "Kevin (Sales)"),
        ("Trading Co.,", "Trading Co.,"),
        ('"" <>', ""),
        ("Ke\r\nvin", "Ke vin"),
        ("Kevin\u202egnp.exe", "Kevingnp.exe"),
        ("=?utf-8?q?ceo=40corp.com?=", "= ?utf-8?q?ceo=40corp.com?="),
        ("", ""),
        (None, ""),
    ],
)
def test_a_display_name_has_no_address_inside(name, safe):
    assert address.display_name(name) == safe


@given(st.text(max_size=100))
def test_any_text_gives_a_harmless_display_name(text):
    name = address.display_name(text)
    assert "@" not in name
    assert len(name.splitlines()) <= 1
    assert address.display_name(name) == name


@given(strategies.authors)
def test_an_address_survives_its_header_form(author):
    parsed = address.parse(str(author))
    assert [entry.email for entry in parsed] == [author.email]


@given(st.text(max_size=100))
def test_parsing_never_fails_and_finds_only_wire_forms(text):
    for entry in address.parse(text):
        assert address.check(entry.email) == entry.email
    address.parse_name(text)


@given(st.text(max_size=60))
def test_the_wire_form_is_ascii_and_stable(text):
    found = address.find(text)
    if found:
        assert found.isascii()
        assert address.check(found) == found


def test_what_strangers_write_at_length_is_not_kept_in_memory():
    before = address._parse.cache_info().currsize
    for number in range(50):
        assert address.parse(f"{'a@b.com, ' * 999}c{number}@d.com")[-1].email == f"c{number}@d.com"
        assert not address.parse(f"{number}{'x' * 5000}@b.com")
        assert address.find(f"{number}{'x' * 5000}@b.com") is None
    assert address._parse.cache_info().currsize == before
    assert address._parse_long.cache_info().currsize < 50
