from odoo.tests import tagged

from ..common_contacts import ContactsCase
from ..overrides import without_the_addon
from ..queries import counted_queries
from .common_incoming import IncomingCase


@tagged("post_install", "-at_install")
class TestQueriesOfRouting(ContactsCase):
    """Finding the company of a mail costs at most two queries more than in stock Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env["ir.model"]._get("res.partner").id
        values = {"alias_model_id": model, "alias_name": "desk"}
        cls.aliases = cls.env["mail.alias"].create(values)
        cls.box = cls.env["fetchmail.server"].create(
            {"name": "Box", "user": "box@b.example", "state": "done", "company_id": cls.company_b.id}
        )

    def queries(self, to):
        """Route a mail from a cold cache, and return the number of queries."""
        message = self.incoming(to)
        threads = self.env["mail.thread"].with_context(default_fetchmail_server_id=self.box.id)
        values = threads.message_parse(message)
        with counted_queries(self.env) as queries:
            self.assertTrue(threads.message_route(message, values))
        return queries.count

    def added(self, to="desk@b.example"):
        """Return how many more queries than stock Odoo it takes to route a mail."""
        # what is remembered from mail to mail
        self.queries(to)
        with without_the_addon(self.registry):
            self.queries(to)
            stock = self.queries(to)
        return self.queries(to) - stock

    def test_aliases_for_all_domains(self):
        self.assertLessEqual(self.added(), 2)

    def test_no_address_tells(self):
        self.assertLessEqual(self.added("desk@elsewhere.example"), 2)

    def test_the_alias_in_two_domains(self):
        self.aliases.mail_domain_id = self.domain_b
        self.aliases.copy({"alias_name": "desk", "mail_domain_id": self.domain_a.id})
        # stock Odoo finds both aliases, of which the second costs it queries of its own
        self.assertLessEqual(self.added(), 2)

    def test_nothing_configured(self):
        self.company_a.mail_domain_id = self.company_b.mail_domain_id = self.box.company_id = False
        self.env["mail.routing.domain"].search([]).unlink()
        self.assertLessEqual(self.added(), 1)


@tagged("post_install", "-at_install")
class TestQueriesOfTakingIn(IncomingCase):
    """Receiving a mail costs at most two queries more than in stock Odoo, with everything the addon does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.box_a.write({"object_id": cls.env["ir.model"]._get("res.partner").id, "reply_token": True})

    def queries(self, **headers):
        """Take in an answer of the customer from a cold cache; return the number of queries."""
        message = self.answer(self.last_mail(), **headers)
        with counted_queries(self.env) as queries:
            self.take_in(message, self.box_a)
        return queries.count

    def added(self, **headers):
        """Return how many more queries than stock Odoo it takes to take in an answer."""
        with self.servers(a="open"):
            self.post(self.record_a)
            # what is remembered from mail to mail
            self.queries(**headers)
            with without_the_addon(self.registry):
                stock = self.queries(**headers)
            return self.queries(**headers) - stock

    def test_a_reply(self):
        self.assertLessEqual(self.added(To="box@a.example"), 2)

    def test_a_reply_at_a_sub_address(self):
        """Whether the message of the token exists."""
        self.assertLessEqual(self.added(), 2)

    def test_a_new_mail(self):
        headers = {"To": "box@a.example", "In-Reply-To": None, "References": None}
        self.assertLessEqual(self.added(**headers), 2)
