"""Which mails a program wrote, which of these a mail system, and what else they are."""

import pytest

from ...incoming import automatic
from .bounces import mail


def by(sender, **headers):
    """Return a mail of this sender."""
    return mail("Hello", **{"From": sender, "Subject": "Order S01", **headers})


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@a.com",
        "Mail Delivery System <mailer-daemon@a.com>",
        "MAILER-DAEMON <>",
        "Postmaster <>",
        "<>",
        '"Mail Deliver System" <MAILER-DAEMON>',
        "mailer-daemon",
        "Mail.Delivery.System@a.com",
        "mail-delivery-subsystem@a.com",
        "MDaemon@a.com",
        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@a.com",
        "bounce@a.com",
        "sys.bounces@a.com",
        "ndr@a.com",
    ],
)
def test_a_mail_system(sender):
    assert automatic.is_mail_system(by(sender))
    assert automatic.is_daemon(by(sender))
    assert automatic.is_automatic(by(sender))
    assert not automatic.is_postmaster(by(sender))


@pytest.mark.parametrize("sender", ["postmaster@a.com", "Kevin <Post-Master@a.com>", "post_master@a.com"])
def test_a_postmaster_may_be_a_person(sender):
    assert automatic.is_postmaster(by(sender))
    assert automatic.is_daemon(by(sender))
    assert not automatic.is_mail_system(by(sender))


@pytest.mark.parametrize(
    "sender",
    [
        "kevin@a.com",
        "mailer-daemon.fan@a.com",
        "Mailer-Daemon <kevin@a.com>",
        "kevin@postmaster.com",
        "MicrosoftExchange329e@a.com",
        "bounces2@a.com",
        "",
        "Kevin",
    ],
)
def test_a_person(sender):
    assert not automatic.is_daemon(by(sender))
    assert not automatic.is_automatic(by(sender))


@pytest.mark.parametrize("path", ["<>", "< >", "<MAILER-DAEMON@mx.a.com>", "<MAILER-DAEMON>", "MAILER-DAEMON"])
def test_nobody_may_answer(path):
    assert automatic.has_no_sender(by("kevin@a.com", Return_Path=path))
    assert automatic.is_automatic(by("kevin@a.com", Return_Path=path))


@pytest.mark.parametrize("path", ["<kevin@a.com>", "", "<postmaster@a.com>", "kevin"])
def test_somebody_may_be_answered(path):
    assert not automatic.has_no_sender(by("kevin@a.com", Return_Path=path))


def test_any_of_several_return_paths_counts():
    message = by("kevin@a.com", Return_Path="<kevin@a.com>")
    message["Return-Path"] = "<>"
    assert automatic.has_no_sender(message)


@pytest.mark.parametrize("value", ["auto-replied", "Auto-Generated", "auto-notified; x=1"])
def test_a_mail_may_say_that_a_program_wrote_it(value):
    assert automatic.is_automatic(by("kevin@a.com", Auto_Submitted=value))


def test_a_mail_may_say_that_a_person_wrote_it():
    assert not automatic.is_automatic(by("kevin@a.com", Auto_Submitted="no"))
    assert automatic.is_automatic(by("kevin@a.com", X_Failed_Recipients="zoe@b.com"))


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office: Order",
        "Out of the office",
        "Automatic reply: Order",
        "Auto-Response",
        "AutoReply",
        "Automatische Antwort: Order",
        "Réponse automatique : Order"[8:],
        "Abwesenheit",
        "自动回复：订单",
        "【自动回复】订单",
        "外出中",
    ],
)
def test_a_vacation_by_its_subject(subject):
    assert automatic.is_vacation(by("kevin@a.com", Subject=subject))


@pytest.mark.parametrize(
    "subject", ["Order S01", "Automatically rejected mail", "Re: Out of office", "Order: out of office"]
)
def test_no_vacation(subject):
    assert not automatic.is_vacation(by("kevin@a.com", Subject=subject))


@pytest.mark.parametrize("name", ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Vacation"])
def test_a_vacation_by_its_header_unless_a_mail_system_sent_it(name):
    header = {name.replace("-", "_"): "yes"}
    assert automatic.is_vacation(by("kevin@a.com", **header))
    assert not automatic.is_vacation(by("mailer-daemon@a.com", **header))


@pytest.mark.parametrize("name", ["In_Reply_To", "References"])
def test_an_answer(name):
    assert automatic.answers(by("kevin@a.com", **{name: "<1@b.com>"}))
    assert not automatic.answers(by("kevin@a.com"))


def typed(content_type, **headers):
    message = by("kevin@a.com", **headers)
    message.replace_header("Content-Type", content_type)
    return message


def test_a_report_is_one_as_a_whole():
    assert automatic.is_report(typed("multipart/report; report-type=delivery-status; boundary=B"))
    assert not automatic.is_report(typed("multipart/mixed; boundary=B"))
    assert not automatic.is_report(by("kevin@a.com"))


def test_kinds_of_reports():
    receipt = typed("multipart/report; report-type=disposition-notification; boundary=B")
    complaint = typed('multipart/report; boundary=B; report-type="feedback-report"')
    refusal = typed(receipt["Content-Type"], Auto_Submitted="auto-replied (rejected)")
    bounce = typed("multipart/report; report-type=delivery-status; boundary=B")
    assert [automatic.is_receipt(m) for m in (receipt, complaint, refusal, bounce)] == [True, False, False, False]
    assert [automatic.is_complaint(m) for m in (receipt, complaint, refusal, bounce)] == [False, True, False, False]
    assert automatic.is_receipt(typed("message/disposition-notification"))
    assert automatic.is_complaint(typed("message/feedback-report"))
    assert automatic.is_complaint(by("staff@hotmail.com", Subject="complaint about message from 192.0.2.1"))


@pytest.mark.parametrize(
    "subject",
    ["Please confirm your message", "Verify your email to Kevin", "Action required: Order", "Re: Order (verification)"],
)
def test_a_challenge_is_one_that_a_program_wrote(subject):
    assert automatic.is_challenge(by("kevin@a.com", Subject=subject, Auto_Submitted="auto-replied"))
    assert not automatic.is_challenge(by("kevin@a.com", Subject=subject))
    assert not automatic.is_challenge(by("kevin@a.com", Auto_Submitted="auto-replied"))
