import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_contacts import ContactsCase
from .common_doors import DoorsCase, RpcCase


@tagged("post_install", "-at_install")
class TestDefaultDoors(RpcCase):
    """A default of a field of ours is for whoever may write the field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["ir.model"]._get("res.partner")
        cls.officer = cls.somebody("officer", "base.group_user,base.group_erp_manager,base.group_partner_manager")

    def alias(self, user, context=None, **values):
        """Create an alias as core does for whoever may create its record."""
        aliases = self.env["mail.alias"].with_user(user).sudo().with_context(**context or {})
        return aliases.create({"alias_name": "desk", "alias_model_id": self.partners.id, **values})

    def test_an_alias_in_another_companys_domain(self):
        context = {"default_mail_domain_id": self.domain_b.id}
        self.assertFalse(self.alias(self.employee, context).mail_domain_id)
        with self.assertRaises(AccessError):
            self.alias(self.employee, mail_domain_id=self.domain_a.id)

    def test_who_keeps_domains_gives_an_alias_those_of_its_companies(self):
        context = {"default_mail_domain_id": self.domain_a.id}
        self.assertEqual(self.alias(self.officer, context).mail_domain_id, self.domain_a)
        for attempt in (
            lambda: self.alias(self.officer, mail_domain_id=self.domain_b.id, alias_name="other"),
            lambda: self.alias(self.administrator, {"default_mail_domain_id": self.domain_b.id}, alias_name="other"),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_default_that_a_user_stores(self):
        """Each user has own defaults, which core takes wherever that user creates something, also as superuser."""
        for model, name, value in (
            ("mail.alias", "mail_domain_id", self.domain_b.id),
            ("mail.mail", "delivery_done", '["customer@elsewhere.example"]'),
            ("mail.message", "answer_to", "evil@evil.example"),
        ):
            field = self.env["ir.model.fields"]._get(model, name)
            values = {"field_id": field.id, "user_id": self.employee.id, "json_value": json.dumps(value)}
            self.rpc(self.employee, "ir.default", "create", values)
        self.assertFalse(self.alias(self.employee).mail_domain_id)
        mail = self.env["mail.mail"].with_user(self.employee).sudo().create({"email_to": "x@x.example"})
        self.assertEqual((mail.delivery_done, mail.answer_to), (False, False))

    def test_what_becomes_of_a_mail_is_nobodys_to_say(self):
        """Core makes the mails of a message as superuser, with the context of whoever posts it."""
        context = {
            "default_delivery_done": '["customer@elsewhere.example"]',
            "default_route_company_id": self.company_b.id,
            "default_answer_to": "evil@evil.example",
            "default_sender_company_id": self.company_b.id,
        }
        post = {"body": "Hi", "message_type": "comment", "partner_ids": self.customer.ids, "context": context}
        message_id = self.rpc(self.employee, "res.partner", "message_post", self.record_a.ids, **post)
        message = self.env["mail.message"].browse(message_id)
        self.assertTrue(message.mail_ids)
        self.assertFalse(message.mail_ids.delivery_done)
        self.assertFalse(message.mail_ids.route_company_id)
        self.assertFalse(message.answer_to)
        self.assertFalse(message.sender_company_id)

    def test_a_new_company(self):
        """Whoever manages users makes companies, and sets none of their mail options."""
        companies = self.env["res.company"].with_user(self.officer)
        company = companies.with_context(default_mail_restrict_username=True).create({"name": "New"})
        self.assertFalse(company.sudo().mail_restrict_username)
        with self.assertRaises(AccessError):
            companies.create({"name": "Other", "mail_restrict_username": True})
        self.assertTrue(
            companies.with_user(self.env.ref("base.user_admin")).create({"name": "X"}).mail_catchall_supported
        )


@tagged("post_install", "-at_install")
class TestAliasDoors(ContactsCase, DoorsCase):
    """A's alias takes no mail that was sent to B."""

    def test_an_alias_of_a_record_of_a(self):
        self.alias("other", mail_domain_id=self.domain_a.id)
        alias = self.alias("offers", alias_force_thread_id=self.record_a.id)
        self.receive("offers@a.example", subject="To A")
        self.assertEqual(self.record_a.message_ids[0].subject, "To A")
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.receive("offers@b.example", subject="To B")
        alias.alias_force_thread_id = self.customer.id
        self.receive("offers@b.example", subject="To B")
        self.assertEqual(self.customer.message_ids[0].subject, "To B")
