"""Pipelined, a mail has the same outcome as with plain smtplib, in fewer round trips."""

import smtplib
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...delivery.transaction import PipeliningFailed, pipelined_sendmail
from .scripted_server import HANG_UP, SILENCE, ScriptedServer

ANN, BOB, ZOE = "ann@example.com", "bob@example.com", "zoe@example.com"
MESSAGE = b"Subject: Hello\r\n\r\n.a dot\r\nand more\r\n..\r\n"
# What a server answers that says no, in its ways.
BEHAVIOURS = {
    "takes all": {},
    "answers in several lines": {"mail": "250-one\r\n250 two", "data": "354-go\r\n354 on"},
    "mail 550": {"mail": "550 5.7.1 not you"},
    "mail 451": {"mail": "451 4.3.0 later"},
    "mail 503, no login": {"mail": "503 need AUTH"},
    "mail 421": {"mail": ("421 4.7.0 too many", HANG_UP)},
    "mail 421, stays": {"mail": "421 4.7.0 too many"},
    "mail 550, hangs up": {"mail": ("550 no", HANG_UP)},
    "mail no answer at all": {"mail": "what?"},
    "mail endless answer": {"mail": "250 " + "x" * 10000},
    "mail hang up": {"mail": HANG_UP},
    "rcpt one 550": {ANN: "550 5.1.1 unknown"},
    "rcpt last 550": {ZOE: "550 5.1.1 unknown"},
    "rcpt all 450": {"rcpt": "450 4.2.0 greylisted"},
    "rcpt all 550, hangs up": {"rcpt": "550 no", ZOE: ("550 no", HANG_UP)},
    "rcpt all differ": {ANN: "550 5.1.1 unknown", BOB: "452 4.2.2 full", ZOE: "450 4.2.0 later"},
    "rcpt 251": {ANN: "251 forwarded", BOB: "550 no"},
    "rcpt 252": {BOB: "252 perhaps"},
    "rcpt all 252": {"rcpt": "252 perhaps"},
    "rcpt first 421": {ANN: ("421 bye", HANG_UP)},
    "rcpt 550, then 421": {ANN: "550 no", BOB: ("421 bye", HANG_UP)},
    "rcpt last 421": {ZOE: ("421 bye", HANG_UP)},
    "rcpt first hang up": {ANN: HANG_UP},
    "rcpt last hang up": {ZOE: HANG_UP},
    "data 451": {"data": "451 4.7.1 later"},
    "data 554": {"data": "554 5.7.1 no"},
    "data 421": {"data": ("421 bye", HANG_UP)},
    "data hang up": {"data": HANG_UP},
    "end 452": {"end": "452 4.2.2 full"},
    "end 550": {"end": "550 5.7.1 spam"},
    "end 421": {"end": ("421 bye", HANG_UP)},
    "end hang up": {"end": HANG_UP},
    "end silent": {"end": SILENCE},
    "end silent, rcpt refused": {"end": SILENCE, BOB: "550 no"},
}


@contextmanager
def connected(server, pipelined):
    """Have a session as Odoo keeps it, after EHLO."""
    session = smtplib.SMTP("127.0.0.1", server.port, local_hostname="odoo.example", timeout=0.3)
    session.ehlo()
    if pipelined:
        session.sendmail = partial(pipelined_sendmail, session)
    yield session
    session.close()


def outcome(send, *args, **kwargs):
    """Return what became of a mail: the result, or the exception's class and all that it carries."""
    try:
        return send(*args, **kwargs)
    except PipeliningFailed:
        return (smtplib.SMTPServerDisconnected,)
    except smtplib.SMTPServerDisconnected as error:
        return (type(error),)
    except smtplib.SMTPException as error:
        return type(error), vars(error)


def story(script, pipelined, recipients=(ANN, BOB, ZOE), mails=1, **options):
    """Return the outcome of a few mails in one session, what the server then has, and whether the session is open."""
    with ScriptedServer(script, **options) as server:
        with connected(server, pipelined) as session:
            outcomes = [outcome(session.sendmail, "me@example.com", recipients, MESSAGE) for _n in range(mails)]
            return outcomes, server.mails, session.sock is not None


@pytest.mark.parametrize("script", BEHAVIOURS.values(), ids=BEHAVIOURS)
@pytest.mark.parametrize("recipients", [(ANN, BOB, ZOE), (ZOE,), ZOE, (ZOE, ZOE)], ids=str)
def test_the_outcome_is_that_of_plain_smtplib(script, recipients):
    outcomes, mails, _open = story(script, True, recipients)
    assert (outcomes, mails) == story(script, False, recipients)[:2]


# The others have tests of their own: pipelining leaves the session in another state there, for good reason.
FIT = [name for name in BEHAVIOURS if name not in ("data 451", "data 554", "data 421", "rcpt all 252")]


