"""Damaged mails are read as far as they go."""

import email
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...incoming import reader


def parse(data):
    return email.message_from_bytes(data, policy=policy.SMTP)


def text_of(content_type, body, encoding="8bit"):
    """Return the text read from one part with this content type and body."""
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return reader.text(parse(head.encode() + body))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?b?6YCA5L+h?=", "退信"),
        (b"=?gb2312?b?zcvQxQ==?=", "退信"),
        (b"=?utf-8?b?6YCA?=\r\n =?utf-8?b?5L+h?=", "退信"),
        ("退信".encode(), "退信"),
        ("退信".encode("gb18030"), "退信"),
        (b"two\r\n lines", "two lines"),
        # mail programs call the large Chinese charset by the name of the small one, which lacks the last character
        (b"=?gb2312?b?zcvQxaO6hrQ=?=", "退信：喆"),
        ("中 ".encode() + b"=?utf-8?b?6YCA5L+h?=", "中 退信"),
        (b"=?no-such-charset?q?a?=", "a"),
    ],
)
def test_headers_are_decoded(raw, expected):
    assert reader.header(parse(b"Subject: " + raw + b"\r\n\r\n"), "subject") == expected


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/plain; charset=utf-8", "退信".encode(), "退信"),
        ("text/plain; charset=gb2312", "退信".encode("gb18030"), "退信"),
        ("text/plain; charset=no-such", "退信".encode(), "退信"),
        ("text/plain; charset=us-ascii", "退信".encode(), "退信"),
        ("text/html", b"<style>td {}</style><p>one</p>two &lt;a@b&gt;", "one two <a@b>"),
        ("text/html", b"<STYLE>never ended <b>one</b>", "never ended one"),
    ],
)
def test_texts_are_read(content_type, body, expected):
    assert " ".join(text_of(content_type, body).split()) == expected


def test_broken_base64_is_read_as_far_as_it_goes():
    assert "hello" in text_of("text/plain", b"aGVsbG8gd29ybGQ!!", "base64")


def test_the_parts_of_an_enclosed_mail_are_not_those_of_the_mail():
    inner = b"Content-Type: message/rfc822\r\n\r\nContent-Type: text/html\r\n\r\ninner"
    message = parse(
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nouter\r\n--B\r\n" + inner + b"\r\n--B--"
    )
    assert [reader.content_type(part) for part in reader.parts(message)] == ["text/plain", "message/rfc822"]


def test_a_deep_nest_is_read():
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (i, i) for i in range(60))
    assert [reader.text(part).strip() for part in reader.parts(parse(nested + b"\r\ninner"))] == ["inner"]


def test_recipients_are_those_of_the_envelope_first():
    message = parse(b"To: A <a@a.com>, b@b.com\r\nDelivered-To: box@a.com\r\nCc: a@a.com\r\n\r\n")
    found = (("Delivered-To", "box@a.com"), ("To", "a@a.com"), ("To", "b@b.com"), ("Cc", "a@a.com"))
    assert reader.recipients(message) == found


def test_an_address_in_an_encoded_name_is_no_recipient():
    message = parse(b"To: =?utf-8?q?x=40b=2Ecom=2C_Chen?= <a@a.com>\r\n\r\n")
    assert reader.recipients(message) == (("To", "a@a.com"),)


def test_a_recipient_that_is_encoded_as_a_whole_is_found():
    message = parse(b"To: =?utf-8?q?Chen_=3Ca=40a=2Ecom=3E?=\r\n\r\n")
    assert reader.recipients(message) == (("To", "a@a.com"),)


@given(st.binary(max_size=400))
def test_anything_may_be_read(data):
    message = parse(data)
    reader.recipients(message)
    for part in reader.parts(message):
        reader.text(part)
