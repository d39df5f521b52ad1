from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .outgoing.test_companies import CompaniesCase

MODELS = ("ir.mail_server", "fetchmail.server", "mail.routing.domain", "mail.sender.identity")
SECRETS = {
    "ir.mail_server": ("smtp_user", "smtp_pass", "smtp_ssl_private_key"),
    "fetchmail.server": ("user", "password"),
}


@tagged("post_install", "-at_install")
class TestAccess(CompaniesCase):
    """I never see another company's set-up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fetchmail.server"].search([]).unlink()
        cls.zy.company_ids = [Command.set(cls.company_a.ids)]
        cls.clerk = cls.member("clerk", cls.company_b, "base.group_user,base.group_partner_manager")
        cls.officer = cls.member("officer", cls.company_a, "base.group_user,base.group_erp_manager")
        cls.administrator = cls.member("chief", cls.company_a, "base.group_user,base.group_system")
        cls.rows = {
            name: cls.rows_of(name, company, user)
            for name, company, user in (("a", cls.company_a, cls.zy), ("b", cls.company_b, cls.clerk))
        }

    @classmethod
    def member(cls, login, company, groups):
        """Create a user who belongs to one company only."""
        return new_test_user(
            cls.env,
            login=f"mcr_{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            email=f"{login}@{'a' if company == cls.company_a else 'b'}.example",
        )

    @classmethod
    def rows_of(cls, name, company, user):
        """Create one row of each model for a company, and return them by model."""
        server = {"name": f"Server {name}", "smtp_host": "localhost", "company_id": company.id}
        mailbox = {"name": f"Mailbox {name}", "server": "localhost", "user": f"in@{name}.example"}
        identity = {"user_id": user.id, "company_id": company.id, "email": f"me@{name}.example"}
        values = (server, {**mailbox, "company_id": company.id}, None, identity)
        return {
            model: cls.env[model].create(row) if row else company.mail_domain_id
            for model, row in zip(MODELS, values, strict=True)
        }

    def as_user(self, user, model, name):
        """Return a company's row of a model, as somebody else sees it."""
        rows = self.rows[name][model]
        rows.invalidate_recordset()
        return rows.with_user(user)

    def assert_unseen(self, user, model):
        """Check that no way of asking tells a user anything about B's row."""
        row = self.as_user(user, model, "b")
        name = row.sudo().display_name
        for ask in (row.name_get, lambda: row.read(["company_id"]), lambda: row.write({"company_id": False})):
            with self.subTest(model=model), self.assertRaises(AccessError):
                ask()
        for search in (
            lambda: row.search([("company_id", "=", self.company_b.id)]).ids,
            lambda: [found[0] for found in row.name_search(name)],
            lambda: [found["id"] for found in row.search_read([], ["company_id"])],
            lambda: [row.id for _group in row.read_group([("id", "=", row.id)], ["company_id"], ["company_id"])],
        ):
            with self.subTest(model=model):
                try:
                    self.assertNotIn(row.id, search())
                except AccessError:
                    continue

    def test_a_user_of_a_learns_nothing_about_b(self):
        for model in MODELS:
            self.assert_unseen(self.zy, model)

    def test_an_administrator_of_a_alone_does_not_see_bs(self):
        for model in MODELS:
            self.assert_unseen(self.administrator, model)
            with self.subTest(model):
                own = self.rows["a"][model]
                self.assertEqual(own.with_user(self.administrator).search([("id", "in", own.ids)]), own)

    def test_an_administrator_of_both_sees_what_is_of_the_companies_switched_on(self):
        """The company switch on top decides."""
        self.administrator.company_ids += self.company_b
        for model in MODELS:
            row = self.as_user(self.administrator, model, "b")
            with self.subTest(model):
                self.assertFalse(row.with_context(allowed_company_ids=self.company_a.ids).search([("id", "=", row.id)]))
                both = (self.company_a + self.company_b).ids
                self.assertTrue(row.with_context(allowed_company_ids=both).search([("id", "=", row.id)]))

    def test_what_belongs_to_no_company_is_everybodys(self):
        shared = self.env["ir.mail_server"].create({"name": "Shared", "smtp_host": "localhost"})
        self.assertEqual(shared.with_user(self.administrator).search([("id", "=", shared.id)]), shared)

    def test_a_user_reads_its_own_identities_and_changes_none(self):
        """I see which addresses I may send from; only an administrator adds one."""
        colleague = self.member("colleague", self.company_a, "base.group_user")
        theirs = self.rows["a"]["mail.sender.identity"].copy({"user_id": colleague.id, "email": "other@a.example"})
        own = self.as_user(self.zy, "mail.sender.identity", "a")
        self.assertEqual(own.search([]).mapped("email"), ["me@a.example"])
        for forbidden in (
            lambda: theirs.with_user(self.zy).read(["email"]),
            lambda: own.write({"email": "boss@a.example"}),
            lambda: own.create({"user_id": self.zy.id, "email": "boss@a.example"}),
            own.unlink,
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_access_rights_keep_domains_but_no_servers(self):
        """Whoever manages users may keep alias domains, and sees no server."""
        domain = self.as_user(self.officer, "mail.routing.domain", "a")
        domain.bounce_alias = "returns"
        self.assertEqual(domain.bounce_email, "returns@a.example")
        domain.create({"name": "second.example", "company_id": self.company_a.id}).unlink()
        self.assert_unseen(self.officer, "mail.routing.domain")
        for model in ("ir.mail_server", "fetchmail.server"):
            for ask in (lambda row: row.read(["name"]), lambda row: row.write({"name": "x"}), lambda row: row.copy()):
                with self.subTest(model), self.assertRaises(AccessError):
                    ask(self.as_user(self.officer, model, "a"))

    def test_access_rights_give_no_domain_to_another_company(self):
        domain = self.as_user(self.officer, "mail.routing.domain", "a")
        with self.assertRaises(AccessError):
            domain.create({"name": "second.example", "company_id": self.company_b.id})
        with self.assertRaisesRegex(ValidationError, "cannot send from a.example"):
            domain.company_id = self.company_b

    def test_logins_and_passwords_keep_their_groups(self):
        """Even where somebody may read servers, the login stays the administrators'."""
        for model, names in SECRETS.items():
            for name in names:
                with self.subTest(f"{model} {name}"):
                    is_public = model == "fetchmail.server" and not self.env[model]._fields[name].groups
                    if is_public:  # core protects the whole model
                        self.assertFalse(self.env[model].with_user(self.officer).check_access_rights("read", False))
                    else:
                        self.assertEqual(self.env[model]._fields[name].groups, "base.group_system")

    def test_a_companys_options_are_the_administrators(self):
        """I see which domain my company sends from, nothing else, and nothing of B."""
        self.assertTrue(self.company_a.with_user(self.zy).mail_domain_id)
        options = [name for name in self.company_a._routing_fields if name.startswith("mail_")]
        self.assertIn("mail_restrict_username", options)
        for name in options:
            for company in self.company_b if name == "mail_domain_id" else self.company_a + self.company_b:
                with self.subTest(f"{company.name} {name}"), self.assertRaises(AccessError):
                    company.with_user(self.zy).read([name])

    def test_a_user_of_b_sends_without_seeing_any_server(self):
        """My mail leaves through B's server, although I may see no server at all."""
        self.env["ir.mail_server"].search([]).unlink()
        record = self.record_b.with_user(self.clerk)
        with self.servers(a="open", b="open"):
            record.message_post(
                body="Hi",
                partner_ids=self.customer.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        [(login, header_from, _sender, envelope, reply_to)] = self.sent()
        self.assertEqual((login, header_from), ("box@b.example", "me@b.example"))
        self.assertEqual((envelope, reply_to), ("bounce@b.example", "catchall@b.example"))
