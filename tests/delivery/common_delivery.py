import random
from contextlib import contextmanager
from datetime import timedelta
from smtplib import SMTPException
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server as core
from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...dev.strict_server import Account
from ...dev.strict_server.faults import FAULTS
from ...dev.strict_server.server import StrictServer
from ...models.delivery import connection
from ...models.delivery.journal import LiveJournal
from ...models.delivery.transactions import OneTransaction
from ..common import StrictMailCase


class SharedConnection:
    """What a live journal writes through where all is in one transaction."""

    def __init__(self, cr):
        self.cr = cr
        self.dbname = cr.dbname
        self.run = random.randrange(1, 2**31)

    def execute(self, query, values):
        self.cr.execute(query, values)
        return self.cr.fetchall() if self.cr.description else []

    def close(self):
        """Do nothing: it goes on."""


MUTED = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class DeliveryCase(StrictMailCase):
    """Some companies have a server each: one of them, ``troubled``, can be given faults, the others are well."""

    COMPANIES = 20
    MAILS = 5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # others see the mails, as when the queue runs: what a server is handed is written before it is
        handed_in = patch.object(OneTransaction, "open_journal", cls.open_journal)
        handed_in.start()
        cls.addClassCleanup(handed_in.stop)
        cls.companies = cls.env["res.company"].create([{"name": f"C{n}"} for n in range(cls.COMPANIES)])

    @staticmethod
    def open_journal(transaction, _mails, _auto_commit):
        """Return a live journal for a run, in the transaction of the test."""
        return LiveJournal(transaction.env.cr, SharedConnection(transaction.env.cr), commits=True)

    @contextmanager
    def servers(self, *fault_names, **options):
        """Run the servers, and let nobody wait long for a silent one."""
        logins = [f"box@c{n}.example" for n in range(self.COMPANIES)]
        accounts = [Account(login, "secret", wording="open") for login in logins]
        with (
            self.strict_accounts(*accounts[1:]) as self.well,
            StrictServer(accounts[:1], **options) as self.troubled,
            patch.object(connection, "CONNECT_TIMEOUT", 0.5),
            patch.object(core, "SMTP_TIMEOUT", 0.5),
            mute_logger(*MUTED),
        ):
            self.troubled.faults.set(*(FAULTS[name] for name in fault_names))
            self.records = self.env["ir.mail_server"].concat(
                *(
                    self.create_server(
                        self.well if number else self.troubled,
                        login,
                        company_id=company.id,
                        smtp_encryption="none" if number else options.get("tls", "none"),
                    )
                    for number, (login, company) in enumerate(zip(logins, self.companies, strict=True))
                )
            )
            self.server = self.records[0]
            try:
                yield
            finally:
                self.records.exists().unlink()

    def create_company_mails(self, count=None, companies=None, **values):
        """Create so many mails of each company, one company after the other."""
        mails = self.env["mail.mail"]
        for company in self.companies if companies is None else companies:
            for number in range(count or self.MAILS):
                mails |= self.with_record_company(company).create_mail(
                    f'"Zhi" <zhi@c{self.companies.ids.index(company.id)}.example>',
                    subject=f"{company.name} {number}",
                    **values,
                )
        return mails

    def with_record_company(self, company):
        """Return this case with an environment in which mails are written for a company."""
        self.env = self.env(context={**self.env.context, "default_record_company_id": company.id})
        return self

    def run_queue(self):
        """Let the cron do its work once."""
        self.env["mail.mail"].process_email_queue()

    def fails(self, mail):
        """Send as code does that catches what goes wrong, with no savepoint around it; tell whether it did."""
        try:
            mail.send(raise_exception=True)
        except (MailDeliveryException, SMTPException):
            return True
        return False

    def pass_time(self, **duration):
        """Let time pass for whatever waits."""
        ago = timedelta(**duration)
        self.env.flush_all()
        for table, columns in (
            ("mail_mail", ("scheduled_date", "delivery_since")),
            ("ir_mail_server", ("delivery_rest_until", "delivery_failing_since")),
            ("mail_delivery", ("date",)),
        ):
            for column in columns:
                self.env.cr.execute(f"UPDATE {table} SET {column} = {column} - %s", [ago])
        self.env.invalidate_all()

    def subjects(self, *servers):
        """Return the subjects of what arrived, sorted."""
        return sorted(str(stored.message["Subject"]) for server in servers for stored in server.mails)

    def expected(self, companies, count=None):
        return sorted(f"{company.name} {number}" for company in companies for number in range(count or self.MAILS))

    def assert_waits(self, mails):
        """Check that mails are in the queue for later, with a reason."""
        self.assertEqual(set(mails.mapped("state")), {"outgoing"}, mails.mapped("failure_reason"))
        self.assertTrue(all(mail.scheduled_date > fields.Datetime.now() for mail in mails))
        self.assertTrue(all(mail.failure_reason for mail in mails))
