import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_contacts import ContactsCase
from .common_doors import RpcCase

TRY = "mail.incoming.preview"


@tagged("post_install", "-at_install")
class TestPreviewDoors(ContactsCase, RpcCase):
    """Try an Incoming Mail tells the administrator of A nothing of B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record_b.name = "Secret Customer"
        partners = cls.env["ir.model"]._get("res.partner").id
        for domain in (cls.domain_a, cls.domain_b):
            values = {"alias_name": "desk", "alias_model_id": partners, "mail_domain_id": domain.id}
            cls.env["mail.alias"].create(values)

    def tried(self, message, **values):
        """Return all that a try shows."""
        values = {"eml": base64.b64encode(message.as_bytes()).decode(), **values}
        row_id = self.rpc(self.administrator, TRY, "create", values)
        self.rpc(self.administrator, TRY, "action_preview", [row_id])
        names = ["company_id", "mail_domain_id", "alias_names", "result", "trace"]
        return self.rpc(self.administrator, TRY, "read", [row_id], names)[0]

    def test_what_is_bs_is_not_shown(self):
        offer = self.record_b.message_post(body="Offer")
        for message in (
            self.incoming("desk@b.example"),
            self.incoming("nobody@b.example"),
            self.incoming("catchall@b.example"),
            self.incoming("desk@b.example, desk@a.example"),
            self.incoming("catchall@b.example", References=offer.message_id),
            self.incoming("catchall@a.example", References=offer.message_id),
        ):
            with self.subTest(to=message["To"], references=message["References"]):
                shown = self.tried(message)
                for word in ("B Trading", "b.example", "Secret", f",{self.record_b.id})"):
                    self.assertNotIn(word, str({name: value for name, value in shown.items() if name != "id"}))

    def test_what_is_as_is_shown(self):
        shown = self.tried(self.incoming("desk@a.example"))
        self.assertEqual((shown["company_id"][0], shown["result"]), (self.company_a.id, "New Contact"))
        self.assertEqual(shown["alias_names"], "desk@a.example")
        self.assertIn("desk@a.example", shown["trace"])

    def test_bs_mailbox_is_not_tried(self):
        server = self.fetched_mailbox("box@b.example", company_id=self.company_b.id)
        with self.assertRaises(AccessError):
            self.tried(self.incoming("x@elsewhere.example"), fetchmail_server_id=server.id)
