"""A watched session tells whom a message is written for, and when nobody knows whether it arrived."""

import smtplib
from contextlib import contextmanager, suppress

import pytest

from ...delivery.session_monitor import InDoubt, SessionMonitor
from .scripted_server import HANG_UP, SILENCE, ScriptedServer

ANN, BOB, ZOE = "ann@example.com", "bob@example.com", "zoe@example.com"
MAIL = ("odoo@example.com", [ANN, BOB, ZOE], b"Subject: Hello\r\n\r\nHello\r\n")
UNKNOWN, LATER, PERHAPS = "550 5.1.1 unknown", "451 4.7.1 later", "252 perhaps"


@pytest.fixture(params=[True, False], ids=["pipelined", "plain"])
def watched(request):
    """Have a watched session with a server of this script."""

    @contextmanager
    def connect(script, on_message):
        with ScriptedServer(script, pipelining=request.param) as server:
            session = smtplib.SMTP("127.0.0.1", server.port, local_hostname="odoo.example", timeout=0.3)
            session.ehlo()
            yield SessionMonitor(session, on_message)
            session.close()

    return connect


@pytest.mark.parametrize(
    "script, taken",
    [
        ({}, [ANN, BOB, ZOE]),
        ({ANN: UNKNOWN}, [BOB, ZOE]),
        ({BOB: LATER}, [ANN, ZOE]),
        ({ANN: LATER, ZOE: UNKNOWN}, [BOB]),
        # the server has it for them as well
        ({ZOE: PERHAPS}, [ANN, BOB, ZOE]),
    ],
)
def test_whom_a_message_is_written_for(watched, script, taken):
    told = []
    with watched(script, told.append) as watch:
        watch.sendmail(*MAIL)
        watch.sendmail(MAIL[0], [BOB, *MAIL[1]], MAIL[2])
    assert told == [taken, [BOB, *taken] if BOB in taken else taken]


@pytest.mark.parametrize("script", [{"rcpt": UNKNOWN}, {"mail": LATER}, {"data": LATER}, {"data": HANG_UP}])
def test_no_message_no_doubt(watched, script):
    told = []
    with watched(script, told.append) as watch, pytest.raises(smtplib.SMTPException) as caught:
        watch.sendmail(*MAIL)
    assert not isinstance(caught.value, InDoubt)
    assert not told


@pytest.mark.parametrize("script", [{"end": HANG_UP}, {"end": SILENCE}])
def test_no_answer_to_a_message_is_a_doubt(watched, script):
    with watched(script, lambda _taken: None) as watch, pytest.raises(InDoubt):
        watch.sendmail(*MAIL)


@pytest.mark.parametrize("answer", ["999 done", "199 done", "354 go on", "600 done", "thank you", " "])
def test_an_answer_that_says_neither_yes_nor_no_is_a_doubt(watched, answer):
    with watched({"end": answer}, lambda _taken: None) as watch:
        with pytest.raises(InDoubt) as caught:
            watch.sendmail(*MAIL)
        assert caught.value.args[0]
        # what else it may say would be taken for the answer to the next mail
        assert watch.session.sock is None


@pytest.mark.parametrize("code", [200, 250, 251, 252, 299])
def test_each_2xx_to_a_message_is_a_yes(watched, code):
    with watched({"end": f"{code} taken"}, lambda _taken: None) as watch:
        assert watch.sendmail(*MAIL) == {}
        assert watch.sendmail(*MAIL) == {}


@pytest.mark.parametrize("code", [400, 451, 500, 554, 599])
def test_each_4xx_and_5xx_to_a_message_is_a_no(watched, code):
    with watched({"end": f"{code} no"}, lambda _taken: None) as watch:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            watch.sendmail(*MAIL)
        assert caught.value.smtp_code == code


def test_what_is_written_after_an_interruption_is_no_message(watched):
    told = []

    def interrupt(taken):
        told.append(taken)
        raise KeyError

    with watched({}, interrupt) as watch:
        with pytest.raises(KeyError):
            watch.sendmail(*MAIL)
        with suppress(smtplib.SMTPException):
            watch.session.quit()
    assert told == [MAIL[1]]
