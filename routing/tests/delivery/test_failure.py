"""Each exception of a session has a class, also where core wrapped it."""

import smtplib
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...delivery.answer import of_exception, of_recipients
from ...delivery.answer_class import AnswerClass

GREY, GONE, FULL = (450, b"4.2.0 Greylisted"), (550, b"5.1.1 User unknown"), (552, b"5.2.2 over quota")
NOT_OURS = (553, b"5.7.1 <x@a.com>: Sender address rejected: not owned by user y")


class MailDeliveryException(Exception):
    """Like core's: the words for the user first, perhaps the exception itself after them."""


FAILURES = [
    (smtplib.SMTPConnectError(421, b"4.7.0 too many connections"), "RATE"),
    (smtplib.SMTPConnectError(554, b"No SMTP service here"), "CONNECTION"),
    (smtplib.SMTPConnectError(-1, b""), "CONNECTION"),
    (smtplib.SMTPHeloError(501, b"bad name"), "CONNECTION"),
    (smtplib.SMTPResponseException(454, b"4.7.0 TLS not available"), "CONNECTION"),
    (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "CONNECTION"),
    (smtplib.SMTPServerDisconnected("please run connect() first"), "CONNECTION"),
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), "LOGIN"),
    (smtplib.SMTPAuthenticationError(454, b"4.7.0 Temporary authentication failure"), "CONNECTION"),
    (smtplib.SMTPSenderRefused(501, b"mail from address must be same as authorization user", "x@a.com"), "SENDER"),
    (smtplib.SMTPSenderRefused(530, b"5.7.0 Authentication Required", "x@a.com"), "LOGIN"),
    (smtplib.SMTPDataError(554, b"DT:SPM 163"), "CONTENT"),
    (smtplib.SMTPDataError(451, b"4.3.0 queue file write error"), "TEMPORARY"),
    (smtplib.SMTPRecipientsRefused({"x@a.com": GONE}), "RECIPIENT"),
    (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "CONNECTION"),
    (smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."), "LOGIN"),
    (smtplib.SMTPException("No suitable authentication method found."), "LOGIN"),
    (smtplib.SMTPNotSupportedError("SMTPUTF8 not supported by server"), "PERMANENT"),
    (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "CONNECTION"),
    (ssl.SSLCertVerificationError("certificate verify failed"), "CONNECTION"),
    (socket.timeout("timed out"), "CONNECTION"),  # noqa: UP041  its name on 3.10
    (TimeoutError(), "CONNECTION"),
    (ConnectionRefusedError(111, "Connection refused"), "CONNECTION"),
    (ConnectionResetError(104, "Connection reset by peer"), "CONNECTION"),
    (BrokenPipeError(32, "Broken pipe"), "CONNECTION"),
    (OSError(113, "No route to host"), "CONNECTION"),
    (socket.gaierror(-2, "Name or service not known"), "CONNECTION"),
    (UnicodeError("encoding with 'idna' codec failed (UnicodeError: label empty or too long)"), "CONNECTION"),
    (UnicodeEncodeError("ascii", "é@a.com", 0, 1, "ordinal not in range(128)"), "PERMANENT"),
    (AssertionError("Malformed 'Return-Path' or 'From' address"), "PERMANENT"),
]
IDS = [f"{type(error).__name__}-{index}" for index, (error, _name) in enumerate(FAILURES)]


def in_context(error):
    """Raise as ``send_email`` does."""
    try:
        try:
            raise error
        except Exception:
            raise MailDeliveryException("Mail Delivery Failed", "words for the user")  # noqa: B904
    except MailDeliveryException as wrapped:
        return wrapped


def as_argument(error):
    """Raise as ``mail.mail`` does when it cannot connect."""
    return MailDeliveryException("Unable to connect to SMTP Server", error)


def as_cause(error):
    wrapped = MailDeliveryException("failed")
    wrapped.__cause__ = error
    return wrapped


@pytest.mark.parametrize("wrap", [lambda error: error, in_context, as_argument, as_cause])
@pytest.mark.parametrize(("error", "name"), FAILURES, ids=IDS)
def test_a_failure_has_its_class(error, name, wrap):
    assert of_exception(wrap(error)).answer_class == AnswerClass[name]


@pytest.mark.parametrize("error", [error for error, _name in FAILURES], ids=IDS)
def test_a_failure_has_words(error):
    assert of_exception(error).text or error.smtp_code == -1


def test_the_server_is_quoted_out_of_what_wraps_it():
    assert str(of_exception(in_context(smtplib.SMTPDataError(554, b"DT:SPM 163")))) == "554 DT:SPM 163"


def test_an_error_of_the_network_has_words_without_its_number():
    assert of_exception(OSError(-2, "Name or service not known")).text == "Name or service not known"


def test_an_unknown_failure_is_of_the_connection_only_before_a_mail():
    error = ValueError("what is this")
    assert of_exception(error, "connect").answer_class == AnswerClass.CONNECTION
    assert of_exception(error, "login").answer_class == AnswerClass.CONNECTION
    assert of_exception(error, "data").answer_class == AnswerClass.PERMANENT


def test_each_refused_recipient_has_an_answer():
    refused = {"gone@a.com": GONE, "grey@a.com": GREY, "full@a.com": FULL}
    for error in (refused, smtplib.SMTPRecipientsRefused(refused)):
        found = of_recipients(error)
        assert [found[email].answer_class.name for email in refused] == ["RECIPIENT", "TEMPORARY", "MAILBOX_FULL"]


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ([GONE, GREY], "TEMPORARY"),
        ([FULL, GONE], "MAILBOX_FULL"),
        ([GREY, (421, b"4.7.0 closing")], "CONNECTION"),
        ([GREY, NOT_OURS], "SENDER"),
        ([GONE, (530, b"5.7.0 Authentication Required")], "LOGIN"),
        ([GONE, (554, b"5.7.1 Relay access denied")], "PERMANENT"),
    ],
)
def test_a_mail_is_final_only_where_no_recipient_may_still_get_it(answers, name):
    error = smtplib.SMTPRecipientsRefused({f"{index}@a.com": answer for index, answer in enumerate(answers)})
    assert of_exception(error).answer_class == AnswerClass[name]


def test_no_recipients_at_all_are_a_failure_too():
    assert of_exception(smtplib.SMTPRecipientsRefused({})).answer_class == AnswerClass.CONNECTION


def test_causes_that_go_round_or_far_come_to_an_end():
    error = chain = Exception("first")
    for _step in range(1000):
        chain.__cause__ = type(chain)("next")
        chain = chain.__cause__
    chain.__cause__ = error
    assert of_exception(error).text == "first"


@given(st.integers(), st.one_of(st.binary(), st.text()))
def test_no_answer_in_an_exception_is_too_odd(code, text):
    for kind in (smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError, smtplib.SMTPDataError):
        assert of_exception(kind(code, text)).answer_class in AnswerClass
    assert of_exception(smtplib.SMTPSenderRefused(code, text, "x@a.com")).answer_class in AnswerClass
    assert of_exception(smtplib.SMTPRecipientsRefused({"x@a.com": (code, text)})).answer_class in AnswerClass
