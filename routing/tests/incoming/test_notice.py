"""Complaints, receipts and challenges are read for what they are, and are no bounces."""

import pytest

from ...incoming.bounce import read_bounce
from ...incoming.notice import CHALLENGE, COMPLAINT, RECEIPT, read_notice
from . import bounces
from .bounces import GONE, OUR_ID, mail, parse, recipient, report


def test_a_complaint():
    notice = read_notice(bounces.COMPLAINT)
    assert (notice.kind, notice.recipients, notice.text) == (COMPLAINT, (GONE,), "abuse")
    assert notice.message_ids[0] == OUR_ID
    assert read_bounce(bounces.COMPLAINT) is None


def test_a_complaint_that_a_mail_system_sends_is_no_bounce_either():
    text = (
        str(bounces.COMPLAINT)
        .replace("feedback@arf.example", "MAILER-DAEMON@arf.example")
        .replace("FW:", "Undeliverable:")
    )
    assert read_bounce(parse(text)) is None


def test_a_receipt():
    notice = read_notice(bounces.RECEIPT)
    assert (notice.kind, notice.recipients, notice.message_ids) == (RECEIPT, (GONE,), (OUR_ID,))
    assert notice.text == "displayed"


def test_a_challenge():
    message = mail(
        "Please click the link, then your mail is let through.",
        From=GONE,
        Subject="Please confirm your message",
        Auto_Submitted="auto-replied",
        In_Reply_To=OUR_ID,
    )
    notice = read_notice(message)
    assert (notice.kind, notice.text) == (CHALLENGE, "Please confirm your message")
    assert OUR_ID in notice.message_ids
    assert read_bounce(message) is None


@pytest.mark.parametrize("name", ["QMAIL", "EXIM", "QQ", "EXCHANGE_REPORT", "OUT_OF_OFFICE", "CUSTOMER_ANSWER"])
def test_anything_else_is_none(name):
    assert read_notice(getattr(bounces, name)) is None


def test_a_bounce_is_none():
    assert read_notice(report(recipient())) is None
