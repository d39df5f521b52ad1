from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CUSTOMER, USERNAME, StrictMailCase
from ..queries import counted_queries

MUTED = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


@tagged("post_install", "-at_install")
class TestRestrictUsername(StrictMailCase):
    """My provider refuses every sender but the mailbox I log in with."""

    def create_mails_of_100_authors(self):
        return self.env["mail.mail"].concat(
            *(self.create_mail(f'"作者 {i}, Co." <author{i}@corp.example>') for i in range(100))
        )

    def check_wording(self, wording, **server):
        """Nothing leaves with the author kept; all leave with the box ticked, in one session."""
        mails = self.create_mails_of_100_authors()
        with self.strict_server(wording, **server) as strict:
            self.server.sender_policy = "keep"
            with mute_logger(*MUTED):
                mails.send()
            self.assertEqual(set(mails.mapped("state")), {"exception"})
            self.assertFalse(strict.mails)

            self.server.sender_policy = "auto"
            self.company.mail_restrict_username = True
            mails.action_retry()
            sessions, logins = strict.sessions, len(strict.logins)
            mails.send()
            self.assertEqual(set(mails.mapped("state")), {"sent"})
            self.assertEqual(len(strict.mails), 100)
            self.assertEqual((strict.sessions - sessions, len(strict.logins) - logins), (1, 1))
            for stored in strict.mails:
                self.assert_only_own_sender(stored)
            senders = {self.from_header(stored) for stored in strict.mails}
            self.assertEqual(senders, {f'"作者 {i}, Co." <{USERNAME}>' for i in range(100)})

    def test_tencent_refuses_and_then_delivers(self):
        self.check_wording("tencent")

    def test_netease_refuses_and_then_delivers(self):
        self.check_wording("netease", tls="ssl")

    def test_postfix_refuses_and_then_delivers(self):
        self.check_wording("postfix", tls="starttls")

    def test_a_header_checker_refuses_and_then_delivers(self):
        self.check_wording("header")

    def test_reply_to_stays_untouched(self):
        self.company.mail_restrict_username = True
        with self.strict_server():
            self.create_mail(reply_to='"Sales" <sales@corp.example>').send()
        self.assertEqual(str(self.last_mail().message["Reply-To"]), "Sales <sales@corp.example>")

    def test_the_chatter_keeps_the_author(self):
        self.company.mail_restrict_username = True
        mail = self.create_mail()
        with self.strict_server():
            mail.send()
        self.assertEqual(mail.mail_message_id.email_from, '"Zhi" <zhi@corp.example>')

    def test_the_servers_own_policy_needs_no_tick(self):
        with self.strict_server():
            self.server.sender_policy = "username"
            self.create_mail().send()
        self.assert_only_own_sender(self.last_mail())

    def test_the_servers_own_policy_overrules_the_tick(self):
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            self.server.sender_policy = "keep"
            self.create_mail().send()
        self.assertEqual(self.from_header(self.last_mail()), '"Zhi" <notifications@test.com>')
        self.assertEqual(self.last_mail().mail_from, "bounce.test@test.com")

    def test_on_behalf_names_author_and_sender(self):
        with self.strict_server("postfix"):
            self.server.sender_policy = "on_behalf"
            self.create_mail('"陈 志, Sales" <zhi@corp.example>').send()
        stored = self.last_mail()
        self.assertEqual(self.from_header(stored), '"陈 志, Sales" <zhi@corp.example>')
        self.assertEqual(stored.message["Sender"], USERNAME)
        self.assertEqual(stored.mail_from, USERNAME)
        self.assertEqual(stored.message["Return-Path"], USERNAME)

    def test_on_behalf_puts_the_author_back_that_core_replaces(self):
        """Core would send as notifications@, the default sender in the system parameters."""
        with self.strict_server("postfix"):
            self.server.sender_policy = "on_behalf"
            self.create_mail().send()
        self.assertEqual(self.from_header(self.last_mail()), '"Zhi" <zhi@corp.example>')

    def test_a_from_filter_does_not_bring_the_bounce_address_back(self):
        self.company.mail_restrict_username = True
        with self.strict_server():
            self.server.from_filter = self.alias_domain
            self.create_mail(f"zhi@{self.alias_domain}").send()
        self.assert_only_own_sender(self.last_mail())

    def test_a_username_that_is_no_address_sends_as_its_sender_address(self):
        with self.strict_server("tencent", login="kevin", address=USERNAME):
            self.server.write({"sender_address": USERNAME, "sender_policy": "username"})
            self.create_mail().send()
        self.assert_only_own_sender(self.last_mail())

    def test_an_idn_mailbox_sends_in_ascii(self):
        own = "kevin@xn--fsqu00a.cn"
        self.company.mail_restrict_username = True
        with self.strict_server(login=own):
            self.server.smtp_user = "kevin@例子.cn"
            self.create_mail().send()
        self.assert_only_own_sender(self.last_mail(), own)

    def test_one_batch_of_two_companies_goes_two_ways(self):
        """The queue runs in the main company; each mail follows its own."""
        self._activate_multi_company()
        self.company_2.mail_restrict_username = True
        mails = self.create_mail() + self.create_mail(record_company_id=self.company_2.id)
        with self.strict_server("open") as strict:
            mails.send()
        froms = {self.from_header(stored) for stored in strict.mails}
        self.assertEqual(froms, {'"Zhi" <notifications@test.com>', f'"Zhi" <{USERNAME}>'})

    def test_the_records_company_comes_before_the_authors(self):
        self._activate_multi_company()
        self.company_2.mail_restrict_username = True
        self.customer.company_id = self.company_2
        with self.strict_server():
            self.create_mail(model="res.partner", res_id=self.customer.id).send()
        self.assert_only_own_sender(self.last_mail())

    def test_a_message_remembers_the_company_it_was_written_in(self):
        self._activate_multi_company()
        user = self.user_employee_c2
        message = user.partner_id.with_user(user).with_company(self.company_2).sudo().message_post(body="Hi")
        self.assertEqual(message.record_company_id, self.company_2)

    def count_queries(self, function):
        """Return how many queries a call takes with cold record caches."""
        with counted_queries(self.env) as queries:
            function()
        return queries.count

    def test_queries_do_not_grow_with_the_mails(self):
        """Deciding for 100 mails takes as many queries as deciding for one."""
        self.company.write({"mail_restrict_username": True, "mail_catchall_supported": False})
        mails = self.create_mails_of_100_authors()
        routing = self.env["mail.routing"]

        def decide(batch):
            return self.count_queries(lambda: routing._decide(batch, routing._config_server()))

        decide(mails)
        self.assertEqual(decide(mails), decide(mails[:1]))

    def test_queries_for_the_table_do_not_grow_with_its_rows(self):
        """Twenty more companies, servers and mailboxes cost no query, nor does a second look."""

        def build():
            self.env.registry._clear_cache()
            return self.count_queries(self.env["mail.routing"]._routing_table)

        def add(number):
            for i in range(number):
                self.env["res.company"].create({"name": f"Company {i} of {number}"})
                self.env["ir.mail_server"].create({"name": "S", "smtp_host": "localhost", "smtp_user": USERNAME})
                self.fetched_mailbox(f"box{i}@strict.example")

        add(1)
        few = build()
        add(20)
        self.assertEqual(build(), few)
        self.assertEqual(self.count_queries(self.env["mail.routing"]._routing_table), 0)

    def test_a_changed_row_drops_the_table(self):
        table = self.env["mail.routing"]._routing_table
        server = self.env["ir.mail_server"].create({"name": "S", "smtp_host": "localhost", "smtp_user": USERNAME})
        self.assertEqual(table().servers[server.id].login, USERNAME)
        server.smtp_user = "other@strict.example"
        self.assertEqual(table().servers[server.id].login, "other@strict.example")
        mailbox = self.fetched_mailbox("box@strict.example")
        self.assertEqual([box.email for box in table().mailboxes], ["box@strict.example"])
        mailbox.unlink()
        self.assertFalse(table().mailboxes)
        self.company.mail_restrict_username = True
        self.assertTrue(table().companies[self.company.id].restrict_username)
        self.assertNotIn("secret", repr(table()))

    def test_a_change_is_nobody_elses_until_it_is_committed(self):
        """In a server of threads all share the caches: nobody sends through what may yet be rolled back."""
        server = self.env["ir.mail_server"].create({"name": "S", "smtp_host": "localhost"})
        routing = self.env["mail.routing"]
        self.assertIn(server.id, routing._routing_table().servers)
        with self.registry.cursor() as cr:
            others = routing.with_env(self.env(cr=cr))
            old = others._routing_table()
            self.assertNotIn(server.id, old.servers)
            self.assertIn(server.id, routing._routing_table().servers)
            # what a commit does
            self.cr.postcommit.run()
            self.assertIsNot(others._routing_table(), old)

    def test_a_fetch_leaves_the_table_alone(self):
        mailbox = self.fetched_mailbox("box@strict.example")
        table = self.env["mail.routing"]._routing_table()
        mailbox.date = "2024-01-01"
        self.assertIs(self.env["mail.routing"]._routing_table(), table)

    def test_recipients_stay_the_same(self):
        self.company.mail_restrict_username = True
        with self.strict_server():
            self.create_mail(email_cc="Copy <copy@elsewhere.example>").send()
        self.assertEqual(set(self.last_mail().rcpt_tos), {CUSTOMER, "copy@elsewhere.example"})
