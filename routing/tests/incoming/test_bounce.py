"""Which mails are bounces, for whom and why; and which are not."""

import email
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...incoming.bounce import read_bounce, says_no_failure
from ...signed_id import write_id
from . import bounces
from .bounces import GONE, OUR_ID, recipient, report

ALSO_GONE = "also@customer.com"


@pytest.mark.parametrize(
    ("message", "kind", "code"),
    [
        pytest.param(report(recipient()), "unknown_user", "5.1.1", id="report"),
        pytest.param(
            report(recipient("failed", "5.2.2", "552 5.2.2 full"), text=bounces.POSTFIX_TEXT),
            "mailbox_full",
            "5.2.2",
            id="Postfix",
        ),
        pytest.param(bounces.QMAIL, "unknown_user", "550", id="qmail"),
        pytest.param(bounces.EXIM, "unknown_user", "550", id="Exim"),
        pytest.param(bounces.QQ, "unknown_user", "550", id="QQ"),
        pytest.param(bounces.NETEASE, "mailbox_full", "552", id="NetEase"),
        pytest.param(bounces.ALIYUN, "spam", "554", id="Aliyun"),
        pytest.param(bounces.EXCHANGE, "unknown_user", "5.1.10", id="Exchange in words"),
        pytest.param(bounces.EXCHANGE_REPORT, "too_big", "5.2.3", id="Exchange"),
        pytest.param(bounces.OFFICE_365_SENDER, "refused_sender", "5.7.1", id="Office 365"),
        pytest.param(bounces.GMAIL, "refused_sender", "5.7.26", id="Gmail"),
        pytest.param(bounces.UNKNOWN_WORDS, "other", "", id="unknown words"),
        pytest.param(bounces.BROKEN_REPORT, "unknown_user", "5.1.1", id="broken report"),
    ],
)
def test_a_bounce_is_recognised(message, kind, code):
    bounce = read_bounce(message)
    assert bounce is not None
    assert GONE in bounce.recipients + bounce.mentioned
    assert bounce.message_ids[0] == OUR_ID
    assert (bounce.kind, bounce.code) == (kind, code)
    assert bounce.text


@pytest.mark.parametrize(
    "name",
    [
        "OUT_OF_OFFICE",
        "SILENT_VACATION",
        "CUSTOMER_ANSWER",
        "FORWARDED_BOUNCE",
        "A_PERSON_AT_POSTMASTER",
        "CARRIER",
        "CHINESE_CARRIER",
        "AN_ORDER_OF_A_SMALL_FIRM",
        "RECEIPT",
        "DELAY_IN_WORDS",
    ],
)
def test_what_only_looks_like_one_is_none(name):
    assert read_bounce(getattr(bounces, name)) is None


@pytest.mark.parametrize("action", ["delayed", "Relayed", "delivered", "expanded"])
def test_a_report_without_failure_is_none(action):
    message = report(recipient(action, "4.4.7", "450 4.4.7 delayed"), subject="Undeliverable: Order")
    assert read_bounce(message) is None
    assert says_no_failure(message)


def test_a_report_names_those_alone_that_failed():
    message = report(recipient(), recipient("delivered", "2.0.0", final="well@a.com"), recipient(final=ALSO_GONE))
    assert read_bounce(message).recipients == (GONE, ALSO_GONE)
    assert not says_no_failure(message)


def test_the_address_we_wrote_to_comes_before_where_it_was_forwarded():
    bounce = read_bounce(report(recipient(final="else@where.com", original=GONE)))
    assert bounce.recipients == (GONE,)
    assert "else@where.com" in bounce.mentioned


def test_without_an_action_the_status_decides():
    assert read_bounce(report(f"Final-Recipient: rfc822;{GONE}\nStatus: 5.1.1"))
    assert not read_bounce(report(f"Final-Recipient: rfc822;{GONE}\nStatus: 4.1.1"))


def test_the_own_id_of_the_returned_mail_comes_first():
    """If a provider replaced the Message-Id, Odoo's is the last of the References."""
    text = bounces.ORIGINAL.replace(f"Message-Id: {OUR_ID}", "Message-Id: <tencent_1@qq.com>")
    message = bounces.mail("550", From="postmaster@qq.com", Subject="退信", attached=text)
    assert read_bounce(message).message_ids[:2] == ("<tencent_1@qq.com>", OUR_ID)


def test_the_signed_id_of_the_returned_mail_names_it():
    """A mail without a record has nothing else of Odoo, if a provider replaced the Message-Id."""
    signed = write_id(OUR_ID, 1, "0123456789abcdef" * 4)
    text = f"Message-Id: <tencent_1@qq.com>\nReferences: {signed}\nSubject: Order\n\nDear customer"
    attached = bounces.mail("550", From="postmaster@qq.com", Subject="退信", attached=text)
    assert read_bounce(attached).message_ids == ("<tencent_1@qq.com>", OUR_ID)
    shown = bounces.mail(f"550 5.1.1\n\n> {text}", From="postmaster@qq.com", Subject="退信")
    assert read_bounce(shown).message_ids == ("<tencent_1@qq.com>", OUR_ID)


def test_the_mail_of_a_colleague_in_the_same_thread_is_not_ours():
    text = bounces.ORIGINAL.replace(f"Message-Id: {OUR_ID}", "Message-Id: <1@outlook>").replace(
        "X-Odoo-Objects", "X-Own"
    )
    message = bounces.mail("550", From="postmaster@qq.com", Subject="退信", attached=text)
    assert read_bounce(message).message_ids == ("<1@outlook>",)


def test_a_subject_in_raw_chinese_bytes_is_read():
    data = b"From: postmaster@qq.com\r\nSubject: \xcf\xb5\xcd\xb3\xcd\xcb\xd0\xc5\r\n\r\n550 gone@customer.com\r\n"
    assert read_bounce(email.message_from_bytes(data, policy=policy.SMTP)).code == "550"


def test_the_subject_of_the_mail_itself_may_speak_of_a_delay():
    message = bounces.mail("550 5.1.1", From="postmaster@customer.com", Subject="Undeliverable: Delayed order")
    assert read_bounce(message)


def test_only_a_clear_one_is_certain():
    assert read_bounce(bounces.QQ).certain
    assert not read_bounce(bounces.UNKNOWN_WORDS).certain


SAMPLES = [value.as_bytes() for value in vars(bounces).values() if isinstance(value, EmailMessage)]


@st.composite
def damaged_mails(draw):
    """Draw a mail as one of the samples, with pieces cut out, put in or repeated anywhere."""
    data = draw(st.sampled_from(SAMPLES))
    for _turn in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        piece = draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"\r\n", b"--B", b"=?x?q?=", b"<>", b"@", b"\0"]))
        )
        data = data[:place] + piece + data[place + length :]
    return data


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(st.one_of(damaged_mails(), st.binary(max_size=300)))
def test_no_mail_makes_it_raise(data):
    message = email.message_from_bytes(data, policy=policy.SMTP)
    bounce = read_bounce(message)
    assert bounce is None or bounce.kind
    says_no_failure(message)
