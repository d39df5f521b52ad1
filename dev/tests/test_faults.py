"""The strict server's faults and its slow network, as Python's own SMTP client meets them."""

import smtplib
import ssl
import time
from functools import partial

import pytest

from routing.delivery.transaction import PipeliningFailed, pipelined_sendmail

from ..strict_server import FAULTS, Account, Fault, StrictServer
from ..strict_server.faults import STAGES

KEVIN, LI = "kevin@example.com", "li@example.cn"
ANN, BOB = "ann@example.net", "bob@example.net"
MAIL = b"From: kevin@example.com\r\nSubject: Hello\r\n\r\nHello\r\n"
# Seconds that a client waits for a server that is silent.
PATIENCE = 0.3


@pytest.fixture
def server():
    """Have a server that takes any sender of two accounts."""
    with StrictServer([Account(KEVIN, wording="open"), Account(LI, wording="open")]) as running:
        yield running


def connect(server, tls="none", login=KEVIN, timeout=PATIENCE):
    """Open a session as Odoo does."""
    kind = smtplib.SMTP_SSL if tls == "ssl" else smtplib.SMTP
    client = kind(server.host, server.port, local_hostname="odoo.example", timeout=timeout)
    if tls == "starttls":
        client.starttls()
    client.login(login, "secret")
    return client


def send(client, *recipients):
    """Send a small mail."""
    return client.sendmail(KEVIN, recipients or [ANN], MAIL)


def outcome(server, tls="none", mails=1, **options):
    """Return what a session with some mails ends with: "sent", a code, or the class of the exception."""
    try:
        client = connect(server, tls, **options)
        for _number in range(mails):
            send(client)
        client.quit()
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients[ANN][0]
    except smtplib.SMTPResponseException as error:
        return error.smtp_code
    except OSError as error:
        return type(error)
    return "sent"


BROKEN_OFF = smtplib.SMTPServerDisconnected
# What a client sees of each, and how many of twelve mails in one session are stored.
EXPECTED = {
    "down": (ConnectionRefusedError, 0),
    "silent at connect": (BROKEN_OFF, 0),
    "closes at connect": (BROKEN_OFF, 0),
    "busy at connect": (421, 0),
    "login refused": (535, 0),
    "login later": (454, 0),
    "421 at MAIL": (421, 0),
    "421 after 10 mails": (421, 10),
    "451 at RCPT": (451, 0),
    "closes at RCPT": (BROKEN_OFF, 0),
    "closes at DATA": (BROKEN_OFF, 0),
    "452 at DATA": (452, 0),
    "closes after DATA": (BROKEN_OFF, 0),
    "silent after DATA": (BROKEN_OFF, 0),
    "silent after DATA, stored": (BROKEN_OFF, 1),
    "999 after DATA, stored": (999, 1),
    "no code after DATA, stored": (-1, 1),
    "TLS refused": ("sent", 12),
    "TLS handshake fails": ("sent", 12),
}


def test_each_fault_has_its_expectation():
    assert EXPECTED.keys() == FAULTS.keys()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_strikes_until_it_is_cleared(server, name):
    server.faults.set(FAULTS[name])
    assert (outcome(server, mails=12), len(server.mails)) == EXPECTED[name]
    server.faults.clear()
    assert outcome(server) == "sent"
    assert len(server.mails) == EXPECTED[name][1] + 1


@pytest.mark.parametrize(
    ("tls", "name", "seen"),
    [
        ("starttls", "TLS refused", (454,)),
        ("starttls", "TLS handshake fails", (ssl.SSLEOFError, ConnectionResetError)),
        ("starttls", "silent at connect", (BROKEN_OFF,)),
        ("ssl", "TLS refused", (ssl.SSLEOFError, ConnectionResetError)),
        ("ssl", "TLS handshake fails", (ssl.SSLEOFError, ConnectionResetError)),
        ("ssl", "silent at connect", (TimeoutError,)),
        ("ssl", "busy at connect", (421,)),
        ("ssl", "closes after DATA", (BROKEN_OFF,)),
        ("starttls", "421 at MAIL", (421,)),
    ],
)
def test_faults_over_tls(tls, name, seen):
    with StrictServer([Account(KEVIN, wording="open")], tls=tls, faults=[FAULTS[name]]) as server:
        assert outcome(server, tls) in seen
        server.faults.clear()
        assert outcome(server, tls, timeout=5) == "sent"


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_handshake_may_be_silent(tls):
    with StrictServer([Account(KEVIN)], tls=tls, faults=[Fault("tls", silent=True)]) as server:
        assert outcome(server, tls) is TimeoutError


