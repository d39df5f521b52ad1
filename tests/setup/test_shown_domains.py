from odoo.tests import tagged

from ...models.context import DOMAIN_KEY
from ..outgoing.test_companies import CompaniesCase
from ..queries import counted_queries


@tagged("post_install", "-at_install")
class TestShownDomains(CompaniesCase):
    """What I see as the address of a team, a journal or a job is that of its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("mail.catchall.domain", "global.example")
        cls.company_c = cls.env["res.company"].create({"name": "C"})
        cls.companies = cls.company_a + cls.company_b + cls.company_c
        cls.own = ["a.example", "b.example", "global.example"]

    def alias(self, **values):
        return self.env["mail.alias"].create({"alias_model_id": self.model_id("res.partner"), **values})

    def model_id(self, model):
        return self.env["ir.model"]._get(model).id

    def require(self, model):
        if model not in self.env:
            self.skipTest(f"No module with {model} is installed.")

    def test_an_alias_is_in_the_domain_of_the_record_it_belongs_to(self):
        partner = self.model_id("res.partner")
        owned = self.alias(alias_parent_model_id=partner, alias_parent_thread_id=self.record_b.id)
        feeding = self.alias(alias_force_thread_id=self.record_b.id)
        free = self.alias()
        aliases = owned + feeding + free
        self.assertEqual(aliases.mapped("alias_domain"), ["b.example", "b.example", "a.example"])
        aliases = aliases.with_company(self.company_b)
        self.assertEqual(aliases.mapped("alias_domain"), ["b.example"] * 3)

    def test_an_alias_shows_its_whole_address(self):
        alias = self.alias(alias_name="orders", alias_force_thread_id=self.record_b.id)
        self.assertEqual(alias.display_name, "orders@b.example")

    def test_an_alias_whose_owner_is_gone_is_in_the_current_domain(self):
        alias = self.alias(alias_force_thread_id=self.record_b.id)
        self.record_b.unlink()
        alias.invalidate_recordset()
        self.assertEqual(alias.alias_domain, "a.example")

    def test_a_company_without_an_alias_domain_shows_odoos_own(self):
        record = self.customer.create({"name": "Customer C", "company_id": self.company_c.id})
        self.assertEqual(self.alias(alias_force_thread_id=record.id).alias_domain, "global.example")

    def test_a_mail_flow_does_not_change_what_is_shown(self):
        flow = self.alias(alias_force_thread_id=self.record_b.id).with_context(**{DOMAIN_KEY: self.domain_a.id})
        self.assertEqual(flow.alias_domain, "b.example")

    def test_many_aliases_take_no_query_each(self):
        def read_all(count):
            partners = self.customer.create(
                [{"name": str(i), "company_id": self.companies[i % 2].id} for i in range(count)]
            )
            aliases = self.env["mail.alias"].create(
                [
                    {"alias_model_id": self.model_id("res.partner"), "alias_force_thread_id": partner.id}
                    for partner in partners
                ]
            )
            with counted_queries(self.env) as queries:
                self.assertEqual(set(aliases.mapped("alias_domain")), {"a.example", "b.example"})
            return queries.count

        read_all(4)
        self.assertEqual(read_all(40), read_all(4))

    def test_a_user_of_another_company_does_not_learn_the_domain(self):
        """Everybody may read all aliases."""
        alias = self.alias(alias_name="orders", alias_force_thread_id=self.record_b.id)
        self.zy.company_ids = self.company_a
        self.assertEqual(alias.with_user(self.zy).alias_domain, False)
        self.assertEqual(alias.with_user(self.zy).display_name, "orders")

    def test_sales_teams(self):
        self.require("crm.team")
        teams = self.env["crm.team"].create(
            [{"name": company.name, "company_id": company.id} for company in self.companies]
        )
        self.assertEqual(teams.mapped("alias_domain"), self.own)

    def test_job_positions_and_their_sources(self):
        self.require("hr.recruitment.source")
        jobs = self.env["hr.job"].create(
            [{"name": company.name, "company_id": company.id} for company in self.companies]
        )
        self.assertEqual(jobs.mapped("alias_domain"), self.own)
        self.env["ir.config_parameter"].sudo().set_param("mail.catchall.domain", False)
        sources = self.env["hr.recruitment.source"].create([{"name": job.name, "job_id": job.id} for job in jobs])
        self.assertEqual([source.has_domain for source in sources], ["True", "True", False])

    def test_journals(self):
        self.require("account.journal")
        journals = self.env["account.journal"].create(
            [
                {"name": company.name, "code": "MCR", "type": "general", "company_id": company.id}
                for company in self.companies
            ]
        )
        self.assertEqual(journals.mapped("alias_domain"), self.own)
        self.assertEqual(journals.with_company(self.company_b).mapped("alias_domain"), self.own)
