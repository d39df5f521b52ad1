from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.res_partner import Partner

from ...models.context import HELD_KEY, INCOMING_KEY, RUN_KEY, SHOWN_KEY, Shown, in_domain
from ...models.incoming.incoming_mail import IncomingMail
from ...routing.incoming.place import Place
from ..common_contacts import UNKNOWN_SENDER, ContactsCase


@tagged("post_install", "-at_install")
class TestIncomingCompany(ContactsCase):
    """A mail becomes a record of the company that it was written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["ir.model"]._get("res.partner").id
        cls.env["mail.alias"].create({"alias_name": "desk", "alias_model_id": model, "alias_user_id": False})

    def assert_company(self, contact, company):
        self.assertEqual(contact.company_id, company)
        self.assertEqual(contact.message_ids.record_company_id, company)

    def test_the_domain_of_the_recipient(self):
        self.assert_company(self.receive("desk@a.example"), self.company_a)
        self.assert_company(self.receive("desk@b.example"), self.company_b)
        self.assert_company(self.receive("desk@c.example"), self.company_b)

    def test_the_envelope_comes_before_the_headers(self):
        for header in ("Delivered_To", "X_Original_To", "X_Envelope_To"):
            self.assert_company(self.receive("desk@a.example", **{header: "desk@b.example"}), self.company_b)

    def test_a_blind_copy_finds_its_alias(self):
        for header in ("Delivered_To", "X_Original_To", "X_Envelope_To"):
            self.assert_company(self.receive("undisclosed-recipients:;", **{header: "desk@b.example"}), self.company_b)

    def test_the_copy_names_the_company(self):
        self.assert_company(self.receive("x@elsewhere.example", Cc="desk@b.example"), self.company_b)

    def test_the_incoming_server_where_no_address_tells(self):
        server = self.fetched_mailbox("box@elsewhere.example", company_id=self.company_b.id)
        self.assert_company(self.receive("desk@elsewhere.example", server=server), self.company_b)

    def test_the_address_comes_before_the_incoming_server(self):
        server = self.fetched_mailbox("box@elsewhere.example", company_id=self.company_b.id)
        self.assert_company(self.receive("desk@a.example", server=server), self.company_a)

    def test_a_mailbox_that_all_companies_share_tells_nothing(self):
        server = self.fetched_mailbox("box@a.example")
        contact = self.receive("desk@b.example", server=server, Delivered_To="box@a.example")
        self.assert_company(contact, self.company_b)

    def test_the_fallback_model_of_the_incoming_server(self):
        server = self.fetched_mailbox("box@b.example", company_id=self.company_b.id)
        self.assert_company(self.receive("box@b.example", server=server, model="res.partner"), self.company_b)

    def test_an_unknown_address_without_a_server_is_routed_as_ever(self):
        contact = self.receive("desk@elsewhere.example")
        self.assertFalse(contact.company_id)
        self.assertEqual(contact.message_ids.record_company_id, self.env.company)

    def test_a_member_owns_the_record(self):
        contact = self.receive("desk@b.example", "zy@a.example")
        self.assert_company(contact, self.company_b)
        self.assertEqual(contact.create_uid, self.zy)

    def test_a_user_of_another_company_does_not_own_the_record(self):
        """Odoo would refuse it everything there; the gateway stands in as for any other sender."""
        self.zy.write({"company_ids": [(3, self.company_b.id)]})
        contact = self.receive("desk@b.example", "zy@a.example")
        self.assert_company(contact, self.company_b)
        self.assertEqual(contact.create_uid, self.env.ref("base.user_root"))
        self.assertEqual(contact.message_ids.author_id, self.zy.partner_id)

    def test_the_owner_of_the_alias_stands_in(self):
        self.env["mail.alias"].search([("alias_name", "=", "desk")]).alias_user_id = self.zy
        user_of_a = self.zy.copy(
            {"login": "other", "email": "other@a.example", "company_ids": [(6, 0, self.company_a.ids)]}
        )
        contact = self.receive("desk@b.example", user_of_a.email)
        self.assertEqual(contact.create_uid, self.zy)

    def test_a_mail_gateway_user_who_belongs_to_another_company(self):
        self.zy.write({"company_ids": [(3, self.company_b.id)], "groups_id": [(4, self.ref("base.group_system"))]})
        contact = self.receive("desk@b.example", env=self.env(user=self.zy, su=False))
        self.assert_company(contact, self.company_b)

    def test_the_routing_table_is_the_same_whoever_asks_first(self):
        """It is cached for all, so the first mail after a change must not leave its own view in it."""
        self.alias("sales", mail_domain_id=self.domain_b.id)
        routing = self.env["mail.routing"]
        table = routing._routing_table()
        routing.clear_caches()
        incoming = IncomingMail(place=Place(None, None), hides_catchall=True)
        context = {**in_domain(self.domain_b.id), INCOMING_KEY: incoming, SHOWN_KEY: Shown([("id", "=", 0)])}
        built = routing.with_context(**context)._routing_table()
        self.assertIsNot(built, table)
        self.assertTrue(table.fallback.catchall)
        self.assertEqual((built.fallback, built.has_domain_aliases), (table.fallback, True))

    def test_what_a_context_from_outside_says_is_ignored(self):
        """Anybody may send a context over RPC, but only as plain JSON; what ours carry are objects."""
        record = self.env["res.partner"].create({"name": "Elsewhere"})
        for incoming in ({"forced": ["res.partner", record.id]}, "quiet"):
            context = {INCOMING_KEY: incoming, HELD_KEY: [1], RUN_KEY: [1]}
            contact = self.receive("desk@b.example", env=self.env(context=context))
            self.assert_company(contact, self.company_b)
            self.assertNotEqual(contact, record)

    def test_one_mail_to_two_companies(self):
        """Core takes each Message-Id once, so the first copy has to serve both."""
        sales = self.alias("sales", mail_domain_id=self.domain_b.id)
        self.assertTrue(sales)
        contacts = self.receive("desk@a.example, sales@b.example")
        self.assertEqual(contacts.company_id, self.company_a | self.company_b)
        for contact in contacts:
            self.assertEqual(contact.message_ids.record_company_id, contact.company_id)

    def test_allowed_domains_include_all_alias_domains(self):
        self.env["ir.config_parameter"].set_param("mail.catchall.domain.allowed", "other.example")
        self.assert_company(self.receive("desk@c.example"), self.company_b)
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.receive("desk@elsewhere.example")

    def test_a_bounce_to_the_companys_own_bounce_address(self):
        self.domain_b.bounce_alias = "returned"
        self.assertFalse(self.receive("returned@b.example", model="res.partner"))
        self.assertTrue(self.receive("returned@a.example", model="res.partner"))

    def test_a_mail_to_the_bounce_address_of_the_system_parameters(self):
        """Old mails return there after the alias domains were added."""
        self.domain_b.bounce_alias = "returned"
        server = self.fetched_mailbox("box@b.example", company_id=self.company_b.id)
        bounce = f"{self.alias_bounce}@{self.alias_domain}"
        self.assertFalse(self.receive(bounce, server=server, model="res.partner"))

    def test_without_anything_configured(self):
        self.company_a.mail_domain_id = self.company_b.mail_domain_id = False
        self.env["mail.routing.domain"].search([]).unlink()
        contact = self.receive("desk@b.example")
        self.assertFalse(contact.company_id)
        self.assertEqual(contact.message_ids.record_company_id, self.env.company)


@tagged("post_install", "-at_install")
class TestAutomaticAnswers(ContactsCase):
    """Each automatic answer leaves as the company that was written to, through its server."""

    def test_a_mail_to_the_catchall(self):
        with self.servers(a="open", b="open"):
            self.receive("catchall@b.example")
            self.assertEqual(
                self.answer(), ("box@b.example", "bounce@b.example", "bounce@b.example", "office@b.example")
            )

    def test_the_security_of_an_alias(self):
        self.alias(alias_contact="partners")
        with self.servers(a="open", b="open"):
            self.receive("desk@b.example")
            self.assertEqual(self.answer()[:3], ("box@b.example", "bounce@b.example", "bounce@b.example"))

    def test_the_security_of_an_alias_of_the_other_company(self):
        self.alias(alias_contact="partners", mail_domain_id=self.domain_b.id)
        with self.servers(a="open", b="open"):
            self.receive("sales@a.example, desk@b.example")
            self.assertEqual(self.answer()[:3], ("box@b.example", "bounce@b.example", "bounce@b.example"))

    def test_a_loop(self):
        self.alias()
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 1)
        self.receive("desk@b.example")
        with self.servers(a="open", b="open"):
            self.assertFalse(self.receive("desk@b.example"))
            self.assertEqual(self.answer()[:3], ("box@b.example", "bounce@b.example", "bounce@b.example"))

    def test_an_acknowledgement(self):
        self.alias()
        template = self.env["mail.template"].create(
            {
                "name": "Thank you",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "subject": "Thank you",
                "body_html": "<p>Thank you</p>",
                "email_to": UNKNOWN_SENDER,
                "email_from": "{{ user.email_formatted }}",
            }
        )
        acknowledge = patch.object(
            Partner, "_track_template", lambda _self, _changes: {"name": (template, {})}, create=True
        )
        self.flush_tracking()
        with self.servers(a="open", b="open"), acknowledge:
            self.receive("desk@b.example")
            self.flush_tracking()
            self.env["mail.mail"].search([("subject", "=", "Thank you"), ("state", "=", "outgoing")]).send()
            login, _from, envelope, reply_to = self.answer()
            self.assertEqual((login, envelope), ("box@b.example", "bounce@b.example"))
            self.assertEqual(reply_to, "catchall@b.example")

    def test_a_company_without_a_bounce_name_still_answers(self):
        self.domain_b.write({"bounce_alias": False, "catchall_alias": False, "default_from": "office"})
        self.alias(alias_contact="partners")
        with self.servers(a="open", b="open"):
            self.receive("desk@b.example")
            self.assertEqual(self.answer()[:2], ("box@b.example", "office@b.example"))

    def test_a_gateway_user_of_another_company_answers_as_the_company(self):
        self.zy.write({"company_ids": [(3, self.company_b.id)], "groups_id": [(4, self.ref("base.group_system"))]})
        with self.servers(a="open", b="open"):
            self.receive("catchall@b.example", env=self.env(user=self.zy, su=False))
            self.assertEqual(
                self.answer(), ("box@b.example", "bounce@b.example", "bounce@b.example", "office@b.example")
            )


@tagged("post_install", "-at_install")
class TestRealMailboxes(ContactsCase):
    """Nobody who writes to a real mailbox is told not to."""

    def assert_placed(self, server=None):
        """Check that a mail to B's catchall becomes a record where there is a model, else an error, never an answer."""
        with self.servers(a="open", b="open"):
            self.assertTrue(self.receive("catchall@b.example", model="res.partner", server=server))
            for recipients in ("catchall@b.example", "catchall@b.example, nobody@b.example"):
                with self.assertRaisesRegex(ValueError, "No possible route"):
                    self.receive(recipients, server=server)
            self.assertFalse(self.strict.mails)

    def test_a_company_without_a_catch_all(self):
        self.company_b.mail_catchall_supported = False
        self.assert_placed()

    def test_a_catchall_that_is_a_mailbox(self):
        self.assert_placed(self.fetched_mailbox("catchall@b.example", company_id=self.company_b.id))

    def test_the_other_companys_catchall_still_answers(self):
        self.company_b.mail_catchall_supported = False
        with self.servers(a="open", b="open"):
            self.receive("catchall@a.example")
            self.assertEqual(self.answer()[0], "box@a.example")
