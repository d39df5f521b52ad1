"""Somebody with a mailbox in the lab and a mail program."""

import imaplib
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid

from ..strict_server.certificate import trusting_context
from .lab import Lab
from .mailboxes import PASSWORD


@dataclass(frozen=True)
class Received:
    """One mail in a mailbox, with what the servers noted on top of it."""

    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def mail_from(self) -> str:
        """The envelope sender, which Postfix' last step writes into Return-Path (RFC 5321, section 4.4)."""
        return self.message["Return-Path"].strip("<>")

    @property
    def recipient(self) -> str:
        return self.message["X-Original-To"]


class Person:
    """Reads and writes as a mail program does, over IMAP and SMTP, both with TLS."""

    def __init__(self, lab: Lab, login: str):
        self._lab = lab
        self.login = login

    @contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        """Log in, and open the inbox."""
        context = trusting_context()
        with imaplib.IMAP4_SSL(self._lab.host, self._lab.port["imaps"], ssl_context=context, timeout=30) as client:
            client.login(self.login, PASSWORD)
            client.select()
            yield client

    def mails(self) -> list[Received]:
        """Return what is in the inbox, once everything has been delivered."""
        self._lab.settle()
        with self.imap() as client:
            numbers = client.search(None, "ALL")[1][0].split()
            return [Received(client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1]) for number in numbers]

    def send(self, to: str, subject: str = "Question", text: str = "Yes, please.", **headers: str | None) -> None:
        """Send a mail; a header that is None is left out."""
        mail = EmailMessage()
        own = {"From": self.login, "To": to, "Subject": subject, "Message-ID": make_msgid(domain="program.example")}
        for name, value in {**own, **headers}.items():
            if value is not None:
                mail[name] = value
        mail.set_content(text)
        with smtplib.SMTP(self._lab.host, self._lab.port["submission"], timeout=30) as client:
            client.starttls(context=trusting_context())
            client.login(self.login, PASSWORD)
            client.send_message(mail)

    def answer(self, received: Received, **headers: str | None) -> None:
        """Answer a mail, with the headers that a mail program writes, or others."""
        mail = received.message
        known = {"References": mail["Message-Id"], "In-Reply-To": mail["Message-Id"]}
        self.send(str(mail["Reply-To"] or mail["From"]), f"Re: {mail['Subject']}", **{**known, **headers})
