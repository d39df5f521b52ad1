from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...dev.strict_server import Account
from ..common import CUSTOMER, StrictMailCase, mailboxes

MUTED = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class CompaniesCase(StrictMailCase):
    """A trading group: A sends from a.example, B from b.example and c.example; zy works for both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a = cls.company
        cls.company_b = cls.env["res.company"].create({"name": "B Trading", "email": "office@b.example"})
        domains = cls.env["mail.routing.domain"]
        cls.domain_a = domains.create({"name": "a.example", "company_id": cls.company_a.id})
        cls.domain_b = domains.create({"name": "b.example", "company_id": cls.company_b.id})
        cls.domain_c = domains.create({"name": "c.example", "company_id": cls.company_b.id})
        cls.company_a.mail_domain_id = cls.domain_a
        cls.company_b.mail_domain_id = cls.domain_b
        cls.zy = cls.user_employee
        cls.zy.write({"name": "ZY", "email": "zy@a.example", "company_ids": [(4, cls.company_b.id)]})
        cls.record_a = cls.customer.create({"name": "Customer A", "email": CUSTOMER, "company_id": cls.company_a.id})
        cls.record_b = cls.customer.create({"name": "Customer B", "email": CUSTOMER, "company_id": cls.company_b.id})

    @contextmanager
    def servers(self, **wordings):
        """Run one strict server with an account box@<name>.example for each wording, and a server record for each."""
        accounts = [Account(f"box@{name}.example", "secret", wording=wording) for name, wording in wordings.items()]
        with self.strict_accounts(*accounts) as strict:
            self.server_of = {
                name: self.create_server(strict, f"box@{name}.example", company_id=self.company_of(name).id)
                for name in wordings
            }
            yield strict

    def company_of(self, name):
        """Return the company whose mails leave through box@<name>.example."""
        return {"a": self.company_a, "b": self.company_b, "c": self.company_b}.get(name, self.env["res.company"])

    def mail(self, record, author='"ZY" <zy@a.example>', **values):
        """Create the mail that ZY writes about a record."""
        values = {"author_id": self.zy.partner_id.id, **values}
        return self.create_mail(author, model=record._name, res_id=record.id, **values)

    def identity(self, company, email):
        return self.env["mail.sender.identity"].create(
            {"user_id": self.zy.id, "company_id": company.id, "email": email}
        )

    def sent(self, count=1):
        """Return (login, From, Sender, envelope, Reply-To) of each mail that arrived, addresses only."""
        self.assertEqual(len(self.strict.mails), count, f"refused: {self.strict.refusals}")
        return [
            (
                stored.login,
                *(
                    ", ".join(email for _name, email in mailboxes(stored, name)) if name in stored.message else ""
                    for name in ("From", "Sender")
                ),
                stored.mail_from,
                ", ".join(email for _name, email in mailboxes(stored, "Reply-To")),
            )
            for stored in self.strict.mails
        ]


@tagged("post_install", "-at_install")
class TestSituations(CompaniesCase):
    """The five situations of the guide that this addon follows."""

    def test_one_shared_mailbox_on_behalf(self):
        """Both companies send through one account, which may send on behalf of its users."""
        with self.servers(shared="postfix"):
            self.server_of["shared"].sender_policy = "on_behalf"
            (self.mail(self.record_a) + self.mail(self.record_b, "zy@b.example")).send()
        box = "box@shared.example"
        self.assertEqual(
            set(self.sent(2)),
            {
                (box, "zy@a.example", box, box, "catchall@a.example"),
                (box, "zy@b.example", box, box, "catchall@b.example"),
            },
        )

    def test_a_strict_mailbox_without_catchall(self):
        """The provider takes its own mailbox only, and delivers no catchall."""
        self.company_a.write({"mail_restrict_username": True, "mail_catchall_supported": False})
        self.fetched_mailbox("box@a.example", company_id=self.company_a.id)
        with self.servers(a="tencent"):
            self.mail(self.record_a).send()
        box = "box@a.example"
        self.assertEqual(self.sent(), [(box, box, "", box, box)])

    def test_two_companies_with_their_own_servers_and_reply_addresses(self):
        self.company_a.write({"mail_restrict_username": True, "mail_reply_to_by_company": True})
        self.company_a.mail_reply_to_prefix = "info"
        self.company_b.write({"mail_from_by_company": True, "mail_reply_to_by_company": True})
        self.company_b.mail_reply_to_prefix = "service"
        with self.servers(a="tencent", b="open"):
            (self.mail(self.record_a) + self.mail(self.record_b, '"ZY" <zy@gmail.example>')).send()
        self.assertEqual(
            set(self.sent(2)),
            {
                ("box@a.example", "box@a.example", "", "box@a.example", "info@a.example"),
                ("box@b.example", "zy@b.example", "", "bounce@b.example", "service@b.example"),
            },
        )

    def test_an_address_in_a_second_domain_of_the_company(self):
        """zy@c.example is B's second domain; it leaves through B's server."""
        self.company_b.mail_server_by_alias_domain = True
        self.identity(self.company_b, "zy@c.example")
        with self.servers(a="open", b="open"):
            self.mail(self.record_b).send()
        self.assertEqual(self.sent(), [("box@b.example", "zy@c.example", "", "bounce@b.example", "catchall@b.example")])

    def test_the_same_with_replies_moved_to_another_domain(self):
        other = self.env["mail.routing.domain"].create({"name": "r.example", "company_id": self.company_b.id})
        self.domain_c.reply_to_domain_id = other
        self.company_b.mail_server_by_alias_domain = True
        self.identity(self.company_b, "zy@c.example")
        with self.servers(a="open", b="open"):
            self.mail(self.record_b).send()
        self.assertEqual(self.sent(), [("box@b.example", "zy@c.example", "", "bounce@b.example", "catchall@r.example")])


@tagged("post_install", "-at_install")
class TestCompanies(CompaniesCase):
    """Every company sends through its own servers, whoever runs the queue."""

    def test_the_company_of_the_record_picks_server_and_identity(self):
        self.identity(self.company_a, "zy@a.example")
        self.identity(self.company_b, "zy@b.example")
        mails = self.mail(self.record_a) + self.mail(self.record_b)
        with self.servers(a="open", b="open"):
            self.env["mail.mail"].browse(mails.ids).send()
        self.assertEqual(
            {(row[0], row[1]) for row in self.sent(2)},
            {
                ("box@a.example", "zy@a.example"),
                ("box@b.example", "zy@b.example"),
            },
        )

    def test_a_company_without_a_server_fails_and_says_so(self):
        mail = self.mail(self.record_a)
        with self.servers(b="open"), mute_logger(*MUTED):
            mail.send()
            self.assertFalse(self.strict.mails)
        self.assertEqual(mail.state, "exception")
        self.assertIn(self.company_a.name, mail.failure_reason)
        self.assertIn("outgoing mail server", mail.failure_reason)

    def test_a_name_that_breaks_an_address_is_refused_when_it_is_sent(self):
        """The form refuses it; it came by a script that writes into the database."""
        self.company_a.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "info"})
        self.env.flush_all()
        places = [("res_company", "mail_reply_to_prefix", self.company_a)]
        places += [("mail_routing_domain", "bounce_alias", self.domain_a)]
        with self.servers(a="open"), mute_logger(*MUTED):
            for table, column, record in places:
                for bad in ("in\x07fo", "info@x.example", "info\nBcc: x@y.example"):
                    with self.subTest(f"{column} {bad!r}"):
                        self._write_sql(table, column, record, bad)
                        mail = self.mail(self.record_a)
                        mail.send()
                        self.assertFalse(self.strict.mails)
                        words = f"^{self.company_a.name} has an address that no mail can carry"
                        self.assertRegex(mail.failure_info, words)
                        self.assertEqual(mail.action_open_setting()["res_id"], self.company_a.id)
                self._write_sql(table, column, record, "info")

    def _write_sql(self, table, column, record, value):
        self.env.cr.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, record.id])
        self.env.invalidate_all()
        self.env.registry.clear_caches()

    def test_retry_goes_out_the_new_way(self):
        mail = self.mail(self.record_a)
        with self.servers(b="open"), mute_logger(*MUTED):
            mail.send()
            self.create_server(self.strict, "box@b.example", company_id=False)
            mail.action_retry()
            mail.send()
        self.assertEqual(mail.state, "sent")

    def test_the_caller_who_wants_an_error_gets_it(self):
        mail = self.mail(self.record_a)
        with self.servers(b="open"), mute_logger(*MUTED), self.assertRaisesRegex(MailDeliveryException, "no outgoing"):
            mail.send(raise_exception=True)

    def test_one_failing_company_does_not_hold_up_the_others(self):
        mails = self.mail(self.record_a) + self.mail(self.record_b, "zy@b.example")
        with self.servers(b="open"), mute_logger(*MUTED):
            mails.send()
        self.assertEqual(mails.mapped("state"), ["exception", "sent"])

    def test_a_forced_server_of_another_company_fails_by_name(self):
        with self.servers(a="open", b="open"), mute_logger(*MUTED):
            mail = self.mail(self.record_a, mail_server_id=self.server_of["b"].id)
            mail.send()
            self.assertFalse(self.strict.mails)
        self.assertIn("B Trading", mail.failure_reason)

    def test_code_without_a_mail_uses_the_current_companys_server(self):
        with self.servers(a="open", b="open"):
            servers = self.env["ir.mail_server"].with_company(self.company_b)
            servers.send_email(servers.build_email("zy@b.example", [CUSTOMER], "Direct", "Body"))
        self.assertEqual(self.last_mail().login, "box@b.example")

    def test_a_mixed_batch_of_20_companies_goes_out_right_mail_by_mail(self):
        """A thousand mails in any order, sent by the queue in the main company."""
        companies = self.env["res.company"].create([{"name": f"Company {i}"} for i in range(20)])
        domains = self.env["mail.routing.domain"].create(
            [{"name": f"d{i}.example", "company_id": company.id} for i, company in enumerate(companies)]
        )
        for company, domain in zip(companies, domains, strict=True):
            company.mail_domain_id = domain
        mails = self.env["mail.mail"].create(
            [
                {
                    "email_from": f'"Author {i}" <author{i}@d{i % 20}.example>',
                    "email_to": CUSTOMER,
                    "subject": str(i % 20),
                    "body_html": "<p>Hi</p>",
                    "record_company_id": companies[i % 20].id,
                }
                for i in range(1000)
            ]
        )
        accounts = [Account(f"box@d{i}.example", "secret", wording="open") for i in range(20)]
        with self.strict_accounts(*accounts) as strict:
            for i, company in enumerate(companies):
                self.create_server(strict, f"box@d{i}.example", company_id=company.id)
            mails.send()
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        self.assertEqual((len(strict.mails), strict.sessions), (1000, 20))
        for stored in strict.mails:
            number = stored.message["Subject"]
            self.assertEqual(stored.login, f"box@d{number}.example")
            self.assertEqual(stored.mail_from, f"bounce@d{number}.example")
            self.assertEqual(mailboxes(stored, "Reply-To")[0][1], f"catchall@d{number}.example")
            self.assertTrue(mailboxes(stored, "From")[0][1].endswith(f"@d{number}.example"))

    def test_system_mails_follow_the_users_company(self):
        """A password reset of a user of B leaves as B, though OdooBot sends it."""
        if not hasattr(self.env["res.users"], "action_reset_password"):
            self.skipTest("The module auth_signup is not installed.")
        self.domain_b.default_from = "notifications"
        self.company_b.mail_from_by_company = True
        self.zy.company_id = self.company_b
        with self.servers(a="open", b="open"):
            self.zy.with_context(create_user=False).action_reset_password()
        [(login, header_from, _sender, envelope, _reply_to)] = self.sent()
        self.assertEqual((login, envelope), ("box@b.example", "bounce@b.example"))
        self.assertTrue(header_from.endswith("@b.example"), header_from)

    def test_a_digest_follows_its_users_company(self):
        """The cron sends the digests of all companies in the main one; the users' defaults decide."""
        if "digest.digest" not in self.env:
            self.skipTest("The module digest is not installed.")
        self.domain_b.default_from = "notifications"
        self.company_b.mail_from_by_company = True
        self.zy.company_id = self.company_b
        digest = self.env["digest.digest"].create({"name": "Weekly", "user_ids": [(6, 0, self.zy.ids)]})
        with self.servers(a="open", b="open"):
            digest.with_company(self.company_a).action_send_manual()
            self.env["mail.mail"].process_email_queue()
        [(login, header_from, _sender, envelope, _reply_to)] = self.sent()
        self.assertEqual((login, envelope), ("box@b.example", "bounce@b.example"))
        self.assertTrue(header_from.endswith("@b.example"), header_from)

    def test_the_chatter_asks_for_replies_at_the_companys_address(self):
        message = self.record_b.with_company(self.company_a).message_post(body="Hi", message_type="comment")
        self.assertIn("catchall@b.example", message.reply_to)

    def test_the_context_tells_nobody_the_parameters(self):
        """Whoever may not read system parameters learns no domain by the context key either."""
        parameters = self.env["ir.config_parameter"].with_context(mail_company_routing_domain_id=self.domain_b.id)
        self.assertEqual(parameters.get_param("mail.catchall.domain"), "b.example")
        self.assertEqual(parameters.get_param("mail.other", "kept"), "kept")
        with self.assertRaises(AccessError):
            parameters.with_user(self.user_employee).sudo(False).get_param("mail.catchall.domain")

    def test_a_callers_context_moves_no_replies(self):
        record = self.record_a.with_context(mail_company_routing_domain_id=self.domain_b.id)
        self.assertIn("catchall@a.example", record._notify_get_reply_to()[record.id])

    def test_each_company_shows_its_own_catchall(self):
        self.assertEqual(
            (self.company_a + self.company_b).mapped("catchall_email"),
            [
                "catchall@a.example",
                "catchall@b.example",
            ],
        )
