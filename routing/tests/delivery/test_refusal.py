"""Refusals in the servers' own words, and answers that are not refusals."""

import pytest

from ...delivery.answer import classify
from ...delivery.refusal import may_mean_sender, sender_refusal


@pytest.mark.parametrize(
    "answer",
    [
        "501 mail from address must be same as authorization user",
        "501 Mail from address must be same as authorization user.",
        "553 Mail from must equal authorized user",
        "553 5.7.1 <x@a.com>: Sender address rejected: not owned by user y@a.com",
        "553 5.7.1 Sender address rejected: not owned by auth user.",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed",
        '550 The "From" header of the mail must be same as authorization user',
        "550 5.7.0 From address is not one of your addresses",
        "550 Sender address is not allowed.",
        "554 DT:SUM 163 smtp12",
        '501 "MAIL FROM" is non-local account',
    ],
)
def test_a_refused_sender_is_recognised(answer):
    code, _space, text = answer.partition(" ")
    refusal = sender_refusal(int(code), text.encode())
    assert str(refusal) == answer


@pytest.mark.parametrize(
    "answer",
    [
        "554 DT:SPM 163 smtp1,must be same as authorization user",
        "450 MI:SFQ 163 smtp2",
        "451 MI:SFQ",
        "421 HL:REP 163 smtp3",
        "550 5.7.30 Basic authentication is not supported for Client Submission",
        "535 Error: authentication failed",
        "550 5.1.1 User unknown",
        "552 5.3.4 Message size exceeds fixed limit",
        "450 4.1.8 <x@a.com>: Sender address rejected: Domain not found",
    ],
)
def test_another_refusal_is_none_of_the_sender(answer):
    code, _space, text = answer.partition(" ")
    assert sender_refusal(int(code), text) is None


FROM = "zhi@corp.example"


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.0 This identity is not welcome",
        "554 5.7.1 Relay access denied",
        "554 5.7.0 strange FROM header",
        "550 nothing for zhi@Corp.example here",
        "550 5.4.6 Unusual sending activity detected from x",
        "554 5.7.1 Service unavailable; Client host [1.2.3.4] blocked, sender not known",
    ],
)
def test_what_speaks_of_the_sender_may_mean_it(answer):
    code, _space, text = answer.partition(" ")
    assert may_mean_sender(classify(int(code), text, "mail"), FROM)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("data", "554 5.7.1 Spam message rejected, From header"),
        ("mail", "550 Sender frequency limited"),
        ("rcpt", "550 5.1.1 User unknown, from zhi@corp.example"),
        ("mail", "530 5.7.0 Authentication required for this sender"),
        ("mail", "450 4.7.0 try another sender"),
        ("mail", "554 5.7.0 no"),
        ("mail", "554 5.7.0 fromage"),
    ],
)
def test_what_speaks_of_something_else_does_not(stage, answer):
    code, _space, text = answer.partition(" ")
    assert not may_mean_sender(classify(int(code), text, stage), FROM)


def test_no_answer_and_no_author_mean_no_sender():
    assert not may_mean_sender(None, FROM)
    assert not may_mean_sender(classify(None, "from"), FROM)
    assert not may_mean_sender(classify(554, "no", "mail"), "")
