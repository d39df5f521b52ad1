"""Whatever a server sends, and however slowly: Odoo reads a limited number of bytes, and goes on with its work."""

import tracemalloc
from contextlib import contextmanager
from smtplib import SMTPException, SMTPServerDisconnected

import pytest

from routing import budget as limits
from routing.budget import Budget, TooMuch
from routing.delivery.client import open_smtp
from routing.mailbox import client as clients
from routing.mailbox.client import open_imap, open_pop
from routing.mailbox.imap import ImapMailbox
from routing.mailbox.pop import PopMailbox

from .. import attacks
from ..hostile_server import GREETING, HostileServer
from ..mailbox_server import Mailbox, MailboxServer

# Seconds of silence, small enough for a test; and pauses of a drip, which each is shorter than that.
PATIENCE, PAUSE = 0.4, 0.05
# Bytes of a message that is too large here.
MOST = 2_000_000
# Errors that end a session: imaplib's, and poplib's, are no OSErrors.
ENDS = (OSError, clients.imaplib.IMAP4.abort, clients.poplib.error_proto)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch):
    """Let a drip end soon, and a message be small."""
    monkeypatch.setattr(limits, "GRACE", PATIENCE)
    monkeypatch.setattr(clients, "MAIL", MOST)
    monkeypatch.setattr(clients, "LIST", MOST // 10)
    # the client's classes have read it already
    monkeypatch.setattr(clients.ImapClient, "LIMIT", MOST // 10)
    monkeypatch.setattr(clients.PopClient, "LIMIT", MOST // 10)


def attack_at(word, attack):
    """Return the trouble that attacks at the first command with a word in it."""
    return lambda _protocol, line: attack() if word in line else None


@contextmanager
def mailbox(protocol, trouble, seconds=30):
    """Serve a mailbox with one message; give the server, and a function that opens it."""
    box = Mailbox()
    box.add(b"Subject: One\r\n\r\nHello\r\n")
    with MailboxServer(box, trouble=trouble) as server:

        def connect():
            budget = Budget(seconds)
            if protocol == "pop":
                client = open_pop(server.host, server.pop_port, False, PATIENCE, budget)
                client.user(box.login)
                client.pass_("secret")
                return PopMailbox(client)
            client = open_imap(server.host, server.imap_port, False, PATIENCE, budget)
            client.login(box.login, "secret")
            return ImapMailbox(client)

        yield server, connect


def read(connect):
    """Read a mailbox as fetching does."""
    opened = connect()
    messages = [opened.message(key) for key in opened.pending()]
    opened.close()
    return messages


@contextmanager
def at_most(size):
    """Check that no more memory is taken at any moment."""
    tracemalloc.start()
    try:
        yield
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < size


def drip():
    """Return bytes for half a minute."""
    return attacks.drip(b"x" * 600, PAUSE)


def slow_lines(line):
    """Return a function that returns lines for half a minute."""
    return lambda: attacks.lines([line] * 600, PAUSE)


DRIPS = [
    ("imap", GREETING, drip),
    ("imap", "CAPABILITY", slow_lines(b"* OK wait")),
    ("imap", "LOGIN", slow_lines(b"* OK wait")),
    ("imap", "SELECT", slow_lines(b"* 1 EXISTS")),
    ("imap", "SEARCH", slow_lines(b"* SEARCH 1")),
    ("imap", "FETCH", drip),
    ("imap", "FETCH", lambda: attacks.chain([b"* 1 FETCH (UID 1 BODY[] {600}\r\n"], drip())),
    ("imap", "FETCH", lambda: attacks.literal(1000, b"x" * 900)),
    ("imap", "FETCH", attacks.silence),
    ("imap", "LOGOUT", slow_lines(b"* OK wait")),
    ("pop", GREETING, drip),
    ("pop", "PASS", drip),
    ("pop", "UIDL", lambda: attacks.chain([b"+OK\r\n"], attacks.lines([b"1 one"] * 600, PAUSE))),
    ("pop", "RETR", lambda: attacks.chain([b"+OK\r\n"], drip())),
    ("pop", "RETR", attacks.silence),
    ("pop", "QUIT", drip),
]


@pytest.mark.parametrize(("protocol", "word", "attack"), DRIPS)
def test_a_mailbox_that_drips_is_given_up_before_it_has_done(protocol, word, attack):
    with mailbox(protocol, attack_at(word, attack)) as (server, connect), pytest.raises(ENDS):
        read(connect)
    assert not server.ended


@pytest.mark.parametrize(("protocol", "word", "attack"), DRIPS)
def test_a_session_ends_when_its_time_is_up(protocol, word, attack, monkeypatch):
    """However patient Odoo is with each answer."""
    monkeypatch.setattr(limits, "GRACE", 20)
    monkeypatch.setattr(f"{__name__}.PATIENCE", 20)
    monkeypatch.setattr("routing.mailbox.connection.GOODBYE", 0.4)
    with mailbox(protocol, attack_at(word, attack), seconds=1) as (server, connect), pytest.raises(ENDS):
        read(connect)
    assert not server.ended


FLOODS = [
    ("imap", GREETING, lambda: attacks.endless_line(b"* OK ")),
    ("imap", "SELECT", lambda: attacks.endless_answer(b"* 1 EXISTS")),
    ("imap", "SEARCH", lambda: attacks.endless_answer(b"* SEARCH 1 2 3")),
    ("imap", "SEARCH", lambda: attacks.endless_line(b"* SEARCH 1 ")),
    ("imap", "FETCH", lambda: attacks.endless_answer(b"* 1 FETCH (UID 1 FLAGS (%s))" % (b"x" * 5000))),
    ("imap", "FETCH", lambda: attacks.endless_line(b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n")),
    ("imap", "FETCH", lambda: attacks.endless_line(b"* 1 FETCH (UID 1 BODY[] {1900000}\r\n")),
    ("imap", "FETCH", lambda: attacks.endless_line(b"* 1 FETCH (UID 1 BODY[] {%s}\r\n" % (b"9" * 10_000))),
    ("pop", GREETING, lambda: attacks.endless_line(b"+OK ")),
    ("pop", "UIDL", lambda: attacks.chain([b"+OK\r\n"], attacks.endless_answer(b"1 one"))),
    ("pop", "UIDL", lambda: attacks.endless_line(b"+OK\r\n1 ")),
    ("pop", "RETR", lambda: attacks.endless_line(b"+OK\r\nSubject: One\r\n\r\n")),
    ("pop", "RETR", lambda: attacks.chain([b"+OK\r\n"], attacks.endless_answer(b"Hello" * 100))),
]


@pytest.mark.parametrize(("protocol", "word", "attack"), FLOODS)
def test_what_a_mailbox_sends_without_end_is_not_kept(protocol, word, attack):
    # an answer of many short lines is kept as many objects, which take more than their bytes
    with mailbox(protocol, attack_at(word, attack)) as (server, connect), pytest.raises((*ENDS, ValueError)):
        with at_most(4 * MOST):
            read(connect)
    assert not server.ended


def test_a_literal_that_is_cut_short_is_no_message():
    attack = attack_at("FETCH", lambda: attacks.literal(1_900_000, b"x", hangs_up=True))
    with mailbox("imap", attack) as (_server, connect), pytest.raises(clients.imaplib.IMAP4.abort):
        with at_most(MOST):
            read(connect)


@pytest.mark.parametrize("protocol", ["imap", "pop"])
@pytest.mark.parametrize("line", [b"x" * 1_900_000, b"x\r\n" * 600_000], ids=["one line", "many lines"])
def test_a_large_message_takes_little_more_memory_than_its_size(protocol, line, monkeypatch):
    """Odoo keeps each line beside the whole (POP), which is three times as much."""
    monkeypatch.setattr(f"{__name__}.PATIENCE", 20)
    with mailbox(protocol, None) as (server, connect):
        message = server.mailbox.folders["INBOX"][0]
        message.raw = line + b"\r\n"
        opened = connect()
        [key] = opened.pending()
        tracemalloc.start()
        # what the server keeps in memory to send it is a part of this process
        raw = opened.message(key)
        size = next(trace.size for trace in tracemalloc.take_snapshot().traces if trace.size >= len(message.raw))
        tracemalloc.stop()
        assert raw == message.raw
        assert size < 1.2 * len(message.raw)


def test_a_message_that_is_too_large_says_so_before_it_is_read():
    attack = attack_at("FETCH", lambda: attacks.literal(MOST + 1, b""))
    with mailbox("imap", attack) as (_server, connect), pytest.raises(TooMuch):
        read(connect)


@contextmanager
def hostile(stage, attack):
    """Serve SMTP with an attack; give the server, and a function that sends a mail there."""
    with HostileServer({stage: attack}) as server:

        def send(patience=PATIENCE):
            client = open_smtp(server.host, server.port, False, patience, 30)
            client.login("box", "secret")
            client.sendmail("a@b.cn", ["b@b.cn"], b"Subject: One\r\n\r\nHello\r\n")
            client.quit()

        yield server, send


STAGES = (GREETING, "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "END", "QUIT")


@pytest.mark.parametrize("stage", STAGES)
def test_smtp_without_attack_works(stage):
    with hostile("none", attacks.silence) as (server, send):
        send(patience=20)
    assert stage in (GREETING, "END") or any(line.upper().startswith(stage) for line in server.commands)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("attack", [slow_lines(b"250-and so on"), drip, attacks.silence])
def test_an_smtp_server_that_drips_is_given_up_before_it_has_done(stage, attack):
    with hostile(stage, attack) as (server, send), pytest.raises(SMTPServerDisconnected):
        send()
    assert not server.ended


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "attack", [lambda: attacks.endless_answer(b"250-X"), lambda: attacks.endless_line(b"250 ")], ids=["answer", "line"]
)
def test_an_endless_answer_of_smtp_is_not_kept(stage, attack):
    with hostile(stage, attack) as (server, send):
        for _time in range(2):
            # what is loaded the first time is not the server's
            with pytest.raises(SMTPException), at_most(20 * limits.REPLY if _time else 100 * MOST):
                send()
    assert not server.ended


def test_all_of_a_login_has_an_end(monkeypatch):
    """Each answer comes in time, and together they take too long."""
    monkeypatch.setattr(limits, "GRACE", 20)
    attack = attacks.lines([b"250-and so on"] * 600, PAUSE)
    with HostileServer({"EHLO": lambda: attack}) as server:
        client = open_smtp(server.host, server.port, False, 20, 5)
        with pytest.raises(SMTPServerDisconnected):
            client.login("box", "secret")
    assert not server.ended
