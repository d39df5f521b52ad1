from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import CUSTOMER
from .outgoing.test_companies import CompaniesCase


class IdentitiesCase(CompaniesCase):
    """ZY sends from one address in A and two in B; the boss of A has an address of its own, which nobody may borrow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zy.groups_id += cls.env.ref("base.group_partner_manager")
        cls.identity_a = cls.grant(cls.zy, cls.company_a, "zy@a.example")
        cls.identity_b = cls.grant(cls.zy, cls.company_b, "zy@b.example")
        cls.identity_c = cls.grant(cls.zy, cls.company_b, "zy@c.example")
        cls.boss = new_test_user(cls.env, "boss", name="Boss", email="boss@home.example", company_id=cls.company_a.id)
        cls.identity_boss = cls.grant(cls.boss, cls.company_a, "ceo@a.example")
        companies = (cls.company_a + cls.company_b).ids
        cls.as_zy = cls.env(user=cls.zy, context={"allowed_company_ids": companies})

    @classmethod
    def grant(cls, user, company, email):
        return cls.env["mail.sender.identity"].create({"user_id": user.id, "company_id": company.id, "email": email})

    def composer(self, record, **values):
        """Return a composer that ZY opened, with the values that code or RPC sets."""
        return self.as_zy["mail.compose.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "body": "<p>Hi</p>",
                "subject": "Hi",
                "partner_ids": record.ids,
                **values,
            }
        )

    def composer_form(self, records, mode="comment", **context):
        """Return the composer's form as ZY sees it."""
        context = {
            "default_composition_mode": mode,
            "default_model": records._name,
            "default_res_id": records[:1].id,
            "active_model": records._name,
            "active_ids": records.ids,
            **context,
        }
        return Form(self.as_zy["mail.compose.message"].with_context(**context))

    def mass_composer(self, records, **values):
        composer = self.composer(records[:1], composition_mode="mass_mail", partner_ids=[], **values)
        return composer.with_context(active_ids=records.ids, active_model=records._name)

    def template(self, email_from, env=None, **values):
        return (env or self.env)["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_from": email_from,
                "email_to": CUSTOMER,
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
                "auto_delete": False,
                **values,
            }
        )

    def sent_from(self, count=1):
        """Return the From addresses of the mails that arrived, after the queue ran."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return [mail[1] for mail in self.sent(count)]

    def refused(self):
        return self.assertRaisesRegex(AccessError, "(?i)(ceo@a|boss@home).example.*Sender Identities")
