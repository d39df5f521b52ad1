from email.utils import parseaddr

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.context import DOMAIN_KEY
from ..outgoing.test_companies import CompaniesCase

KEYS = ("mail.catchall.domain", "mail.catchall.alias", "mail.bounce.alias", "mail.default.from")
GLOBAL = ("global.example", "answers", "undeliverable", "robot")


@tagged("post_install", "-at_install")
class TestSystemParameters(CompaniesCase):
    """Code that reads the mail parameters in a company's mail flow gets that company's values; no other code does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        for key, value in zip(KEYS, GLOBAL, strict=True):
            cls.parameters.set_param(key, value)
        cls.domain_b.write({"catchall_alias": "service", "bounce_alias": "returns", "default_from": "office"})
        cls.company_c = cls.env["res.company"].create({"name": "C, without an alias domain"})

    def read_all(self, **context):
        return tuple(self.parameters.with_context(**context).get_param(key) for key in KEYS)

    def test_in_a_companys_mail_flow_they_are_its_own(self):
        """Every addon that reads them while B's mail is sent writes B's addresses."""
        self.assertEqual(self.read_all(**{DOMAIN_KEY: self.domain_b.id}), ("b.example", "service", "returns", "office"))

    def test_everywhere_else_they_are_as_they_were(self):
        self.assertEqual(self.read_all(), GLOBAL)
        # the id of an empty field is False; a context from RPC may hold anything
        for nothing in (None, False, True, [self.domain_b.id], {}, "x"):
            with self.subTest(nothing):
                self.assertEqual(self.read_all(**{DOMAIN_KEY: nothing}), GLOBAL)
        self.assertEqual(self.read_all(allowed_company_ids=self.company_b.ids), GLOBAL)

    def test_other_parameters_are_left_alone(self):
        self.parameters.set_param("mail.catchall.domain.allowed", "x.example")
        flow = self.parameters.with_context(**{DOMAIN_KEY: self.domain_b.id})
        self.assertEqual(flow.get_param("mail.catchall.domain.allowed"), "x.example")
        self.assertEqual(flow.get_param("mail.session.batch.size", 7), 7)

    def test_what_the_domain_does_not_say_is_the_callers_default(self):
        """B's domain has no default sender, and no other company's replaces it."""
        self.domain_b.default_from = False
        flow = self.parameters.with_context(**{DOMAIN_KEY: self.domain_b.id})
        self.assertEqual(flow.get_param("mail.default.from", "odoo"), "odoo")

    def test_the_context_opens_no_way_around_access_rights(self):
        """A user who may not read parameters may not read them with our context key either."""
        parameters = self.env["ir.config_parameter"].with_user(self.zy)
        with self.assertRaises(AccessError):
            parameters.with_context(**{DOMAIN_KEY: self.domain_b.id}).get_param("mail.catchall.domain")

    def test_bounces_and_default_sender_are_the_companys_on_the_wire(self):
        """B's mail without an author comes from B's office, and what cannot be delivered returns to B."""
        mail = self.create_mail(False, model="res.partner", res_id=self.record_b.id)
        with self.servers(a="open", b="open"):
            mail.send()
        stored = self.last_mail()
        self.assertEqual(self.sent()[0][:4], ("box@b.example", "office@b.example", "", "returns@b.example"))
        self.assertEqual(stored.message["Return-Path"], "returns@b.example")

    def test_a_company_without_an_alias_domain_keeps_the_parameters(self):
        record = self.customer.create({"name": "Customer C", "company_id": self.company_c.id})
        mail = self.mail(record, "zy@global.example")
        with self.servers(a="open", shared="open"):
            mail.send()
        self.assertEqual(self.sent()[0][3:], ("undeliverable@global.example", "answers@global.example"))

    def test_a_callers_context_does_not_move_a_mail_to_another_domain(self):
        """A user who puts B's domain into the context still sends C's mail as C."""
        record = self.customer.create({"name": "Customer C", "company_id": self.company_c.id})
        mail = self.mail(record, "zy@global.example").with_context(**{DOMAIN_KEY: self.domain_b.id})
        with self.servers(a="open", shared="open"):
            mail.send()
            servers = self.env["ir.mail_server"].with_company(self.company_c)
            servers = servers.with_context(**{DOMAIN_KEY: self.domain_b.id})
            servers.send_email(servers.build_email("zy@global.example", ["x@elsewhere.example"], "Direct", "Body"))
        self.assertEqual([row[3] for row in self.sent(2)], ["undeliverable@global.example"] * 2)


@tagged("post_install", "-at_install")
class TestCompanyAddresses(CompaniesCase):
    """Each company shows its own catchall, and asks for replies there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("mail.catchall.domain", "global.example")
        cls.env["ir.config_parameter"].sudo().set_param("mail.catchall.alias", "answers")
        cls.company_c = cls.env["res.company"].create({"name": "C"})
        cls.companies = cls.company_a + cls.company_b + cls.company_c
        cls.companies.write({"email": False})
        cls.record_c = cls.customer.create({"name": "Customer C", "company_id": cls.company_c.id})
        cls.record_none = cls.customer.create({"name": "Customer of all", "company_id": False})

    def emails(self, formatted):
        return [parseaddr(text)[1] for text in formatted]

    def test_many_companies_are_read_at_once(self):
        own = ["catchall@a.example", "catchall@b.example", "answers@global.example"]
        self.companies.invalidate_recordset()
        self.assertEqual([company.catchall_email for company in self.companies], own)
        self.assertEqual(self.emails(self.companies.mapped("catchall_formatted")), own)
        self.assertEqual(self.emails(self.companies.mapped("email_formatted")), own)

    def test_a_company_goes_by_its_own_address_first(self):
        self.company_b.email = "office@b.example"
        self.assertEqual(self.emails([self.company_b.email_formatted]), ["office@b.example"])

    def test_renaming_a_domain_shows_at_once(self):
        self.assertEqual(self.company_b.catchall_email, "catchall@b.example")
        self.domain_b.write({"name": "new.example", "catchall_alias": "all"})
        self.assertEqual(self.company_b.catchall_email, "all@new.example")
        self.assertEqual(self.emails([self.company_b.email_formatted]), ["all@new.example"])
        self.company_b.mail_domain_id = self.domain_c
        self.assertEqual(self.company_b.catchall_email, "catchall@c.example")

    def test_the_mail_flow_of_a_company_sees_the_others_as_they_are(self):
        """Sending A's mail must not leave A's catchall behind as that of B."""
        self.companies.invalidate_recordset()
        flow = self.companies.with_context(**{DOMAIN_KEY: self.domain_a.id})
        self.assertEqual(flow[1].catchall_email, "catchall@b.example")
        self.assertEqual(self.company_b.catchall_email, "catchall@b.example")

    def test_replies_of_several_companies_are_asked_for_at_each(self):
        """One mailing about records of three companies."""
        records = self.record_b + self.record_a + self.record_none + self.record_c
        replies = records.with_company(self.company_a)._notify_get_reply_to(default="default@x.example")
        self.assertEqual(
            {record_id: parseaddr(reply)[1] for record_id, reply in replies.items()},
            {
                self.record_a.id: "catchall@a.example",
                self.record_b.id: "catchall@b.example",
                self.record_none.id: "catchall@a.example",
                self.record_c.id: "answers@global.example",
            },
        )

    def test_no_record_at_all_is_answered_at_the_current_company(self):
        for model in ("res.partner", "mail.thread"):
            with self.subTest(model):
                [(key, reply)] = self.env[model].with_company(self.company_b)._notify_get_reply_to().items()
                self.assertEqual((key, parseaddr(reply)[1]), (False, "catchall@b.example"))

    def test_records_that_have_no_company_are_answered_at_the_current_one(self):
        record = self.env["res.partner.category"].create({"name": "Tag"}).with_company(self.company_b)
        self.assertEqual(parseaddr(record._notify_get_reply_to()[record.id])[1], "catchall@b.example")

    def test_a_callers_context_does_not_move_replies_to_another_company(self):
        record = self.record_a.with_context(**{DOMAIN_KEY: self.domain_b.id})
        message = record.message_post(body="Hi", message_type="comment")
        self.assertIn("catchall@a.example", message.reply_to)

    def test_where_nothing_is_caught_the_callers_default_is_asked_for(self):
        self.domain_b.catchall_alias = False
        replies = self.record_b._notify_get_reply_to(default="default@x.example")
        self.assertEqual(replies, {self.record_b.id: "default@x.example"})