@pytest.mark.parametrize("stage", ["connect", "ehlo", "login", "mail", "rcpt", "data", "end"])
@pytest.mark.parametrize(
    ("what", "seen"),
    [
        ({"answer": "451 later"}, (451, smtplib.SMTPNotSupportedError)),
        ({"closes": True}, (BROKEN_OFF,)),
        ({"answer": "451 later", "closes": True}, (451, BROKEN_OFF)),
        ({"silent": True}, (BROKEN_OFF, TimeoutError)),
    ],
)
def test_anything_may_happen_at_any_stage(server, stage, what, seen):
    with server.faults.during(Fault(stage, **what)):
        assert outcome(server) in seen
        assert server.faults.struck
    assert (outcome(server), len(server.mails)) == ("sent", 1)


def test_quit_may_go_without_an_answer(server):
    server.faults.set(Fault("quit", closes=True))
    assert (outcome(server), len(server.mails)) == (BROKEN_OFF, 1)


def test_a_fault_of_one_account_spares_the_others(server):
    server.faults.set(Fault("login", "535 no", login=LI), Fault("rcpt", "450 later", login=KEVIN))
    assert (outcome(server, login=LI), outcome(server, login=KEVIN)) == (535, 450)
    server.faults.set(Fault("mail", closes=True, login=LI))
    assert (outcome(server, login=LI), outcome(server, login=KEVIN)) == (BROKEN_OFF, "sent")


def test_a_fault_of_one_sender_spares_the_others(server):
    server.faults.set(Fault("mail", "550 5.7.1 no", sender=BOB))
    client = connect(server)
    assert client.mail(BOB) == (550, b"5.7.1 no")
    assert client.mail(KEVIN)[0] == 250


def test_a_fault_of_one_recipient_spares_the_others(server):
    server.faults.set(Fault("rcpt", "550 5.1.1 unknown", recipient=BOB))
    assert send(connect(server), ANN, BOB) == {BOB: (550, b"5.1.1 unknown")}
    assert server.mails[0].rcpt_tos == (ANN,)


def test_greylisting_takes_the_second_try(server):
    greylist = Fault("rcpt", "451 4.7.1 Greylisted", times=1)
    server.faults.set(greylist)
    assert [outcome(server), outcome(server)] == [451, "sent"]
    assert server.faults.struck == [greylist]


def test_a_session_that_ended_after_some_mails_may_be_opened_again(server):
    server.faults.set(Fault("mail", "421 bye", closes=True, after=2))
    assert [outcome(server, mails=3), outcome(server, mails=2)] == [421, "sent"]
    assert (len(server.mails), server.sessions) == (4, 2)


def test_a_server_that_goes_down_hangs_up_and_comes_back_at_its_port(server):
    client, port = connect(server), server.port
    with server.faults.during(FAULTS["down"]):
        with pytest.raises(BROKEN_OFF):
            client.noop()
        assert outcome(server) is ConnectionRefusedError
    assert (outcome(server), server.port) == ("sent", port)


def test_a_server_may_be_down_from_the_start():
    with StrictServer([Account(KEVIN, wording="open")], faults=[FAULTS["down"]]) as server:
        assert outcome(server) is ConnectionRefusedError
        server.faults.clear()
        assert outcome(server) == "sent"


def test_a_server_ends_while_clients_wait_in_silence():
    with StrictServer([Account(KEVIN)], faults=[Fault("ehlo", silent=True)]) as server:
        with pytest.raises(BROKEN_OFF):
            connect(server)
        client = smtplib.SMTP(server.host, server.port, timeout=5)
        client.putcmd("ehlo", "odoo.example")
    with pytest.raises(BROKEN_OFF, match=r"unexpectedly closed$"):
        client.getreply()


@pytest.mark.parametrize(
    ("fault", "message"),
    [({"at": "tea"}, "at: 'tea'"), ({"at": "mail"}, "a fault at mail"), ({"at": "tls", "login": LI}, "no account")],
)
def test_a_fault_that_cannot_be_is_an_error(fault, message):
    with pytest.raises(ValueError, match=message):
        Fault(**({"closes": True} if "login" in fault else {}), **fault)
    assert len(set(STAGES)) == 10


