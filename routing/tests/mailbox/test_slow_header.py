"""Which headers are not handed to the standard library, whose time grows with their square."""

import email
import email.policy
from contextlib import suppress

import pytest

from ...mailbox.slow_header import is_slow
from .. import growth

SOUND = b"From: Anna <anna@a.example>\r\nTo: desk@b.example\r\nSubject: Hi\r\n\r\n"
PART = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n%s\r\n\r\nHello\r\n--x--\r\n'
NAMES = ("From", "To", "Cc", "Reply-To", "Resent-To", "Content-Type", "Content-Disposition", "MIME-Version")
JUNK = ('"', "a ", '"",', "\\", '"a', "@,", "a,", '"" ')


def recipients(count, form='"Anna Example" <anna.example{}@b.example>'):
    """Return a list of addresses."""
    return ", ".join(form.format(number) for number in range(count)).encode()


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("name", NAMES)
def test_a_long_header_that_is_no_list_is_slow(name, junk):
    header = f"{name}: {junk * (20_000 // len(junk))} <a@b.example>".encode()
    assert is_slow(header + b"\r\n" + SOUND)
    assert is_slow(PART % header)
    assert is_slow(b"Subject: Fwd\rX-Folded: a\r" + header.lower().replace(b": ", b" :\r\n\t"))


@pytest.mark.parametrize("name", ["To", "Content-Type"])
def test_many_headers_are_as_slow_as_a_long_one(name):
    header = f"{name}: {chr(34) * 2000}\r\n".encode()
    assert not is_slow(header * 3 + SOUND)
    assert is_slow(header * 100 + SOUND)


@pytest.mark.parametrize(
    "form",
    [
        '"Anna Example" <anna.example{}@b.example>',
        "anna{}@b.example",
        "=?utf-8?b?5L2g5aW9?= <anna{}@b.example>",
        '"Example, Anna (Sales)"\r\n <anna{}@b.example>',
        '"" <anna{}@b.example>',
    ],
)
def test_a_thousand_recipients_are_read(form):
    header = b"To: " + recipients(1000, form) + b"\r\n"
    assert not is_slow(header + SOUND)
    assert not is_slow(PART % header)


def test_ten_thousand_recipients_are_not():
    assert is_slow(b"To: " + recipients(10_000) + b"\r\n" + SOUND)


def test_long_names_of_attachments_are_read():
    name = "".join(f"\r\n filename*{number}*=%E8%AE%A2%E5%8D%95;" for number in range(30)).encode()
    assert not is_slow(SOUND + b"".join(PART % (b"Content-Disposition: attachment;" + name) for _part in range(50)))


@pytest.mark.parametrize("text", [b"x" * 3_000_000, b"x\r\n" * 1_000_000, b"Subject: " + b'"' * 100_000])
def test_other_text_may_be_of_any_length(text):
    assert not is_slow(SOUND + text)


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_handed_on_takes_the_library_seconds_at_most(junk):
    """The longest that passes, read once; growth.TooLong ends this where it does not."""
    sizes = range(12_000, 0, -1000)
    text = next(text for size in sizes if not is_slow(b"To: " + (text := (junk * size)[:size].encode()) + b"\r\n\r\n"))
    with growth.time_limit(20):
        message = email.message_from_bytes(b"To: " + text + b"\r\n\r\n", policy=email.policy.SMTP)
        # of the library, on some of these
        with suppress(IndexError):
            str(message["To"])
