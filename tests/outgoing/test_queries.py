from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer
from odoo.addons.mail.tests.common import MailCommon

from ..overrides import without_the_addon
from ..queries import counted_queries

# For all mails of one send() together: what is decided by; whether the records they are about exist, and the companies
# of these; the authors; whose e-mail the addresses are that they are moved onto; the claim on all of them; in the end
# the routes, within a savepoint. Core's search for servers falls away.
CONSTANT = 7
# What stock Odoo reads of each mail by itself, and the addon of all at once: the mail, its attachments and recipients.
READ_TOGETHER = 3


@tagged("post_install", "-at_install")
class TestQueries(MailCommon):
    """I send a thousand mails of two hundred companies, and the number of queries does not grow with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        cls.env["ir.mail_server"].create({"name": "Shared", "smtp_host": "localhost", "smtp_user": "box@a.example"})
        cls.companies = cls.env.company | cls.env["res.company"].create([{"name": f"C{n}"} for n in range(199)])
        cls.user_employee.company_ids = cls.companies
        mailbox = {"name": "Info", "server_type": "imap", "user": "info@d0.example", "state": "done"}
        cls.mailbox = cls.env["fetchmail.server"].create({**mailbox, "company_id": cls.companies[0].id})
        domains = cls.env["mail.routing.domain"].create(
            [{"name": f"d{n}.example", "company_id": company.id} for n, company in enumerate(cls.companies)]
        )
        for company, domain in zip(cls.companies, domains, strict=True):
            company.write(
                {
                    "mail_domain_id": domain.id,
                    "mail_from_by_company": True,
                    "mail_reply_to_by_company": True,
                    "mail_reply_to_prefix": "info",
                    "mail_server_by_alias_domain": True,
                }
            )
        cls.records = cls.env["res.partner"].create([{"name": c.name, "company_id": c.id} for c in cls.companies])

    def create_mails(self, count, companies):
        """Create mails of one author, each about a record of the next of so many companies."""
        author = self.user_employee.partner_id
        return self.env["mail.mail"].create(
            [
                {
                    "author_id": author.id,
                    "auto_delete": False,
                    "body_html": "<p>Order</p>",
                    "email_from": author.email_formatted,
                    "email_to": f"customer{number}@elsewhere.example",
                    "model": "res.partner",
                    "reply_to": author.email_formatted,
                    "res_id": self.records[number % companies].id,
                }
                for number in range(count)
            ]
        )

    def queries(self, mails):
        """Send the mails from a cold cache, to nowhere; return the number of queries."""
        mails.write({"state": "outgoing"})
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with patch("smtplib.SMTP") as smtp, for_real, counted_queries(self.env) as queries:
            self.env["mail.mail"].browse(mails.ids).send()
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual(smtp.call_count, 1)
        return queries.count

    def compare(self, count, companies):
        """Return how many more queries than stock Odoo it takes to send so many mails of so many companies.

        Those that are saved with each mail are not in it.
        """
        mails = self.create_mails(count, companies)
        # what is remembered from send to send
        self.queries(mails[:1])
        with without_the_addon(self.registry):
            self.queries(mails[:1])
            stock = self.queries(mails)
        return self.queries(mails) - stock + READ_TOGETHER * (count - 1)

    def test_the_number_of_mails_adds_nothing(self):
        self.assertEqual([self.compare(count, 20) for count in (10, 100, 1000)], [CONSTANT] * 3)

    def test_a_token_for_each_mail_adds_nothing(self):
        self.mailbox.reply_token = True
        self.assertEqual([self.compare(count, 20) for count in (10, 100)], [CONSTANT] * 2)

    def test_the_number_of_companies_adds_nothing(self):
        self.assertEqual([self.compare(200, companies) for companies in (1, 20, 200)], [CONSTANT] * 3)


@tagged("post_install", "-at_install")
class TestQueriesOfAuthors(MailCommon):
    """A thousand colleagues write: whatever is set up, who they are costs a constant number of queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        box = {"smtp_host": "localhost", "smtp_user": "box@d0.example"}
        cls.server = cls.env["ir.mail_server"].create({"name": "Shared", **box})
        authors = cls.env["res.partner"].create(
            [{"name": f"Author {n}", "email": f"author{n}@d{n % 50}.example"} for n in range(1000)]
        )
        cls.mails = cls.env["mail.mail"].create(
            [
                {
                    "author_id": author.id,
                    "auto_delete": False,
                    "body_html": "<p>Order</p>",
                    "email_from": author.email_formatted,
                    "email_to": "customer@elsewhere.example",
                }
                for author in authors
            ]
        )

    def send(self, mails):
        """Send the mails from a cold cache, to nowhere; return (queries, sessions)."""
        mails.write({"state": "outgoing"})
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with patch("smtplib.SMTP") as smtp, for_real, counted_queries(self.env) as queries:
            self.env["mail.mail"].browse(mails.ids).send()
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        return queries.count, smtp.call_count

    def more(self, count, most_sessions):
        """Return how many more queries than stock Odoo it takes to send the mails of so many authors."""
        mails = self.mails[:count]
        # what is done once, for each mail or for all
        self.send(mails)
        with without_the_addon(self.registry):
            self.send(mails)
            stock, _sessions = self.send(mails)
        queries, sessions = self.send(mails)
        self.assertLessEqual(sessions, most_sessions)
        return queries - stock

    def check(self, constant, most_sessions=1, saved=READ_TOGETHER):
        counts = (1, 10, 100, 1000)
        more = [self.more(count, most_sessions) + saved * (count - 1) for count in counts]
        self.assertEqual(more, [constant] * 4)

    def test_only_restrict_username(self):
        self.env.company.mail_restrict_username = True
        self.check(5)

    def test_only_a_sender_policy(self):
        self.server.sender_policy = "on_behalf"
        self.check(5)

    def test_only_catch_all_off(self):
        self.env.company.mail_catchall_supported = False
        self.check(6)

    def test_alias_domains(self):
        domains = [{"name": f"d{n}.example", "company_id": self.env.company.id} for n in range(50)]
        self.env.company.mail_domain_id = self.env["mail.routing.domain"].create(domains)[0]
        self.env.company.mail_from_by_company = True
        self.check(6)

    def test_servers_by_company(self):
        self.server.company_id = self.env.company
        self.check(4)

    def test_from_filtering(self):
        """Odoo's own way to tell servers apart, and one option that gives the addon work to do."""
        values = [{"from_filter": f"d{n}.example"} for n in range(1, 50)]
        box = {"name": "More", "smtp_host": "localhost", "smtp_user": "box@d0.example", "sequence": 20}
        self.env["ir.mail_server"].create([{**box, **more} for more in values])
        self.env.company.mail_restrict_username = True
        self.check(5, most_sessions=50)

    def test_from_filtering_alone_is_left_to_odoo(self):
        self.server.from_filter = "d0.example"
        self.check(0, most_sessions=1000, saved=0)
