"""The mailbox server against Python's own IMAP and POP clients, as Odoo uses them."""

import imaplib
import poplib
from contextlib import contextmanager

import pytest

from ..mailbox_server import Mailbox, MailboxServer

RAW = b"Subject: Hi\r\n\r\n.dot\r\nHello\r\n"
LOGIN = "box@b.example"


@contextmanager
def imap(password="secret", **options):
    """Serve a mailbox with one message; give it with a client."""
    mailbox = Mailbox(LOGIN)
    mailbox.add(RAW)
    with MailboxServer(mailbox, **options) as server:
        client = imaplib.IMAP4(server.host, server.imap_port, timeout=5)
        client.login(LOGIN, password)
        yield mailbox, client


@contextmanager
def pop(**options):
    """Serve a mailbox with one message; give it with a way to log in."""
    mailbox = Mailbox(LOGIN)
    mailbox.add(RAW)

    def login(password="secret"):
        client = poplib.POP3(server.host, server.pop_port, timeout=5)
        client.user(LOGIN)
        client.pass_(password)
        return client

    with MailboxServer(mailbox, **options) as server:
        yield mailbox, login


def test_a_wrong_password_is_refused():
    with pytest.raises(imaplib.IMAP4.error), imap("wrong"):
        pass
    with pop() as (_mailbox, login), pytest.raises(poplib.error_proto):
        login("wrong")


def test_peeking_leaves_a_message_unread_and_reading_does_not():
    with imap() as (mailbox, client):
        client.select()
        [uid] = client.uid("SEARCH", "UNSEEN")[1]
        assert client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] == RAW
        assert mailbox.unread() == [1]
        assert client.fetch("1", "(RFC822)")[1][0][1] == RAW
        assert mailbox.unread() == []


def test_the_beginning_of_a_message_can_be_read_over_both_protocols():
    with imap() as (mailbox, client):
        client.select()
        assert client.uid("SEARCH", "1:1")[1] == [b"1"]
        assert client.uid("FETCH", "1", "(BODY.PEEK[]<0.7>)")[1][0][1] == RAW[:7]
        assert mailbox.unread() == [1]
    with pop() as (mailbox, login):
        assert login().top(1, 1)[1] == [b"Subject: Hi", b"", b".dot"]
        assert not mailbox.reads


def test_flags_are_set_and_taken_away():
    with imap() as (mailbox, client):
        client.select()
        client.uid("STORE", "1", "+FLAGS.SILENT", "(\\Seen)")
        assert client.search(None, "(UNSEEN)")[1] == [b""]
        client.store("1", "-FLAGS", "\\Seen")
        assert mailbox.unread() == [1]


def test_a_server_that_wants_a_name_opens_nothing_without_it():
    with imap(wants_id=True) as (_mailbox, client):
        assert client.select()[0] == "NO"
        assert b"ID" in client.capability()[1][0]
        client.xatom("ID", '("name" "me")')
        assert client.select()[0] == "OK"


def test_trouble_refuses_or_hangs_up():
    with imap(trouble=lambda _protocol, line: "no space" if "SELECT" in line else None) as (_mailbox, client):
        assert client.select() == ("NO", [b"no space"])

    def hang_up(_protocol, line):
        if "NOOP" in line:
            raise ConnectionError

    with imap(trouble=hang_up) as (_mailbox, client), pytest.raises(imaplib.IMAP4.abort):
        client.noop()


def test_pop_deletes_when_the_client_quits_and_only_then():
    with pop() as (mailbox, login):
        client = login()
        assert client.uidl()[1] == [b"1 uid1"]
        assert b"\r\n".join(client.retr(1)[1]) + b"\r\n" == RAW
        client.dele(1)
        client.close()
        assert mailbox.folders["INBOX"]
        client = login()
        client.dele(1)
        client.quit()
        assert not mailbox.folders["INBOX"]


def test_uidl_is_optional():
    with pop(has_uidl=False) as (_mailbox, login), pytest.raises(poplib.error_proto):
        login().uidl()
