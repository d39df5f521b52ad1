from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import USERNAME
from .test_health import HealthCase


@tagged("post_install", "-at_install")
class TestMailAccess(HealthCase):
    """I administer A: the mails of B, their routes and why they failed are not mine to read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mail_a, cls.mail_b = (cls.mail_of(company) for company in cls.companies)

    @classmethod
    def mail_of(cls, company):
        """Create a mail that somebody wrote for a company."""
        env = cls.env(context={"default_record_company_id": company.id})
        return env["mail.mail"].create({"subject": company.name, "email_to": "x@x.example", "email_from": USERNAME})

    def seen(self, user):
        both = self.mail_a + self.mail_b
        both.invalidate_recordset()
        return self.env["mail.mail"].with_user(user).search([("id", "in", both.ids)])

    def test_an_administrator_sees_the_mails_of_its_companies(self):
        self.assertEqual(self.seen(self.chief_a), self.mail_a)
        self.assertEqual(self.seen(self.chief_b), self.mail_b)
        self.assertEqual(self.seen(self.member("both", self.companies)), self.mail_a + self.mail_b)
        theirs = self.mail_b.with_user(self.chief_a)
        for ask in (
            lambda: theirs.read(["failure_reason", "route_trace"]),
            lambda: theirs.write({"state": "cancel"}),
            theirs.unlink,
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_the_company_that_a_mail_left_as_counts(self):
        self.mail_a.route_company_id = self.b
        self.assertFalse(self.seen(self.chief_a))
        self.assertEqual(self.seen(self.chief_b), self.mail_a + self.mail_b)

    def test_sending_notes_the_company(self):
        self.mail_b.send()
        self.assertEqual(self.mail_b.route_company_id, self.b)

    def test_mails_from_before_the_addon_stay_visible(self):
        self.mail_b.mail_message_id.record_company_id = False
        self.assertEqual(self.seen(self.chief_a), self.mail_a + self.mail_b)

    def test_with_nothing_set_up_odoo_shows_all(self):
        self.companies.mail_domain_id = False
        self.env["mail.routing.domain"].search([]).unlink()
        self.servers.unlink()
        self.boxes.unlink()
        self.assertEqual(self.seen(self.chief_a), self.mail_a + self.mail_b)
        self.servers = self.outgoing("box@b.example", self.b)
        self.assertEqual(self.seen(self.chief_a), self.mail_a)

    def test_the_queue_sends_the_mails_of_all_whoever_runs_it(self):
        """The scheduled action may run as the administrator of one company."""
        self.env["mail.mail"].with_user(self.chief_a).process_email_queue()
        self.assertEqual(set((self.mail_a + self.mail_b).mapped("state")), {"sent"})

    def test_an_administrator_writes_and_sends_its_own(self):
        mail = self.env["mail.mail"].with_user(self.chief_a).create({"subject": "Mine", "email_to": "x@x.example"})
        mail.send()
        self.assertEqual(mail.state, "sent")
        self.assertEqual(mail.route_company_id, self.a)