@pytest.mark.parametrize("tls", ["none", "starttls", "ssl"])
def test_pipelined_mails_arrive(tls):
    with StrictServer([Account(KEVIN, wording="tencent")], tls=tls, pipelining=True) as server:
        client = connect(server, tls, timeout=5)
        client.sendmail = partial(pipelined_sendmail, client)
        to = [f"user{number}@example.net" for number in range(300)]
        assert send(client, *to) == {}
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("jane@example.org", to, MAIL)
        assert send(client) == {}
        assert [mail.rcpt_tos for mail in server.mails] == [tuple(to), (ANN,)]
        assert [mail.data for mail in server.mails] == [MAIL, MAIL]
        assert server.pipelined == 3


def test_pipelining_is_announced_on_demand(server):
    assert not connect(server).has_extn("pipelining")
    server.pipelining = True
    client = connect(server)
    assert client.has_extn("pipelining")
    send(client)
    assert server.pipelined == 0


@pytest.mark.parametrize("what", [{"answer": "503 Improper use of pipelining"}, {"closes": True}, {"silent": True}])
def test_a_server_may_stumble_over_pipelining_only(server, what):
    server.pipelining = True
    server.faults.set(Fault("rcpt", pipelined=True, **what))
    assert outcome(server) == "sent"
    client = connect(server)
    client.sendmail = partial(pipelined_sendmail, client)
    with pytest.raises(PipeliningFailed):
        send(client)
    assert len(server.mails) == 1


@pytest.mark.parametrize("pipelined", [False, True])
@pytest.mark.parametrize("name", ["421 at MAIL", "451 at RCPT", "452 at DATA", "421 after 10 mails"])
def test_a_pipelined_session_meets_the_same_faults(server, name, pipelined):
    server.pipelining = True
    server.faults.set(FAULTS[name])
    client = connect(server)
    if pipelined:
        client.sendmail = partial(pipelined_sendmail, client)
    accepted, code = 0, None
    while code is None:
        try:
            send(client)
            accepted += 1
        except smtplib.SMTPRecipientsRefused as error:
            code = error.recipients[ANN][0]
        except smtplib.SMTPResponseException as error:
            code = error.smtp_code
    assert (code, accepted) == EXPECTED[name]


DELAY = 0.05


class SlowServer(StrictServer):
    """Notes each piece of what the client wrote, which is when the delay is asked for."""

    pieces = 0

    @property
    def delay(self):
        """Seconds."""
        self.pieces += 1
        return DELAY

    @delay.setter
    def delay(self, _seconds):
        pass

    def cost(self, task):
        """Return the seconds and the pieces that a task took."""
        start, before = time.monotonic(), self.pieces
        task()
        return time.monotonic() - start, self.pieces - before


@pytest.fixture(params=["none", "starttls", "ssl"])
def slow(request):
    """Have a slow server, and the kind of its encryption."""
    with SlowServer([Account(KEVIN, wording="open")], tls=request.param, pipelining=True) as server:
        yield server, request.param


def test_to_connect_takes_the_delay_for_each_round_trip(slow):
    server, tls = slow
    # Greeting, EHLO, AUTH with its response; STARTTLS, handshake, and EHLO again.
    seconds, _pieces = server.cost(lambda: connect(server, tls, timeout=5).close())
    assert seconds >= {"none": 3, "ssl": 4, "starttls": 6}[tls] * DELAY


def test_a_mail_takes_the_delay_for_each_round_trip(slow):
    server, tls = slow
    client = connect(server, tls, timeout=5)
    seconds, pieces = server.cost(lambda: send(client, ANN, BOB))
    assert (pieces, seconds >= 5 * DELAY) == (5, True)
    client.sendmail = partial(pipelined_sendmail, client)
    seconds, pieces = server.cost(lambda: send(client, ANN, BOB))
    assert (pieces, seconds >= 2 * DELAY) == (2, True)
    seconds, pieces = server.cost(client.quit)
    assert seconds >= DELAY
    assert len(server.mails) == 2


def test_a_slow_network_carries_large_mails_both_ways_and_ends():
    with StrictServer([Account(KEVIN, wording="open")], delay=0.01) as server:
        body = MAIL + b"x" * 60 + b"\r\n"
        text = body + b"0123456789" * 7 + b"\r\n"
        large = body + text * 20000
        client = connect(server, timeout=10)
        client.sendmail(KEVIN, [ANN], large)
        assert server.mails[0].data == large
        server.faults.set(Fault("mail", closes=True))
        with pytest.raises(BROKEN_OFF):
            send(client)
        server.faults.set(FAULTS["down"])
        assert outcome(server) is ConnectionRefusedError