@pytest.mark.parametrize("name", FIT)
def test_the_session_is_as_fit_for_the_next_mail(name):
    assert story(BEHAVIOURS[name], True, mails=2) == story(BEHAVIOURS[name], False, mails=2)


# smtplib sends no RSET after a refused DATA, and the next mail is refused: 503 nested MAIL.
@pytest.mark.parametrize(("script", "is_open"), [({"data": "451 later"}, True), ({"data": "421 bye"}, False)])
def test_a_refused_data_ends_the_transaction(script, is_open):
    with ScriptedServer(script) as server, connected(server, True) as session:
        with pytest.raises(smtplib.SMTPDataError):
            session.sendmail("me@example.com", [ANN], MESSAGE)
        assert (session.sock is not None) == is_open
        if is_open:
            server.script.clear()
            assert session.sendmail("me@example.com", [ANN], MESSAGE) == {}
            assert len(server.mails) == 1


refusals = st.sampled_from(["250 ok", "251 ok", "450 later", "550 no", ("421 bye", HANG_UP), HANG_UP])
answers = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("mail", "rcpt", ANN, BOB, ZOE, "end"), refusals),
        "data": st.sampled_from(["354 go", "451 later", "554 no", ("421 bye", HANG_UP), HANG_UP]),
        "dot": st.sampled_from(["250 taken", "554 nobody", HANG_UP]),
        "rset": st.sampled_from(["250 ok", "500 what", HANG_UP]),
    },
)


@settings(deadline=None, max_examples=150)
@given(answers, st.booleans())
def test_any_answers_have_the_outcome_of_plain_smtplib(script, lax):
    outcomes, mails, _open = story(script, True, lax=lax)
    assert (outcomes, mails) == story(script, False, lax=lax)[:2]


@pytest.mark.parametrize("dot", ["554 nobody", "250 taken", ("421 bye", HANG_UP), HANG_UP], ids=str)
@pytest.mark.parametrize("script", [{"mail": "550 no", "rcpt": "503 no"}, {"rcpt": "550 no"}], ids=str)
def test_a_data_accepted_for_nobody_gets_a_lone_dot(script, dot):
    with ScriptedServer({**script, "dot": dot}, lax=True) as server, connected(server, True) as session:
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)):
            session.sendmail("me@example.com", [ANN, BOB], MESSAGE)
        assert server.mails == []
        if dot in ("554 nobody", "250 taken"):
            assert server.commands[-1] == b"rset\r\n"
            server.script.clear()
            session.sendmail("me@example.com", [ANN, BOB], MESSAGE)
            assert [content for _sender, _recipients, content in server.mails] == [MESSAGE.replace(b"\n.", b"\n..")]


@pytest.mark.parametrize("script", [{"mail": "550 no"}, {"rcpt": "252 perhaps"}], ids=str)
def test_no_recipient_gets_an_empty_mail(script):
    with ScriptedServer(script, lax=True) as server, connected(server, True) as session:
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused)):
            session.sendmail("me@example.com", [ANN], MESSAGE)
        assert (server.mails, session.sock) == ([], None)


def test_an_endless_answer_after_a_refusal_leaves_the_refusal():
    script = {"rcpt": "550 no", "data": "451 " + "x" * 10000}
    outcomes, mails, is_open = story(script, True, lax=True)
    assert (outcomes, mails) == story(script, False, lax=True)[:2]
    assert not is_open


STUMBLES = {
    "silent": ({"rcpt": SILENCE}, {}, False),
    "loses what came with MAIL": ({}, {"loses": True}, False),
    "loses what came with a refused MAIL": ({"mail": "550 no"}, {"loses": True}, False),
    "hangs up at once": ({"mail": HANG_UP}, {}, False),
    "hangs up in the middle": ({ZOE: HANG_UP}, {}, False),
    "takes no pipelining": ({"rcpt": "503 5.5.0 Improper use of SMTP command pipelining"}, {}, True),
    "cuts a command": ({BOB: "500 unrecognized"}, {}, True),
    "has lost the RCPTs": ({"data": "503 need RCPT"}, {}, True),
    "answers twice": ({"mail": "250 ok\r\n250 ok"}, {}, True),
    "leaves out an answer": ({ANN: (), BOB: "250 ok"}, {}, True),
    "answers DATA at MAIL": ({"mail": "354 go"}, {}, True),
}


@pytest.mark.parametrize(("script", "options", "certain"), STUMBLES.values(), ids=STUMBLES)
def test_a_stumble_is_told_and_has_sent_nothing(script, options, certain):
    with ScriptedServer(script, **options) as server, connected(server, True) as session:
        with pytest.raises(PipeliningFailed) as failed:
            session.sendmail("me@example.com", [ANN, BOB, ZOE], MESSAGE)
        assert (failed.value.certain, session.sock, server.mails) == (certain, None, [])
        assert isinstance(failed.value, smtplib.SMTPServerDisconnected)


