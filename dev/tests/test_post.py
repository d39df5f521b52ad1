"""The provider of the tests delivers what its mail server takes, as it is told to."""

import email

import pytest

from ..mailbox_server import Mailbox
from ..strict_server import Post, StoredMail

BOX = "kevin@a.example"
RAW = b"From: mei@a.example\r\nTo: x\r\nMessage-Id: <1@a.example>\r\nSubject: Hi\r\n\r\nFrom: nobody\r\n"


def posted(to=BOX, **habits):
    """Return what is in the mailbox after one mail."""
    mailbox = Mailbox(BOX)
    Post(mailbox, **habits).accept(StoredMail(BOX, BOX, (to,), RAW))
    return [message.raw for message in mailbox.folders["INBOX"]]


@pytest.mark.parametrize(
    ("to", "habits", "arrives"),
    [
        (BOX, {}, True),
        ("kevin+a@a.example", {}, False),
        ("kevin+a@a.example", {"sub_addresses": True}, True),
        ("nobody@a.example", {"sub_addresses": True}, False),
        ("nobody@a.example", {"catchall": True}, True),
        (BOX, {"holds": True}, False),
    ],
)
def test_what_arrives(to, habits, arrives):
    assert posted(to, **habits) == ([RAW] if arrives else [])


def test_headers_are_changed_in_silence_and_the_body_is_not():
    assert posted(rewrites=True) == [RAW.replace(b"From: mei", b"From: kevin")]
    assert posted(new_ids=True) == [RAW.replace(b"<1@", b"<other-1@")]


def test_what_does_not_arrive_comes_back_as_a_report():
    [raw] = posted("nobody@a.example", returns=True)
    report = email.message_from_bytes(raw)
    assert [part.get_content_type() for part in report.get_payload()] == [
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    assert "<1@a.example>" in raw.decode()
