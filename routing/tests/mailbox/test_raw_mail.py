from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...mailbox import raw_mail


def test_a_message_without_an_id_gets_the_same_one_each_time():
    raw = b"Subject: Hi\r\n\r\nHi\r\n"
    first = raw_mail.with_message_id(raw)
    assert first == raw_mail.with_message_id(raw)
    assert first.endswith(raw)
    assert raw_mail.summary(first)["message_id"] == f"<{raw_mail.checksum(raw)}@localhost>"
    assert raw_mail.with_message_id(raw + b"!") != first + b"!"


def test_an_empty_id_is_none():
    assert raw_mail.with_message_id(b"Message-Id: \r\n\r\n").startswith(b"Message-Id: <")


@pytest.mark.parametrize(
    "header",
    [
        b"Message-Id: <1@a.example>",
        b"Message-ID: <1@a.example> (comment)",
        b"message-id:\r\n <1@a.example>",
        b"Message-Id: 1@a.example",
        b"Message-Id: <1@a.example",
    ],
)
def test_a_message_with_an_id_is_left_alone(header):
    raw = header + b"\r\n\r\n"
    assert raw_mail.with_message_id(raw) is raw


@pytest.mark.parametrize("value", [b"<order 7@a.example>", b"<>", b"<\0@a.example>", b'<a"b@a.example>', b"<a <b@c>"])
def test_a_damaged_id_of_which_odoo_would_read_a_part_is_replaced(value):
    raw = b"Message-Id: " + value + b"\r\n\r\n"
    assert raw_mail.summary(raw_mail.with_message_id(raw))["message_id"] == f"<{raw_mail.checksum(raw)}@localhost>"


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"=?utf-8?b?6K6i5Y2V?=", "订单"),
        (b"=?gb2312?b?tqm1pQ==?=", "订单"),
        ("订单".encode(), "订单"),
        ("订单".encode("gb18030"), "订单"),
        (b"=?no-such?q?a?= b", "a b"),
        (b"a\0b", "a\ufffdb"),
        (b"=?utf-8?q?a=00b?=", "a\ufffdb"),
        (b"folded\r\n  text", "folded text"),
    ],
)
def test_subjects(header, text):
    assert raw_mail.summary(b"Subject: " + header + b"\r\n\r\n")["subject"] == text


def test_dates_are_in_utc():
    summary = raw_mail.summary(b"Date: Mon, 5 Jan 2026 08:00:00 +0800\r\n\r\n")
    assert summary["date"] == datetime(2026, 1, 5)
    assert raw_mail.summary(b"Date: yesterday\r\n\r\n")["date"] is None


def test_the_first_of_two_headers_counts():
    assert raw_mail.summary(b"From: a@a.example\r\nFrom: b@b.example\r\n\r\n")["email_from"] == "a@a.example"


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_the_longest_header(end):
    raw = end.join([b"A: 12", b"B: 123", b" 567", b"", b"C: in the body 1234567890"])
    assert raw_mail.longest_header(raw) == len("123 567") + len(end)
    assert raw_mail.longest_header(b"") == 0


@given(st.binary())
def test_nothing_raises_and_a_database_takes_all(raw):
    for message in (raw, b"Subject: " + raw, b"Date: " + raw, raw_mail.with_message_id(raw)):
        for value in raw_mail.summary(message).values():
            if isinstance(value, str):
                assert "\0" not in value
                # what is no Unicode text raises
                value.encode()
