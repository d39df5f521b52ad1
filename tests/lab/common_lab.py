import os
from unittest import SkipTest
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ...dev.lab import PASSWORD, Person, running_lab
from ..common import CUSTOMER, mailboxes
from ..incoming.common_incoming import IncomingCase
from ..mailbox.common_fetch import FetchCase

BOX_A, BOX_B, BOX_C = (f"box@{name}.example" for name in "abc")


def lab_or_skip():
    """Return the lab; where ``make lab`` has not said where it may be, skip the tests that ask."""
    folder = os.environ.get("MCR_LAB")
    if not folder:
        raise SkipTest("These tests need Postfix and Dovecot: make lab")
    return running_lab(folder)


class LabCase(IncomingCase, FetchCase):
    """Two companies at real servers. A has a catch-all and may send as anybody of its domain; B has neither.

    B also has c.example. Each company has one mailbox, which Odoo fetches by ``protocol``. The customer has a mailbox
    and a mail program. Each test begins with empty mailboxes.
    """

    protocol = "imap"

    @classmethod
    def setUpClass(cls):
        cls.lab = lab_or_skip()
        super().setUpClass()
        cls.company_a.write({"mail_catchall_supported": True, "mail_restrict_username": False})
        port = cls.lab.port["imaps" if cls.protocol == "imap" else "pops"]
        values = {"server_type": cls.protocol, "server": cls.lab.host, "port": port, "is_ssl": True}
        (cls.box_a | cls.box_b).write({**values, "password": PASSWORD})
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        for_real.start()
        cls.addClassCleanup(for_real.stop)

    def setUp(self):
        super().setUp()
        self.begin()
        self.buyer = Person(self.lab, CUSTOMER)

    def begin(self):
        """Have empty mailboxes, and no outgoing server."""
        self.env["ir.mail_server"].search([]).unlink()
        self.lab.clear()
        self.lab.mailboxes.add(BOX_A, senders=("@a.example",))
        self.lab.mailboxes.lead("@a.example", BOX_A)
        for login in (BOX_B, BOX_C, CUSTOMER):
            self.lab.mailboxes.add(login)

    def outgoing(self, login, port="submission", **values):
        """Create an outgoing server that logs in at one of the lab's ports."""
        encryption = {"submission": "starttls", "submissions": "ssl"}.get(port, "none")
        return self.env["ir.mail_server"].create(
            {
                "name": f"{login} at {port}",
                "smtp_host": self.lab.host,
                "smtp_port": self.lab.port[port],
                "smtp_user": login,
                "smtp_pass": PASSWORD,
                "smtp_encryption": encryption,
                **values,
            }
        )

    def outgoing_of_both(self):
        """Create the server of each company: A's lets its domain send, B's is strict in both senders."""
        self.server_a = self.outgoing(BOX_A, company_id=self.company_a.id)
        self.server_b = self.outgoing(BOX_B, "submissions", company_id=self.company_b.id)
        return self.server_a | self.server_b

    def box(self, login):
        """Return what is in a mailbox."""
        return Person(self.lab, login).mails()

    def received(self):
        """Return the one mail that the customer has received."""
        mails = self.buyer.mails()
        self.assertEqual(len(mails), 1, self.lab.log.text())
        return mails[0]

    def addresses(self, received, *names):
        """Return the addresses in headers, "" for one that is not there, and the envelope sender behind them."""
        message = received.message
        found = [
            ", ".join(email for _name, email in mailboxes(received, name)) if name in message else "" for name in names
        ]
        return (*found, received.mail_from)

    def assert_sent(self, mails):
        """Check that Odoo takes all these mails for sent."""
        self.assertEqual(set(mails.mapped("state")), {"sent"}, set(mails.mapped("failure_reason")))

    def assert_senders(self, header_from, sender, envelope):
        """Check From, Sender and the envelope sender of the one mail that the customer has received."""
        received = self.received()
        self.assertEqual(self.addresses(received, "From", "Sender"), (header_from, sender, envelope))
        self.assertEqual(mailboxes(received, "From")[0][0], "ZY")

    def assert_refused(self, mail, *words):
        """Check that a mail failed, that Postfix' log has the words of the refusal, and that nothing was delivered."""
        self.assertEqual(mail.state, "exception")
        self.assertTrue(self.lab.log.lines("reject", *words))
        self.assertFalse(self.buyer.mails())

    def fetch_both(self):
        """Fetch both mailboxes, once all is delivered."""
        self.lab.settle()
        self.fetch(self.box_a | self.box_b)

    def answers(self, record):
        """Return the mails that have come in on a document, the oldest first."""
        return self.messages_of(record).filtered(lambda message: message.message_type == "email").sorted("id")

    def kept(self):
        """Return the unrouted mails."""
        return self.env["mail.unrouted.message"].search([])
