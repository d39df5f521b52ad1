from odoo.tests import tagged

from ...models import context as keys
from .common_doors import RpcCase

KEYS = sorted(value for name, value in vars(keys).items() if name.endswith("_KEY"))
JSON = ([["alias_name", "=", False]], [], True, False, {"forced": ["res.partner", 1]}, "1", 0, 1.5)
MARK = "A context says nothing"


@tagged("post_install", "-at_install")
class TestContextDoors(RpcCase):
    """Whatever a program elsewhere sends under a key of ours, nothing is found, stored or sent in another way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alias_b = cls.env["mail.alias"].create(
            {"alias_name": "desk", "alias_model_id": cls.partners().id, "mail_domain_id": cls.domain_b.id}
        )
        cls.record_a.message_subscribe(cls.customer.ids)

    @classmethod
    def partners(cls):
        return cls.env["ir.model"]._get("res.partner")

    def contexts(self):
        """Yield all keys with each kind of plain value, and with the number of a domain of B."""
        for value in (*JSON, self.domain_b.id):
            yield dict.fromkeys(KEYS, value)

    def seen_by(self, attempt):
        """Check that an attempt has the same result with each context as with none."""
        expected = attempt({})
        for context in self.contexts():
            with self.subTest(**context):
                self.assertEqual(attempt(context), expected)

    def test_the_keys_are_found(self):
        self.assertGreater(len(KEYS), 6)
        self.assertTrue(all(key.startswith("mail_company_routing_") for key in KEYS))

    def test_search(self):
        """What is searched for by a user, and as superuser on the way."""
        domain = [("alias_name", "=", "desk")]

        def attempt(context):
            found = self.rpc(self.employee, "mail.alias", "search", domain, context=context)
            shown = self.rpc(
                self.employee, "mail.alias", "read", found, ["display_name", "alias_domain"], context=context
            )
            composed = self.rpc(self.employee, "mail.compose.message", "default_get", ["email_from"], context=context)
            company = self.rpc(
                self.employee, "res.company", "read", self.company_a.ids, ["catchall_email"], context=context
            )
            return found, shown, composed, company

        self.seen_by(attempt)

    def test_create_and_post(self):
        """What a user posts is stored and leaves as it always does."""
        self.enterContext(self.servers(a="open", b="open"))
        body = {"body": MARK, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}

        def attempt(context):
            del self.strict.mails[:]
            post = {**body, "partner_ids": self.customer.ids, "context": context}
            message_id = self.rpc(self.employee, "res.partner", "message_post", self.record_a.ids, **post)
            message = self.env["mail.message"].browse(message_id)
            # over RPC, core sends after the commit, which a test never has
            message.mail_ids.send()
            values = message.read(["email_from", "reply_to", "record_company_id", "sender_company_id", "answer_to"])
            return [{**values[0], "id": 0}], self.sent()

        self.seen_by(attempt)

    def test_the_alias_of_a_new_record(self):
        """Core makes an alias as superuser for whoever may create its record."""
        numbers = iter(range(1000))

        def attempt(context):
            values = {"alias_name": f"own{next(numbers)}", "alias_model_id": self.partners().id}
            alias = self.env["mail.alias"].with_user(self.employee).sudo().with_context(**context).create(values)
            taken = alias.copy({"alias_name": "desk"})
            result = alias.mail_domain_id, alias.alias_domain, taken.alias_name
            taken.unlink()
            return result

        self.seen_by(attempt)

    def test_the_queue(self):
        def attempt(context):
            self.create_mail(subject=MARK, record_company_id=self.company_a.id)
            self.env.flush_all()
            del self.strict.mails[:]
            self.rpc(self.administrator, "mail.mail", "process_email_queue", context=context)
            return self.sent()

        self.env["mail.mail"].search([]).unlink()
        self.enterContext(self.servers(a="open", b="open"))
        self.seen_by(attempt)
