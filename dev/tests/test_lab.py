"""The lab: what its services say, what it says where something is missing, and that nothing is left of it."""

import io
import os
import shutil
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from ..console import Failure
from ..lab import Lab, Person, files, leftovers, milter, missing, needs, tables
from ..lab.greylist import Greylist
from ..lab.mailboxes import Mailboxes
from ..lab.process import is_open, wait_until
from ..state import CHECKOUT, plain_folder, subfolder

OWN = b"From\0 =?utf-8?q?Z=C3=AB?= <box@b.example>\0"
TWO_ADDRESSES = b"From\0 Doe, Jane <box@b.example>\0"
ANOTHER = b"From\0 Zy <zy@b.example>\0"


def milter_answer(header, login=b"box@b.example"):
    """Return what the milter says to the end of a mail with this header: a letter, and the words behind it."""
    packets = [
        b"O" + milter.NEGOTIATION.pack(6, 0x1FF, 0x1FFFFF),
        b"DM{auth_authen}\0" + login + b"\0" if login else b"DM{mail_addr}\0x@y\0",
        b"M<x@y>\0",
        b"L" + header,
        b"E",
        b"Q",
    ]
    writer = io.BytesIO()
    milter.converse(io.BytesIO(b"".join(milter.LENGTH.pack(len(packet)) + packet for packet in packets)), writer)
    writer.seek(0)
    return list(milter.commands(writer))[-1]


@pytest.mark.parametrize("header", [TWO_ADDRESSES, ANOTHER, b"Subject\0 none\0"])
def test_the_milter_refuses_a_header_that_is_not_only_the_logins(header):
    letter, words = milter_answer(header)
    assert (letter, words[:4]) == (milter.REPLY, b"550 ")


def test_the_milter_takes_the_logins_own_header_and_mail_without_a_login():
    assert milter_answer(OWN) == (milter.ACCEPT, b"")
    assert milter_answer(ANOTHER, login=b"") == (milter.ACCEPT, b"")


def policy_action(greylist, recipient="c@d"):
    writer = io.BytesIO()
    question = f"request=smtpd_access_policy\nsender=a@b\nrecipient={recipient}\n\n"
    greylist.converse(io.BytesIO(question.encode()), writer)
    return writer.getvalue().decode().split()[0]


def test_the_greylist_defers_until_the_pause():
    greylist = Greylist()
    assert policy_action(greylist) == "action=DUNNO"
    greylist.is_on = True
    assert [policy_action(greylist), policy_action(greylist)] == ["action=DEFER"] * 2
    greylist.pause()
    assert [policy_action(greylist), policy_action(greylist, "e@d")] == ["action=DUNNO", "action=DEFER"]


def looked_up(mailboxes, table, key):
    question, answer = io.BytesIO(), io.BytesIO()
    tables.write_netstring(question, f"{table} {key}")
    question.seek(0)
    tables.converse(mailboxes.lookup, question, answer)
    answer.seek(0)
    return tables.read_netstring(answer)


@pytest.mark.parametrize(
    ("table", "key", "answer"),
    [
        ("mailboxes", "box@b.example", "OK there"),
        ("mailboxes", "box+tag@b.example", "OK there"),
        ("mailboxes", "nobody@b.example", "NOTFOUND "),
        ("mailboxes", "b.example", "NOTFOUND "),
        ("aliases", "anybody@a.example", "OK box@b.example"),
        ("aliases", "anybody+tag@a.example", "OK box+tag@b.example"),
        ("senders", "zy@c.example", "OK box@b.example"),
    ],
)
def test_addresses_are_looked_up_as_postfix_does_it_in_files(table, key, answer, tmp_path, monkeypatch):
    monkeypatch.setattr(Mailboxes, "_is_known", lambda _self, _login: True)
    mailboxes = Mailboxes(tmp_path)
    mailboxes.add("box@b.example", senders=("@c.example",))
    mailboxes.lead("@a.example", "box@b.example")
    assert looked_up(mailboxes, table, key) == answer


def test_a_blank_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        files.fill("main.cf", {})


def test_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(needs, "program", lambda _name: None)
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000)
    assert [reason.partition(".")[0] for reason in missing()] == [
        "Postfix and Dovecot are not installed",
        "setpriv, which ends the servers with the tests, is missing",
        "Postfix and Dovecot start as root only: run make lab as root, e",
    ]


def test_another_process_with_the_number_of_a_server_is_left_alone(tmp_path):
    path = tmp_path / leftovers.PID_FILES[0]
    path.parent.mkdir(parents=True)
    path.write_text(str(os.getppid()))
    assert leftovers.end_leftovers(tmp_path) == 0


needs_lab = pytest.mark.skipif(bool(missing()), reason="; ".join(missing()))


@pytest.fixture
def folder():
    """Return a folder that the servers' users may enter, unlike pytest's own."""
    path = subfolder("lab") / "own-tests"
    yield path
    leftovers.end_leftovers(path)
    shutil.rmtree(path, ignore_errors=True)


def processes(folder):
    """Return the command lines of all processes that have to do with a lab."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if f"{folder}/".encode() in command:
            found.append(command)
    return found


@needs_lab
def test_a_mail_from_one_person_to_another_and_nothing_is_left(folder):
    with Lab(folder) as lab:
        for login in ("box@b.example", "customer@elsewhere.example"):
            lab.mailboxes.add(login)
        box, customer = Person(lab, "box@b.example"), Person(lab, "customer@elsewhere.example")
        box.send(customer.login, "你好")
        [received] = customer.mails()
        assert (received.message["Subject"], received.mail_from, received.recipient) == (
            "你好",
            box.login,
            customer.login,
        )
        with pytest.raises(smtplib.SMTPRecipientsRefused, match=r"not owned by user box@b\.example"):
            box.send(customer.login, From="zy@b.example")
        assert processes(folder)
        ports = list(lab.port.values())
    assert not processes(folder)
    assert not any(map(is_open, ports))


@needs_lab
def test_nothing_is_left_of_a_process_that_was_killed(folder):
    code = f"import time; from dev.lab import Lab; Lab(__import__('pathlib').Path({str(folder)!r})).start(); print(1)"
    command = [sys.executable, "-c", f"{code}; import sys; sys.stdout.flush(); time.sleep(600)"]
    with subprocess.Popen(command, cwd=plain_folder(), stdout=subprocess.PIPE) as child:
        assert child.stdout.readline()
        assert processes(folder)
        child.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes(folder), lambda: str(processes(folder)))


@needs_lab
def test_a_folder_that_others_may_not_enter_is_refused(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(Failure, match="Set MCR_STATE"):
        with Lab(tmp_path / "lab"):
            pass


@needs_lab
def test_the_configuration_of_the_machine_is_not_used(folder):
    with Lab(folder) as lab:
        settings = needs.output("postconf", "-c", f"{lab.folder}/postfix")
        assert f"queue_directory = {folder}" in settings
        used = {line.partition(" ")[0] for line in settings.splitlines() if "/etc/postfix" in line}
        # only the installer reads these
        assert used <= {"meta_directory", "sample_directory"}


def test_each_port_is_in_the_configuration():
    text = "".join(path.read_text() for path in (CHECKOUT / "dev/lab/etc").iterdir())
    from ..lab.lab import DOVECOT_PORTS, POSTFIX_PORTS

    assert [name for name in (*POSTFIX_PORTS, *DOVECOT_PORTS) if f"@{{{name}}}" not in text] == []
