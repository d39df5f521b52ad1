from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import make_msgid

from odoo.tools import mute_logger

from ...models.context import INCOMING_KEY
from ...models.incoming.incoming_mail import IncomingMail, Outcome
from ..common import CUSTOMER
from ..outgoing.test_companies import CompaniesCase

QUIET = mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models.mail_mail", "odoo.tests")


class IncomingCase(CompaniesCase):
    """Two companies without a catch-all, each with a mailbox box@<name>.example that it sends from and Odoo fetches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zy.groups_id += cls.env.ref("base.group_partner_manager")
        cls.env["fetchmail.server"].search([]).active = False
        (cls.company_a | cls.company_b).write({"mail_catchall_supported": False, "mail_restrict_username": True})
        cls.box_a = cls.fetched_mailbox(cls, "box@a.example", company_id=cls.company_a.id)
        cls.box_b = cls.fetched_mailbox(cls, "box@b.example", company_id=cls.company_b.id)

    @contextmanager
    def servers(self, **wordings):
        """Run the servers, and forget them at the end, so that a test can do so again."""
        with super().servers(**wordings) as strict:
            yield strict
        for server in self.server_of.values():
            server.unlink()

    def post(self, record, partners=None, **values):
        """Let ZY write to the customer from the document's chatter; return the message."""
        partners = record if partners is None else partners
        author = record.with_user(self.zy).with_context(allowed_company_ids=record.company_id.ids)
        message = author.message_post(
            body="<p>Order</p>",
            partner_ids=partners.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id), ("state", "=", "outgoing")]).send()
        return message.sudo()

    def answer(self, stored, **headers):
        """Return the mail by which the customer answers what arrived, as a mail program writes it.

        A header that is None is left out.
        """
        sent = stored.message
        values = {
            "From": f"Customer <{CUSTOMER}>",
            "To": sent["Reply-To"] or sent["From"],
            "Subject": f"Re: {sent['Subject']}",
            "Message-ID": make_msgid(domain="elsewhere.example"),
            "In-Reply-To": sent["Message-Id"],
            "References": f"{sent['References'] or ''} {sent['Message-Id']}".strip(),
            **headers,
        }
        message = EmailMessage()
        for name, value in values.items():
            if value is not None:
                message[name] = str(value)
        message.set_content("Yes, please.\n\n> Order\n")
        return message

    def take_in(self, message, box=None):
        """Process a mail as if it had been fetched from a mailbox; return its outcome."""
        outcome = Outcome()
        threads = self.env["mail.thread"].with_context(
            default_fetchmail_server_id=box.id if box else False, **{INCOMING_KEY: IncomingMail(outcome)}
        )
        data = message if isinstance(message, bytes) else message.as_bytes()
        outcome["result"] = threads.message_process(box.object_id.model if box else None, data)
        return outcome

    def messages_of(self, record):
        return self.env["mail.message"].search([("model", "=", record._name), ("res_id", "=", record.id)])

    def assert_taken_in(self, record, message, box=None):
        """Check that a mail becomes one message, on this document and nowhere else."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.take_in(message, box)
        new = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "email")])
        self.assertEqual([(m.model, m.res_id) for m in new], [(record._name, record.id)])
        return new

    def assert_lost(self, message, box=None):
        """Check that a mail has no place; the fetching of mailboxes then keeps it."""
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.take_in(message, box)
