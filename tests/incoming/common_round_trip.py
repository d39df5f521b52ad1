import imaplib
import smtplib
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, MailStore, StrictServer
from ...routing import address
from ..common import CUSTOMER
from ..mailbox.common_fetch import FetchCase
from .common_incoming import IncomingCase


class Post(MailStore):
    """Delivers what the mail server takes: each domain has one mailbox, which gets its sub-addresses and aliases."""

    def __init__(self, mailboxes):
        super().__init__()
        self.mailboxes = {address.domain(mailbox.login): mailbox for mailbox in mailboxes}

    def accept(self, mail):
        """Put the mail into the mailbox of each recipient, as a provider does it."""
        for recipient in mail.rcpt_tos:
            delivered = f"Delivered-To: {recipient}\r\n".encode() + mail.data
            self.mailboxes[address.domain(recipient)].add(delivered)
        return super().accept(mail)


class RoundTripCase(IncomingCase, FetchCase):
    """One mail server for two companies and a customer, and a mailbox for each, which Odoo fetches."""

    @contextmanager
    def internet(self):
        """Run one mail server for both companies and the customer, and a mailbox for each."""
        logins = ("box@a.example", "box@b.example", CUSTOMER)
        mailboxes = [Mailbox(login) for login in logins]
        accounts = [Account(login, wording="tencent") for login in logins]
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with ExitStack() as stack:
            self.strict = stack.enter_context(StrictServer(accounts, store=Post(mailboxes)))
            stack.enter_context(for_real)
            self.boxes = mailboxes[:2]
            *boxes, self.customer_box = [stack.enter_context(MailboxServer(mailbox)) for mailbox in mailboxes]
            for server, box, company in zip(
                (self.box_a, self.box_b), boxes, (self.company_a, self.company_b), strict=True
            ):
                server.write({"server": box.host, "port": box.imap_port, "password": "secret"})
                self.create_server(self.strict, server.user, company_id=company.id)
            yield

    def read_newest(self):
        """Return the newest mail in the customer's mailbox."""
        with imaplib.IMAP4(self.customer_box.host, self.customer_box.imap_port) as client:
            client.login(CUSTOMER, "secret")
            client.select()
            newest = client.uid("SEARCH", None, "ALL")[1][0].split()[-1].decode()
            raw = client.uid("FETCH", newest, "(BODY.PEEK[])")[1][0][1]
        return message_from_bytes(raw, policy=policy.default)

    def send(self, to, subject="Question", **headers):
        """Let the customer write to Odoo."""
        mail = EmailMessage()
        values = {"From": CUSTOMER, "To": to, "Subject": subject, "Message-ID": make_msgid(domain="elsewhere.example")}
        for name, value in {**values, **headers}.items():
            if value is not None:
                mail[name] = value
        mail.set_content("Yes, please.")
        with smtplib.SMTP(self.strict.host, self.strict.port, timeout=30) as client:
            client.login(CUSTOMER, "secret")
            client.send_message(mail)

    def answer_newest(self, **headers):
        """Let the customer answer the newest mail, with headers as a mail program writes them, or others."""
        mail = self.read_newest()
        known = {"References": mail["Message-Id"], "In-Reply-To": mail["Message-Id"]}
        self.send(str(mail["Reply-To"]), f"Re: {mail['Subject']}", **{**known, **headers})

    def fetch_both(self):
        self.fetch(self.box_a | self.box_b)
