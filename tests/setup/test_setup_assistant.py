from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CUSTOMER
from .common_setup import BOX_A, BOX_B, PUBLIC, SetupCase


@tagged("post_install", "-at_install")
class TestSetupAssistant(SetupCase):
    """I type an address and a password, and mail works."""

    def test_the_provider_is_found_and_fills_in_the_rest(self):
        with self.internet():
            setup = self.assistant()
            self.assertEqual(setup.provider_id, self.provider)
            self.assertEqual((setup.smtp_host, setup.smtp_port), (self.strict.host, self.strict.port))
            self.assertEqual((setup.sender_policy, setup.own_domain, setup.catch_all), ("username", True, False))
            self.assertIn("a.example is at Loopback", setup.provider_found)
            self.assertIn("Switch on IMAP/SMTP", setup.provider_help)

    def test_an_unknown_provider_is_said_to_be_one(self):
        with self.internet():
            form = Form(self.env["mail.routing.setup"])
            form.email = "box@nowhere.example"
            self.assertFalse(form.provider_id)
            self.assertIn("no provider of nowhere.example", form.provider_found)
            self.assertEqual((form.smtp_host, form.incoming_host), ("smtp.nowhere.example", "imap.nowhere.example"))

    def test_what_is_typed_below_outlives_a_change_of_the_name(self):
        with self.internet():
            form = Form(self.env["mail.routing.setup"])
            form.email = "bx@a.example"
            form.smtp_host = "relay.a.example"
            form.email = BOX_A
            self.assertEqual(form.smtp_host, "relay.a.example")

    def test_ports_follow_the_encryption_unless_they_are_ones_own(self):
        with self.internet():
            form = Form(self.env["mail.routing.setup"])
            form.email = "box@nowhere.example"
            for encryption, port in (("starttls", 587), ("ssl", 465), ("none", 25)):
                form.smtp_encryption = encryption
                self.assertEqual(form.smtp_port, port)
            form.incoming_ssl = False
            self.assertEqual(form.incoming_port, 143)
            form.incoming_type = "pop"
            form.incoming_ssl = True
            self.assertEqual(form.incoming_port, 995)
            form.smtp_port, form.incoming_port = 2525, 2110
            form.smtp_encryption, form.incoming_ssl = "starttls", False
            self.assertEqual((form.smtp_port, form.incoming_port), (2525, 2110))

    def test_a_missing_dnspython_is_named(self):
        resolver = self.env["mail.routing"]._resolver()
        resolver.available = False
        with self.internet(dns=False), patch.object(self.registry["mail.routing"], "_resolver", lambda _self: resolver):
            form = Form(self.env["mail.routing.setup"])
            form.email = BOX_A
            self.assertIn("dnspython is not installed", form.provider_found)

    def test_everything_is_made_and_paired(self):
        with self.internet():
            setup = self.set_up()
            self.assertEqual(setup.state, "done", setup.result)
        domain, server, box = self.records()
        self.assertEqual((domain.name, domain.company_id), ("a.example", self.company))
        self.assertEqual((server.company_id, server.smtp_user, server.smtp_pass), (self.company, BOX_A, "secret"))
        self.assertEqual((server.fetchmail_server_id, server.limit_per_day), (box, 500))
        self.assertEqual((box.company_id, box.state, box.password), (self.company, "done", "secret"))
        self.assertEqual(self.company.mail_domain_id, domain)
        self.assertFalse(self.company.mail_catchall_supported)
        self.assertTrue(self.company.mail_restrict_username)
        for words in ("Sending", f'"Author Name" <{BOX_A}>', f"Odoo fetches the mails to {BOX_A}", "Replies go to"):
            self.assertIn(words.replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;"), setup.result)

    def test_a_mail_leaves_and_its_answer_comes_back(self):
        """From nothing to an answer on the company's contact."""
        with self.internet():
            setup = self.set_up()
            self.assertEqual(setup.try_email, CUSTOMER)
            setup.action_send()
            self.assertEqual(setup.try_state, "sent", setup.try_result)
            mail = self.strict.mails[-1]
            self.assertEqual((mail.mail_from, mail.rcpt_tos), (BOX_A, (CUSTOMER,)))
            self.fetch_answer(setup)
            self.assertEqual(setup.try_state, "sent")
            self.assertIn("No answer has come yet", setup.try_result)
            self.answer_newest()
            self.fetch_answer(setup)
        self.assertEqual(setup.try_state, "answered", setup.try_result)
        answer = self.company.partner_id.message_ids[0]
        self.assertEqual((answer.subject, answer.record_company_id), ("Re: Company mail is set up", self.company))

    def test_an_older_server_that_mails_leave_through_is_named(self):
        """The company has a server already, which comes first: I read that the new one is of no use yet."""
        with self.internet():
            old = self.env["ir.mail_server"].create(
                {
                    "name": "Old SMTP",
                    "smtp_host": self.strict.host,
                    "smtp_port": self.strict.port,
                    "smtp_user": BOX_B,
                    "smtp_pass": "secret",
                    "sequence": 1,
                    "company_id": self.company.id,
                }
            )
            setup = self.set_up()
            setup.action_send()
            self.assertIn("It left through &#34;Old SMTP&#34;, which comes before", setup.try_result)
            old.active = False
            setup.action_send()
            self.assertNotIn("Old SMTP", setup.try_result)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_an_answer_that_found_no_place(self):
        """The provider replaced what identifies the answer: I read where it is, and why."""
        with self.internet():
            setup = self.set_up()
            setup.action_send()
            setup.fetchmail_server_id.object_id = False
            self.answer_newest(References="<1@elsewhere.example>", **{"In-Reply-To": "<1@elsewhere.example>"})
            self.fetch_answer(setup)
        kept = self.env["mail.unrouted.message"].search([("fetchmail_server_id", "=", setup.fetchmail_server_id.id)])
        self.assertEqual(setup.try_state, "sent")
        self.assertIn("is among the Unrouted Mails", setup.try_result)
        self.assertIn(kept.reason.partition(".")[0], setup.try_result)

    def fetch_answer(self, setup):
        with self.process() as env:
            setup.with_env(env).action_fetch()
        setup.invalidate_recordset()

    def test_a_mailbox_at_a_public_provider_gets_no_alias_domain(self):
        """mail.example belongs to everybody; answers come to the mailbox itself."""
        with self.internet():
            setup = self.set_up(PUBLIC)
            self.assertEqual(setup.state, "done", setup.result)
            setup.action_send()
            self.assertEqual(str(self.strict.mails[-1].message["Reply-To"]).partition("<")[2] or PUBLIC, f"{PUBLIC}>")
            self.answer_newest()
            self.fetch_answer(setup)
        self.assertEqual(setup.try_state, "answered", setup.try_result)
        domain, server, box = self.records()
        self.assertFalse(domain + self.company.mail_domain_id)
        self.assertEqual((server.smtp_user, box.user), (PUBLIC, PUBLIC))
        self.assertFalse(self.company.mail_catchall_supported)

    def test_strangers_at_a_public_provider_stay_strangers(self):
        """A customer with an address in the same public domain is notified, and no colleague."""
        with self.internet(logins=(BOX_A, PUBLIC)):
            self.set_up(PUBLIC)
            table = self.env["mail.routing"]._routing_table()
        self.assertFalse(table.own_domain_of("customer@mail.example", self.company.id))

    def test_a_wrong_password_leaves_nothing_behind(self):
        with self.internet():
            setup = self.set_up(password="wrong")
            self.assertEqual(setup.state, "failed")
            self.assertFalse(setup.has_password)
            self.assertIn("refuses the login", setup.result)
            self.assertIn("Switch on IMAP/SMTP", setup.result)
            self.assertFalse(any(self.records()))
            self.assertTrue(self.company.mail_catchall_supported)
            self.assertTrue(self.env["mail.routing"]._routing_table().is_idle)
            setup.password = "secret"
            setup.action_set_up()
            self.assertEqual(setup.state, "done", setup.result)
            self.assertEqual([len(records) for records in self.records()], [1, 1, 1])

    def test_each_door_that_is_shut_is_named(self):
        with self.internet():
            for values, words in (
                ({"smtp_port": 1}, "Check host, port and encryption"),
                ({"smtp_host": "gone.invalid"}, "did not get through"),
                ({"smtp_encryption": "ssl"}, "did not get through"),
                ({"incoming_host": "gone.invalid"}, "No connection to gone.invalid"),
                ({"smtp_host": False}, "Fill in the names of the servers"),
                ({"email": "box"}, "exactly one @"),
                ({"password": False}, "Type the password"),
            ):
                with self.subTest(**values):
                    setup = self.assistant()
                    setup.write(values)
                    setup.action_set_up()
                    self.assertEqual(setup.state, "failed")
                    self.assertIn(words, setup.result)
                    self.assertFalse(any(self.records()))
                    self.assertEqual(setup.has_password, "password" not in values)

    def test_nobody_types_the_password_twice(self):
        """A wrong port says nothing about what I typed; it is gone once it was used."""
        with self.internet():
            setup = self.assistant(smtp_port=1)
            setup.action_set_up()
            self.assertTrue(setup.has_password)
            self.assertFalse(setup.password)
            setup.smtp_port = self.strict.port
            setup.action_set_up()
            self.assertEqual(setup.state, "done", setup.result)
        self.assertEqual(self.records()[1].smtp_pass, "secret")
        self.assertFalse(setup.has_password)
        self.assertFalse(self.env["mail.typed.password"].search([]))

    def test_a_program_error_keeps_the_password(self):
        with self.internet(), mute_logger("odoo.addons.mail_company_routing.wizard.mail_routing_setup_check"):
            setup = self.assistant()
            with patch.object(self.registry["mail.routing.setup"], "_make_domain", side_effect=KeyError("oops")):
                setup.action_set_up()
        self.assertIn("KeyError", setup.result)
        self.assertTrue(setup.has_password)

    def test_passwords_are_not_logged(self):
        with self.internet(), self.assertLogs("odoo.addons", level="DEBUG") as logs:
            setup = self.assistant(password="secret-7")
            setup.action_set_up()
            setup.write({"password": "secret-8", "incoming_host": "gone.invalid"})
            setup.action_set_up()
        self.assertFalse([line for line in logs.output if "secret-" in line])

    def test_the_provider_that_refuses_the_author_gets_its_own_username(self):
        """I need not know what a sender policy is."""
        with self.internet("header"):
            setup = self.set_up(sender_policy="keep")
            self.assertEqual(setup.state, "done", setup.result)
        self.assertEqual((setup.sender_policy, self.records()[1].sender_policy), ("username", "username"))
        self.assertTrue(self.company.mail_restrict_username)

    def test_a_provider_that_takes_the_author_keeps_it(self):
        with self.internet("open"):
            setup = self.set_up(sender_policy="keep")
            self.assertEqual(setup.state, "done", setup.result)
        self.assertEqual(self.records()[1].sender_policy, "keep")
        self.assertFalse(self.company.mail_restrict_username)

    def test_again_updates_what_it_made(self):
        with self.internet():
            self.set_up()
            before = self.records()
            before[1].write({"name": "Our server", "sequence": 3})
            form = Form(self.env["mail.routing.setup"])
            self.assertEqual((form.email, form.smtp_port), (BOX_A, self.strict.port))
            again = form.save()
            again.action_set_up()
            self.assertEqual(again.state, "done", again.result)
        self.assertEqual(self.records(), before)
        self.assertEqual((before[1].name, before[1].sequence, before[1].smtp_pass), ("Our server", 3, "secret"))

    def test_again_shows_what_was_typed_then(self):
        """And not what the provider proposes."""
        with self.internet():
            self.set_up()
            _domain, server, box = self.records()
            server.write({"smtp_host": "localhost", "sender_policy": "on_behalf"})
            box.write({"server_type": "pop", "server": "pop.a.example", "port": 1995})
            form = Form(self.env["mail.routing.setup"])
            self.assertEqual(form.provider_id, self.provider)
        self.assertEqual((form.smtp_host, form.sender_policy), ("localhost", "on_behalf"))
        self.assertEqual((form.incoming_type, form.incoming_host, form.incoming_port), ("pop", "pop.a.example", 1995))

    def test_imap_and_pop_have_their_own_hosts(self):
        with self.internet():
            form = Form(self.env["mail.routing.setup"])
            form.email = "kevin@163.com"
            self.assertEqual((form.incoming_host, form.own_domain), ("imap.163.com", False))
            form.incoming_type = "pop"
            self.assertEqual((form.incoming_host, form.incoming_port), ("pop.163.com", 995))
            form.provider_id = self.env.ref("mail_company_routing.mail_provider_exmail_abroad")
            self.assertEqual((form.incoming_type, form.incoming_host), ("imap", "hwimap.exmail.qq.com"))

    def test_a_failure_later_leaves_what_worked(self):
        with self.internet():
            self.set_up()
            setup = self.set_up(password="wrong")
            self.assertEqual(setup.state, "failed")
        _domain, server, box = self.records()
        self.assertEqual((server.smtp_pass, server.active, box.password, box.state), ("secret", True, "secret", "done"))

    def test_a_server_that_nobody_owns_is_taken_over_while_there_is_one_company(self):
        with self.internet():
            values = {"smtp_host": self.strict.host, "smtp_port": self.strict.port, "smtp_user": BOX_A}
            server = self.env["ir.mail_server"].create({"name": "Mine", "active": False, **values})
            several = patch.object(self.registry["mail.routing.setup"], "_is_one_of_several", lambda _self: False)
            with several:
                setup = self.set_up()
            self.assertEqual(setup.state, "done", setup.result)
        self.assertEqual(self.records()[1], server)
        self.assertEqual((server.company_id, server.active), (self.company, True))

    def test_the_second_company_has_its_own(self):
        """And nothing of the first one changes."""
        other = self.env["res.company"].create({"name": "B"})
        self.env.user.company_ids += other
        with self.internet():
            self.set_up()
            before = [records.read() for records in self.records()]
            setup = self.set_up(BOX_B, company=other)
            self.assertEqual(setup.state, "done", setup.result)
            self.assertEqual(setup.company_id, other)
            setup.action_send()
            self.assertEqual(self.strict.mails[-1].mail_from, BOX_B)
            self.assertEqual([len(records) for records in self.records()], [2, 2, 2])
            for rows, records in zip(before, self.records(), strict=True):
                first = records.filtered(lambda record: record.company_id == self.company)
                self.assertEqual(first.read(list(rows[0])), rows)

    def test_another_company_starts_empty(self):
        other = self.env["res.company"].create({"name": "B"})
        self.env.user.write({"company_ids": [(4, other.id)], "groups_id": [(4, self.ref("base.group_multi_company"))]})
        with self.internet():
            self.set_up()
            form = Form(self.env["mail.routing.setup"])
            self.assertEqual(form.email, BOX_A)
            form.company_id = other
            self.assertFalse(form.email or form.provider_id)
            form.email = BOX_B
            form.company_id = self.company
            self.assertEqual(form.email, BOX_A)

    def test_the_mailbox_of_another_company_is_refused_without_its_name(self):
        other = self.env["res.company"].create({"name": "Hidden Trading"})
        self.env.user.company_ids += other
        with self.internet():
            self.set_up(BOX_B, company=other)
            made = self.records()
            for email, words in (
                (BOX_B, "Another company of this database uses"),
                ("new@b.example", "belongs to another"),
            ):
                with self.subTest(email):
                    setup = self.set_up(email)
                    self.assertEqual(setup.state, "failed")
                    self.assertIn(words, setup.result)
                    self.assertNotIn("Hidden", setup.result)
            self.assertEqual(self.records(), made)

    def test_fetching_nothing(self):
        with self.internet():
            setup = self.set_up(incoming_type="none")
            self.assertEqual(setup.state, "done", setup.result)
            self.assertIn("Replies go to the author", setup.result)
        self.assertFalse(self.records()[2])

    def test_the_mailbox_itself_is_no_one_to_write_to(self):
        with self.internet():
            setup = self.set_up()
            setup.try_email = BOX_A
            with self.assertRaisesRegex(UserError, "the mailbox itself"):
                setup.action_send()

    def test_oauth_prepares_the_servers_and_nothing_else(self):
        """Microsoft asks its user first; until then mail goes the way it went."""
        if "microsoft_outlook" not in self.env["ir.module.module"]._installed():
            self.skipTest("The module microsoft_outlook is not installed.")
        form = Form(self.env["mail.routing.setup"])
        form.email = "box@hotmail.com"
        self.assertFalse(form.needs_password)
        self.assertIn("/microsoft_outlook/confirm", form.provider_redirect_uri)
        setup = form.save()
        setup.action_set_up()
        self.assertEqual(setup.state, "connect", setup.result)
        domain, server, box = self.records()
        self.assertFalse(domain)
        self.assertEqual((server.smtp_authentication, server.active), ("outlook", False))
        self.assertEqual((box.server_type, box.active), ("outlook", False))
        self.assertTrue(self.company.mail_catchall_supported)
        self.assertEqual(setup.action_open_server()["res_id"], server.id)
        (server + server).microsoft_outlook_refresh_token = "token"
        box.microsoft_outlook_refresh_token = "token"
        again = Form(self.env["mail.routing.setup"]).save()
        with (
            patch.object(self.registry["ir.mail_server"], "_deliver_test_mail", lambda _self: None),
            patch.object(self.registry["fetchmail.server"], "connect", lambda _self, **_options: None),
        ):
            again.action_set_up()
        self.assertEqual(again.state, "done", again.result)
        self.assertEqual(self.records()[1:], [server, box])
        self.assertTrue(server.active and box.active)

    def test_it_opens_after_the_installation_while_nothing_is_there(self):
        todo = self.env.ref("mail_company_routing.mail_routing_setup_todo")
        todo.state = "done"
        self.env["mail.routing.setup"]._open_after_installation()
        self.assertEqual(todo.state, "open")
        action = self.env["ir.module.module"].next()
        self.assertEqual((action["res_model"], action["target"]), ("mail.routing.setup", "new"))
        # the page is from before the installation: without a reload it would not have the new menus
        setup = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertTrue(setup.is_first)
        self.assertEqual(setup.action_close()["tag"], "reload")
        self.assertFalse(self.env["mail.routing.setup"].create({}).is_first)
        self.assertEqual(todo.state, "done")
        self.env["ir.mail_server"].create({"name": "Mine", "smtp_host": "localhost"})
        self.env["mail.routing.setup"]._open_after_installation()
        self.assertEqual(todo.state, "done")

    def test_who_may_set_up(self):
        user = new_test_user(self.env, "mcr_setup_user", "base.group_user,base.group_erp_manager")
        with self.assertRaises(AccessError):
            self.env["mail.routing.setup"].with_user(user).create({})
        other = self.env["res.company"].create({"name": "B"})
        chief = new_test_user(
            self.env, "mcr_setup_chief", "base.group_user,base.group_system", company_id=self.company.id
        )
        setup = self.env["mail.routing.setup"].with_user(chief).create({"company_id": self.company.id})
        setup.sudo().company_id = other
        with self.assertRaises(AccessError):
            setup.action_set_up()