def test_what_fails_after_the_message_is_no_stumble():
    for script in ({"end": HANG_UP}, {"end": SILENCE}):
        with ScriptedServer(script) as server, connected(server, True) as session:
            with pytest.raises(smtplib.SMTPServerDisconnected) as failed:
                session.sendmail("me@example.com", [ANN], MESSAGE)
            assert not isinstance(failed.value, PipeliningFailed)


def test_a_closed_session_is_no_stumble():
    with ScriptedServer() as server, connected(server, True) as session:
        session.close()
        with pytest.raises(smtplib.SMTPServerDisconnected, match="please run connect") as failed:
            session.sendmail("me@example.com", [ANN], MESSAGE)
        assert not isinstance(failed.value, PipeliningFailed)


@pytest.mark.parametrize(("recipients", "plain", "pipelined"), [(1, 4, 2), (3, 6, 2), (90, 93, 2)])
def test_a_mail_takes_two_round_trips(recipients, plain, pipelined):
    to = [f"user{number:03}@example.com" for number in range(recipients)]
    for enabled, expected in ((False, plain), (True, pipelined)):
        with ScriptedServer() as server, connected(server, enabled) as session:
            before = server.turns
            session.sendmail("me@example.com", to, MESSAGE)
            session.noop()
            # The last is that of NOOP.
            assert server.turns - before - 1 == expected


def test_many_recipients_go_in_groups_that_fit_the_window():
    to = [f"{'x' * (number % 60)}{number}@example.com" for number in range(2000)]
    with ScriptedServer({to[7]: "550 no", "rcpt": "250 " + "y" * 400}) as server, connected(server, True) as session:
        session.timeout = 10
        session.sock.settimeout(10)
        assert session.sendmail("me@example.com", to, MESSAGE) == {to[7]: (550, b"no")}
        [(_sender, recipients, _content)] = server.mails
        assert len(recipients) == 1999
        written = sum(map(len, server.commands))
        # RFC 2920: the window is usually 4 kB.
        assert written / 4096 < server.turns < 1.2 * written / 4096 + 5


def messages():
    """Yield messages that smtplib writes in different ways."""
    message = EmailMessage()
    message["From"], message["To"], message["Bcc"] = "作者 <me@example.com>", ANN, BOB
    message["Subject"] = "订单" * 40
    message.set_content(".\r\n.\r\n订单\r\n" * 3)
    yield message
    message = EmailMessage()
    message["From"], message["To"], message["Resent-Date"] = "me@example.com", ANN, "Mon, 1 Jan 2024 00:00:00 +0000"
    message["Resent-From"], message["Resent-To"], message["Resent-Bcc"] = "me2@example.com", ZOE, BOB
    yield message
    message = EmailMessage()
    message["From"], message["To"] = "作者@example.com", "订单@example.com"
    message.set_content("Hello")
    yield message


@pytest.mark.parametrize("message", messages())
def test_envelope_and_message_are_the_same_octets(message):
    received = []
    for enabled in (False, True):
        with ScriptedServer() as server, connected(server, enabled) as session:
            session.send_message(message)
            session.send_message(message, "you@example.com", [ANN, ZOE], ["BODY=8BITMIME"], ["NOTIFY=NEVER"])
            received.append((server.commands, server.mails, session.command_encoding))
    assert received[0] == received[1]
    assert len(received[0][1]) == 2


@pytest.mark.parametrize(("recipient", "option"), [(ANN, "X\r\nDATA"), ("订单@example.com", "X")])
def test_a_command_that_cannot_be_written_sends_nothing(recipient, option):
    with ScriptedServer() as server, connected(server, True) as session:
        with pytest.raises(ValueError):
            session.sendmail("me@example.com", [BOB, recipient], MESSAGE, rcpt_options=[option])
        assert session.sendmail("me@example.com", [ANN], MESSAGE) == {}
        assert len(server.mails) == 1


def test_a_text_is_written_as_smtplib_does():
    received = []
    for enabled in (False, True):
        with ScriptedServer() as server, connected(server, enabled) as session:
            session.sendmail("me@example.com", ANN, "Subject: Hello\n\n.\rlines\n")
            received.append(server.mails)
    assert received[0] == received[1]


def test_where_it_is_not_announced_nothing_changes():
    with ScriptedServer(pipelining=False) as server, connected(server, False) as session:
        pipelined_sendmail(session, "me@example.com", [ANN], MESSAGE)
        session.noop()
        assert server.turns == 6
