from odoo.tests import new_test_user, tagged

from ..common import CUSTOMER
from ..common_identities import IdentitiesCase
from ..queries import counted_queries


@tagged("post_install", "-at_install")
class TestNobodyIsMovedOntoAnothersAddress(IdentitiesCase):
    """With *Mail From Email By Company*, I write from my name at the company's domain; never from a colleague's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.mail_from_by_company = True
        cls.domain_a.default_from = "office"
        cls.li = new_test_user(cls.env, "li", name="Li Wei", email="li@gmail.example", company_id=cls.company_a.id)

    def leaves_from(self, email, author=None):
        """Return the name and address that a mail of Li leaves from."""
        with self.servers(a="open"):
            author = author or self.li
            self.mail(self.record_a, f'"Li Wei" <{email}>', author_id=author.partner_id.id).send()
            self.server_of["a"].unlink()
            return self.from_header(self.last_mail())

    def test_to_my_own_name(self):
        self.assertEqual(self.leaves_from("li@gmail.example"), '"Li Wei" <li@a.example>')

    def test_not_to_an_identity(self):
        self.assertEqual(self.leaves_from("CEO@gmail.example"), '"Li Wei" <office@a.example>')

    def test_not_to_an_email(self):
        for email in ("Kim@a.example", '"kim"@a.example', "me@home.example, kim@a.example"):
            kim = new_test_user(self.env, f"kim {email}", name="Kim", email=email)
            with self.subTest(email):
                self.assertEqual(self.leaves_from("kim@gmail.example"), '"Li Wei" <office@a.example>')
            kim.active = False
            with self.subTest(email, archived=True):
                self.assertEqual(self.leaves_from("kim@gmail.example"), '"Li Wei" <office@a.example>')
            kim.email = False

    def test_not_to_an_email_of_another_company(self):
        """The author's address is A's, the mail is B's."""
        self.li.company_ids += self.company_b
        self.domain_b.default_from = "office"
        new_test_user(self.env, "other", name="Other", email="li@b.example")
        with self.servers(b="open"):
            self.mail(self.record_b, '"Li Wei" <li@a.example>', author_id=self.li.partner_id.id).send()
            self.assertEqual(self.from_header(self.last_mail()), '"Li Wei" <office@b.example>')

    def test_back_to_the_own_email(self):
        self.li.email = "li@a.example"
        self.assertEqual(self.leaves_from("li@gmail.example"), '"Li Wei" <li@a.example>')

    def test_it_costs_one_query_for_all(self):
        counts = []
        for count in (1, 20):
            mails = self.env["mail.mail"]
            for number in range(count):
                mails += self.mail(self.record_a, f"author{number}@gmail.example", author_id=self.li.partner_id.id)
            self.env["mail.routing"]._decide(mails)
            with counted_queries(self.env) as queries:
                self.env["mail.routing"]._decide(mails)
            counts.append(queries.count)
        self.assertEqual(counts[0], counts[1])

    def test_no_name_contains_an_address(self):
        """Whatever the server allows, it would read like the sender."""
        for author in (
            '"boss@home.example" <li@a.example>',
            "=?utf-8?q?boss=40home=2Eexample?= <li@a.example>",
            '"=?utf-8?q?boss=40home=2Eexample?=" <li@a.example>',
        ):
            with self.subTest(author), self.servers(a="open"):
                self.create_mail(author, model="res.partner", res_id=self.record_a.id, email_to=CUSTOMER).send()
                self.assertNotIn("home", self.from_header(self.last_mail()))
                self.server_of["a"].unlink()
