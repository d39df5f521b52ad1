"""Test mails are recognised where they arrive, as nothing else is."""

import pytest

from ...probe import mails

TOKEN = "0123456789ab"


def built(kind="kept", **values):
    """Return a test mail as bytes."""
    arguments = {"header_from": "mei@a.com", "to": "kevin@a.com", "text": "测试", **values}
    return mails.build(TOKEN, kind, **arguments).as_bytes()


def report(about, body="<odoo-probe-0123456789ab-unknown@a.com>: 550 5.1.1 User unknown"):
    head = about.partition(b"\r\n\r\n")[0].decode()
    return (
        "From: MAILER-DAEMON@a.com\r\nSubject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        f"--x\r\nContent-Type: text/plain\r\n\r\n{body}\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n\r\n--x--\r\n"
    ).encode()


def test_a_test_mail_is_read_with_its_from_and_message_id():
    found = mails.read(built(), TOKEN)
    assert found == ("kept", True, "mei@a.com", f"<odoo-probe-{TOKEN}-kept@a.com>")
    assert mails.token_in(built()) == TOKEN
    assert built().isascii()


def test_a_mail_on_behalf_names_who_sends_it():
    assert b"Sender: kevin@a.com" in built("behalf", sender="kevin@a.com")
    assert b"Sender:" not in built("behalf", sender="mei@a.com")


def test_a_report_about_a_test_mail_says_that_it_did_not_arrive():
    assert mails.read(report(built("unknown")), TOKEN)[:2] == ("unknown", False)


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Order\r\n\r\nHello",
        b"",
        b"Subject: odoo-probe-ba9876543210-kept\r\n\r\n",
        b"Subject: Re: odoo-probe-0123456789ab-kept\r\n\r\nWhat is this?",
        b"Subject: odoo-probe-0123456789ab-other\r\n\r\n",
        b"From: MAILER-DAEMON@a.com\r\nSubject: Undelivered\r\n\r\n550 5.1.1 <x@a.com> unknown",
    ],
)
def test_other_mails_are_none(raw):
    assert mails.read(raw, TOKEN) is None


def test_addresses_that_no_name_is_too_long_for():
    assert mails.sub_address(TOKEN, "kevin@a.com") == f"kevin+odoo-probe-{TOKEN}-sub@a.com"
    assert mails.sub_address(TOKEN, f"{'k' * 50}@a.com") is None
    assert mails.unknown_address(TOKEN, "a.com") == f"odoo-probe-{TOKEN}-unknown@a.com"
    assert mails.unknown_address(TOKEN, "") is None
