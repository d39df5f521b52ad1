import imaplib
import smtplib
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, MailStore, StrictServer
from ...routing import address
from ..common import CUSTOMER
from ..mailbox.common_fetch import FetchCase
from .common_incoming import IncomingCase

GONE = {"References": None, "In-Reply-To": None}
REPLACED = {"References": "<1@provider.example>", "In-Reply-To": "<2@provider.example>"}


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


@tagged("post_install", "-at_install")
class TestRoundTrip(IncomingCase, FetchCase):
    """Odoo sends, the customer reads and answers with a mail program, Odoo fetches: all over real SMTP and IMAP."""

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

    def assert_round_trips(self, **headers):
        """Check that the answers to mails about documents of both companies come back to these documents."""
        with self.internet():
            for record in (self.record_a, self.record_b):
                self.post(record, subject=f"Order of {record.name}")
                self.answer_newest(**headers)
            self.fetch_both()
        for record in (self.record_a, self.record_b):
            [answer] = self.messages_of(record).filtered(lambda message: message.message_type == "email")
            self.assertEqual(
                (answer.subject, answer.record_company_id), (f"Re: Order of {record.name}", record.company_id)
            )
        self.assertFalse(self.env["mail.unrouted.message"].search([]))

    def test_references_kept(self):
        self.assert_round_trips()

    def test_references_replaced(self):
        (self.box_a | self.box_b).reply_token = True
        self.assert_round_trips(**REPLACED)

    def test_references_dropped(self):
        (self.box_a | self.box_b).reply_token = True
        self.assert_round_trips(**GONE)

    def test_references_dropped_without_sub_addresses(self):
        (self.box_a | self.box_b).reply_by_subject = True
        self.assert_round_trips(**GONE)

    def test_an_answer_that_nothing_places_is_kept(self):
        with self.internet():
            self.post(self.record_a, subject="Order")
            self.answer_newest(**GONE)
            self.fetch_both()
        kept = self.env["mail.unrouted.message"].search([])
        self.assertEqual((kept.subject, kept.company_id), ("Re: Order", self.company_a))

    def test_what_nothing_places_is_kept_for_the_company_it_was_sent_to(self):
        """Also where one mailbox gets the mails of all."""
        self.box_b.company_id = False
        with self.internet():
            self.send("nobody@b.example", "Nobody")
            self.fetch_both()
        kept = self.env["mail.unrouted.message"].search([])
        self.assertEqual((kept.subject, kept.company_id), ("Nobody", self.company_b))

    def test_two_companies_that_share_an_alias_name(self):
        """Who writes to info@a.example is A's customer, who writes to info@b.example is B's; so are their answers."""
        model = self.env["ir.model"]._get("res.partner").id
        values = {"alias_name": "info", "alias_model_id": model, "alias_contact": "everyone"}
        for domain in (self.domain_a, self.domain_b):
            self.env["mail.alias"].create({**values, "mail_domain_id": domain.id})
        with self.internet():
            for company in "AB":
                self.send(f"info@{company.lower()}.example", f"Question to {company}")
            self.fetch_both()
            partners = self.env["res.partner"]
            records = [partners.search([("name", "=", f"Question to {company}")]) for company in "AB"]
            self.assertEqual([record.company_id for record in records], [self.company_a, self.company_b])
            for record in records:
                self.post(record, self.customer, subject="Offer")
                self.answer_newest()
            self.fetch_both()
        for record in records:
            answers = self.messages_of(record).filtered(lambda message: message.subject == "Re: Offer")
            self.assertEqual(answers.record_company_id, record.company_id)
            self.assertEqual(len(answers), 1)
