from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.explain.mail_mail_leak import MailMail
from ...models.explain.mail_routing_checked import MailRoutingChecked
from ...routing.outgoing import decision
from ...routing.outgoing.header import set_address_header
from ...routing.reason import Reason
from ...routing.rows import Server
from ..common_identities import IdentitiesCase

LOGGER = "odoo.addons.mail_company_routing.models.explain.mail_mail_leak"


@tagged("post_install", "-at_install")
class TestLeaks(IdentitiesCase):
    """I read whether any mail left with something of another company, and can rely on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin.write({"company_ids": [(4, cls.company_b.id)]})
        # those of tests that commit
        cls.env["mail.routing.checked"].search([]).unlink()

    def report(self, *companies, days=30):
        """Return the report as an administrator sees it who has switched these companies on."""
        ids = [company.id for company in companies or (self.company_a, self.company_b)]
        env = self.env(user=self.user_admin, context={"allowed_company_ids": ids})
        env.invalidate_all()
        return env["mail.routing.leak.report"].create({"days": days})

    def leaked(self):
        """Return (company, what leaked) of each leak."""
        leaks = self.env["mail.routing.leak"].search([])
        return [(leak.company_id, leak.description) for leak in leaks]

    @contextmanager
    def broken_decision(self):
        """Have each mail leave through another company's server, and nobody object."""

        def choose(table, request):
            other = next(row for row in table.servers.values() if row.company_id != request.company_id)
            return other, request.company_id, Reason.SERVER_OF_COMPANY

        serves = patch.object(Server, "serves", lambda _self, _company_id: True)
        with patch.object(decision, "choose_server", choose), serves, mute_logger(LOGGER):
            yield

    def test_200_normal_mails_of_two_companies_leak_nothing(self):
        mails = self.env["mail.mail"]
        for number in range(100):
            for record, author in ((self.record_a, '"ZY" <zy@a.example>'), (self.record_b, "zy@b.example")):
                mails += self.mail(record, author, auto_delete=bool(number % 2))
        with self.servers(a="open", b="open"):
            mails.send()
        self.assertEqual(len(self.strict.mails), 200)
        report = self.report()
        self.assertEqual((report.checked, report.leaked), (200, 0))
        self.assertIn("None of 200 mails since", report.summary)

    def test_a_broken_decision_is_reported(self):
        """The decision sends A's mails through B's server; the report does not believe it."""
        mails = self.mail(self.record_a, auto_delete=True) + self.mail(self.record_a)
        with self.servers(a="open", b="open"), self.broken_decision():
            mails.send()
        self.assertEqual({stored.login for stored in self.strict.mails}, {"box@b.example"})
        self.assertEqual(self.leaked(), [(self.company_a, "The mail server belongs to B Trading.")] * 2)
        report = self.report()
        self.assertIn("2 of 2 mails since", report.summary)
        leak = report.leak_ids[0]
        self.assertEqual((leak.server_name, leak.subject), ("Strict box@b.example", "Order"))
        self.assertEqual((leak.header_from, leak.email_to), ('"ZY" <zy@a.example>', "customer@elsewhere.example"))

    def test_an_addon_that_changes_the_mail_afterwards_is_reported(self):
        """It writes another company's addresses over ours, as the last one before the mail leaves."""
        model = type(self.env["ir.mail_server"])
        prepare = model._prepare_email_message

        def prepare_and_spoil(self, message, smtp_session):
            _sender, recipients, message = prepare(self, message, smtp_session)
            set_address_header(message, "From", '"作者" <zy@b.example>')
            set_address_header(message, "Reply-To", "catchall@c.example")
            return "bounce@b.example", recipients, message

        spoil = patch.object(model, "_prepare_email_message", prepare_and_spoil)
        with self.servers(a="open", b="open"), spoil, mute_logger(LOGGER):
            self.mail(self.record_a).send()
        [(company, what)] = self.leaked()
        self.assertEqual(company, self.company_a)
        self.assertEqual(
            what.splitlines(),
            [
                "The domain in From belongs to B Trading.",
                "The domain of the envelope sender belongs to B Trading.",
                "The domain in Reply-To belongs to B Trading.",
            ],
        )
        self.assertEqual(self.report().leak_ids.header_from, "作者 <zy@b.example>")

    def test_an_author_who_leads_a_mail_to_another_company_of_his_leaks_nothing(self):
        self.company_a.mail_server_by_alias_domain = True
        (self.identity_a + self.identity_b + self.identity_c).unlink()
        with self.servers(a="open", b="open"):
            self.mail(self.record_a, "zy@b.example").send()
            self.assertEqual(self.last_mail().login, "box@b.example")
            self.assertEqual((self.leaked(), self.report().checked), ([], 1))
            # the same for somebody who is not of that company, by a broken decision
            with self.broken_decision():
                self.mail(self.record_a, "boss@home.example", author_id=self.boss.partner_id.id).send()
        self.assertEqual(len(self.leaked()), 1)

    def test_what_did_not_leave_is_not_counted(self):
        muted = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")
        with self.servers(a="tencent"), mute_logger(*muted):
            self.server_of["a"].sender_policy = "keep"
            (self.mail(self.record_a) + self.mail(self.record_b)).send()
        report = self.report()
        self.assertEqual((report.checked, report.leaked), (0, 0))
        self.assertIn("nothing to check", report.summary)

    def test_looking_at_mails_costs_one_query_for_all(self):
        mails = self.env["mail.mail"].concat(*(self.mail(self.record_a) for _number in range(10)))
        costs = []

        def measured(method):
            def measure(model, *args):
                before = self.env.cr.sql_log_count
                method(model, *args)
                costs.append(self.env.cr.sql_log_count - before)

            return measure

        check = patch.object(MailMail, "_check_left", measured(MailMail._check_left))
        note = patch.object(MailRoutingChecked, "_note", measured(MailRoutingChecked._note))
        with self.servers(a="open", b="open"), check, note:
            mails.send()
        # a savepoint around the one query
        self.assertEqual(costs, [0] * 10 + [3])

    def test_the_days_that_are_over_are_summed_up(self):
        checked = self.env["mail.routing.checked"]
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        rows = [(yesterday, 2), (yesterday, 3), (fields.Date.today(), 4), (fields.Date.subtract(yesterday, years=1), 9)]
        checked.create([{"company_id": self.company_a.id, "date": date, "checked": count} for date, count in rows])
        checked._gc_checked()
        self.assertEqual(sorted(checked.search([]).mapped("checked")), [4, 5])
        self.assertEqual(self.report().checked, 9)
        self.assertEqual(self.report(days=0).checked, 4)

    def test_an_administrator_of_a_sees_the_leaks_of_a_only(self):
        mails = self.mail(self.record_a) + self.mail(self.record_b, "zy@b.example")
        with self.servers(a="open", b="open"), self.broken_decision():
            mails.send()
        self.assertEqual(self.report().leaked, 2)
        report = self.report(self.company_a)
        self.assertEqual((report.leak_ids.company_id, report.checked), (self.company_a, 1))
        self.user_admin.write({"company_id": self.company_a.id, "company_ids": [(6, 0, self.company_a.ids)]})
        of_b = self.env["mail.routing.leak"].search([("company_id", "=", self.company_b.id)])
        self.assertTrue(of_b)
        with self.assertRaises(AccessError):
            of_b.with_user(self.user_admin).read(["subject"])

    def test_an_ordinary_user_sees_none(self):
        for name in ("mail.routing.leak", "mail.routing.checked", "mail.routing.leak.report"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(self.zy).search([])
