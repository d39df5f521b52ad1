from unittest.mock import patch

import psycopg2

from odoo import tools
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import uninstall_hook
from ..common_contacts import ContactsCase

CONSTRAINT = ("mail_alias", "mail_alias_alias_unique")


@tagged("post_install", "-at_install")
class TestAliasTwoDomains(ContactsCase):
    """desk@a.example and desk@b.example are two aliases."""

    def domain_alias(self, domain, name="desk", **values):
        return self.alias(name, mail_domain_id=domain.id, **values)

    def test_each_gets_its_own_mail(self):
        self.domain_alias(self.domain_a, alias_defaults="{'function': 'A'}")
        self.domain_alias(self.domain_b, alias_defaults="{'function': 'B'}")
        for company, email in ((self.company_a, "desk@a.example"), (self.company_b, "desk@b.example")):
            contact = self.receive(email)
            self.assertEqual(contact.mapped("function"), [email[5].upper()])
            self.assertEqual(contact.company_id, company)

    def test_a_mail_to_both_becomes_two_records(self):
        self.domain_alias(self.domain_a, alias_defaults="{'function': 'A'}")
        self.domain_alias(self.domain_b, alias_defaults="{'function': 'B'}")
        contacts = self.receive("desk@a.example, desk@b.example")
        self.assertEqual({(c.function, c.company_id) for c in contacts}, {("A", self.company_a), ("B", self.company_b)})

    def test_an_alias_without_a_domain_answers_for_all_others(self):
        self.alias(alias_defaults="{'function': 'all'}")
        self.domain_alias(self.domain_b, alias_defaults="{'function': 'B'}")
        self.assertEqual(self.receive("desk@b.example").mapped("function"), ["B"])
        self.assertEqual(self.receive("desk@a.example").mapped("function"), ["all"])
        self.assertEqual(self.receive("desk@c.example").mapped("function"), ["all"])
        self.assertEqual(self.receive("desk@elsewhere.example").mapped("function"), ["all"])

    def test_an_alias_answers_for_no_other_domain(self):
        self.domain_alias(self.domain_b)
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.receive("desk@a.example")

    def test_a_reply_stays_a_reply(self):
        """A's alias of another model has the name too; core would take the mail for a forward to it."""
        self.alias(alias_model_id=self.env["ir.model"]._get("mail.channel").id, mail_domain_id=self.domain_a.id)
        self.domain_alias(self.domain_b)
        message = self.record_b.message_post(body="Offer")
        self.receive("desk@b.example", References=message.message_id, subject="Re: Offer")
        self.assertEqual(self.record_b.message_ids[0].subject, "Re: Offer")

    def test_names_are_unique_in_a_domain(self):
        self.domain_alias(self.domain_a)
        other = self.domain_alias(self.domain_b)
        self.alias()
        for values in ({"mail_domain_id": self.domain_a.id}, {"mail_domain_id": self.domain_b.id}, {}):
            with self.assertRaisesRegex(UserError, "already"):
                self.alias(**values)
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            other.mail_domain_id = self.domain_a

    def test_names_are_unique_among_new_aliases(self):
        model = self.env["ir.model"]._get("res.partner").id
        values = [
            {"alias_name": "desk", "alias_model_id": model, "mail_domain_id": domain.id}
            for domain in (self.domain_a, self.domain_b, self.domain_a)
        ]
        self.assertEqual(len(self.env["mail.alias"].create(values[:2])), 2)
        with self.assertRaises(UserError):
            self.env["mail.alias"].create(values[2:])

    def test_renaming_looks_at_the_own_domain(self):
        self.domain_alias(self.domain_a)
        other = self.domain_alias(self.domain_b, "sales")
        other.alias_name = "desk"
        self.assertEqual(other.alias_name, "desk")
        with self.assertRaisesRegex(UserError, "already"):
            self.domain_alias(self.domain_a, "jobs").alias_name = "desk"

    def test_bounce_and_catchall_names_are_taken(self):
        self.domain_b.bounce_alias = "returned"
        with self.assertRaisesRegex(UserError, "returned@b.example"):
            self.domain_alias(self.domain_b, "returned")
        with self.assertRaisesRegex(ValidationError, "b.example"):
            self.alias("returned")
        self.assertTrue(self.domain_alias(self.domain_a, "returned"))

    def test_an_alias_shows_its_domain(self):
        alias = self.domain_alias(self.domain_c)
        self.assertEqual(alias.alias_domain, "c.example")
        self.assertEqual(alias.display_name, "desk@c.example")
        member = self.env["mail.alias"].with_user(self.zy).browse(alias.id)
        self.assertEqual(member.display_name, "desk@c.example")
        self.zy.write({"company_ids": [(3, self.company_b.id)]})
        self.assertEqual(member.display_name, "desk")

    def test_a_domain_in_use_stays(self):
        self.domain_alias(self.domain_c)
        with self.assertRaisesRegex(UserError, "desk@c.example"):
            self.domain_c.active = False
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.domain_c.unlink()

    def test_the_reply_address_of_a_record_is_its_aliass(self):
        partner = self.env["ir.model"]._get("res.partner").id
        parent = {"alias_parent_model_id": partner, "alias_parent_thread_id": self.record_b.id}
        alias = self.domain_alias(self.domain_c, **parent)
        self.assertIn("<desk@c.example>", self.record_b._notify_get_reply_to()[self.record_b.id])
        with self.servers(a="open", b="open"):
            self.mail(self.record_b, reply_to=self.record_b._notify_get_reply_to()[self.record_b.id]).send()
            self.assertEqual(self.sent()[0][-1], "desk@c.example")
        alias.mail_domain_id = self.domain_a
        self.assertNotIn("a.example", self.record_b._notify_get_reply_to()[self.record_b.id])

    def test_without_a_catchall_the_reply_address_is_a_mailbox_all_the_same(self):
        self.company_b.mail_catchall_supported = False
        self.fetched_mailbox("box@b.example", company_id=self.company_b.id)
        self.domain_alias(self.domain_c)
        with self.servers(a="open", b="open"):
            self.mail(self.record_b, reply_to="desk@c.example").send()
            self.assertEqual(self.sent()[0][-1], "box@b.example")

    def test_an_ordinary_user_creates_a_record_with_an_alias(self):
        """The check of names reads a field that not everybody may read."""
        self.domain_alias(self.domain_b)
        model = self.env["ir.model"]._get("res.partner").id
        alias = self.env["mail.alias"].with_user(self.zy).sudo()
        self.assertTrue(alias.create({"alias_name": "desk", "alias_model_id": model}))
        self.assertTrue(self.env["mail.alias"].with_user(self.zy).search([("alias_name", "=", "desk")]))


@tagged("post_install", "-at_install")
class TestUninstall(ContactsCase):
    """I uninstall the addon: core's constraint is back, or I am told what stands in its way."""

    def test_the_constraint_of_core_comes_back(self):
        self.alias()
        uninstall_hook(self.cr, self.registry)
        self.assertEqual(tools.constraint_definition(self.cr, *CONSTRAINT), "UNIQUE(alias_name)")
        insert = "INSERT INTO mail_alias (alias_name, alias_model_id, alias_defaults, alias_contact, mail_domain_id) "
        insert += "SELECT alias_name, alias_model_id, '{}', 'everyone', %s FROM mail_alias WHERE alias_name = 'desk'"
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(insert, [self.domain_b.id])

    def test_names_that_exist_twice_stand_in_its_way(self):
        self.alias()
        self.alias(mail_domain_id=self.domain_b.id)
        before = tools.constraint_definition(self.cr, *CONSTRAINT)
        with (
            self.assertRaisesRegex(UserError, "desk@b.example"),
            patch.object(tools, "drop_constraint", side_effect=AssertionError("dropped")),
        ):
            uninstall_hook(self.cr, self.registry)
        self.assertEqual(tools.constraint_definition(self.cr, *CONSTRAINT), before)
