import time
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...dev.strict_server.faults import LOGIN, MAIL, RCPT, Fault
from ...routing.probe.dialogue import Dialogue
from ..common import USERNAME
from .common_probe import COLLEAGUE, ProbeCase

REFUSING = ("tencent", "netease", "postfix")


@tagged("post_install", "-at_install")
class TestProbeSenders(ProbeCase):
    """Before I send anything, I see which senders my mail server takes."""

    def test_each_wording_of_a_refusal_is_read_and_the_username_proposed(self):
        for wording in REFUSING:
            with self.subTest(wording), self.provider(wording):
                probe = self.probe()
                self.assertEqual(self.answers(probe), {"own": True, "other": False, "bounce": False, "foreign": False})
                self.assertEqual((probe.policy, probe.set_policy), ("username", True))
                self.assertIn(f">{self.strict.refusals[0].answer[:10]}", probe.senders_html)
                self.assertFalse(self.strict.mails)

    def test_a_server_that_takes_any_sender_may_keep_the_author(self):
        for wording in ("open", "header"):
            with self.subTest(wording), self.provider(wording):
                probe = self.probe()
                self.assertEqual(set(self.answers(probe).values()), {True})
                self.assertEqual((probe.policy, probe.set_policy), ("keep", False))
                self.assertIn("send the test mails", probe.policy_why)

    def test_one_click_applies_it(self):
        with self.provider():
            notification = self.probe().action_apply()
            self.assertEqual(self.server.sender_policy, "username")
            self.assertIn(USERNAME, notification["params"]["message"])
            again = self.probe()
            self.assertFalse(again.changes_policy)

    def test_a_server_that_hangs_up_after_a_refusal_is_asked_to_the_end(self):
        closing = Fault(MAIL, "553 Mail from must equal authorized user", closes=True, after=0)
        with self.provider("open"):
            self.server.sender_policy = "keep"
            self.strict.faults.set(closing)
            facts = self.probe()._read_facts()
        self.assertEqual([row.answer_class for row in facts.asked], ["sender"] * 4)

    def test_too_many_mails_are_no_refusal_of_a_sender_and_end_the_questions(self):
        with self.provider("open"):
            self.strict.faults.set(Fault(MAIL, "450 4.7.1 Error: too much mail, sending rate exceeded"))
            probe = self.probe()
        self.assertEqual(self.answers(probe), {"own": None})
        self.assertFalse(probe.policy or probe.can_send)
        self.assertIn("sending rate exceeded", probe.senders_html)

    def test_a_refused_login_is_no_refusal_of_a_sender(self):
        with self.provider("open"):
            self.strict.faults.set(Fault(LOGIN, "535 5.7.8 Authentication failed"))
            probe = self.probe()
        self.assertEqual(self.answers(probe), {"own": None})
        self.assertIn("Check username and password", probe.senders_html)

    def test_greylisting_of_the_mailbox_is_no_refusal_of_a_sender(self):
        with self.provider("open"):
            self.strict.faults.set(Fault(RCPT, "451 4.7.1 Greylisted, try again later"))
            probe = self.probe()
        self.assertEqual(set(self.answers(probe).values()), {None})
        self.assertFalse(probe.policy)

    def test_unknown_words_are_a_refusal_of_the_sender_if_the_username_passes_in_the_same_place(self):
        with self.provider("open"):
            self.strict.faults.set(Fault(MAIL, "550 5.7.1 No", sender=COLLEAGUE))
            probe = self.probe()
        self.assertEqual(self.answers(probe), {"own": True, "other": False, "bounce": True, "foreign": True})
        self.assertEqual(probe.policy, "username")

    def test_a_reserved_domain_that_gets_no_mail_proves_nothing(self):
        with self.provider("open"):
            refused = "550 5.1.8 <someone@example.com>: Sender address rejected: Domain not found"
            self.strict.faults.set(Fault(MAIL, refused, sender="someone@example.com"))
            probe = self.probe()
        self.assertEqual(self.answers(probe)["foreign"], None)
        self.assertEqual(probe.policy, "keep")

    def test_a_username_that_is_no_address_is_told_to_set_one(self):
        with self.provider(login="kevin"):
            probe = self.probe()
            self.assertFalse(probe.policy or probe.can_send or self.strict.logins)
            self.assertIn("Sender Address", probe.policy_why)
            self.server.sender_address = USERNAME
            self.assertEqual(self.answers(self.probe())["own"], True)

    def test_a_server_that_wants_a_login_is_told_so(self):
        with self.provider(values={"smtp_user": False, "smtp_pass": False}):
            probe = self.probe()
            self.assertEqual(self.answers(probe), {"other": None})
            self.assertIn("530 5.7.0 Authentication required", probe.senders_html)
            self.assertFalse(probe.policy or probe.can_send)

    def test_a_colleague_is_the_other_address(self):
        with self.provider():
            senders = {row.kind: row.address for row in self.probe()._read_facts().asked}
        self.assertEqual(
            senders,
            {
                "own": USERNAME,
                "other": COLLEAGUE,
                "bounce": "bounce@strict.example",
                "foreign": "someone@example.com",
            },
        )


@tagged("post_install", "-at_install")
class TestProbeMails(ProbeCase):
    """A few mails to myself show what the provider does in silence."""

    def test_a_silently_rewritten_from_is_found(self):
        with self.provider("open", rewrites=True):
            probe = self.probe()
            self.send(probe)
            self.assertEqual(self.states(probe)["kept"], "arrived")
            self.assertEqual((probe.policy, probe.set_policy), ("username", True))
            self.assertIn(f"From is now {USERNAME} instead of", probe.mails_html)

    def test_an_author_who_arrives_unchanged_is_kept(self):
        with self.provider("open"):
            probe = self.probe()
            self.send(probe)
            self.assertEqual(probe.policy, "keep")
            self.assertIn("arrived unchanged", probe.policy_why)
            self.assertNotIn("Message-Id was replaced", probe.mails_html)

    def test_a_from_that_is_refused_at_data_leaves_the_username(self):
        with self.provider("header"):
            probe = self.probe()
            self.send(probe)
            states = self.states(probe)
            self.assertEqual([states[kind] for kind in ("kept", "behalf", "plain")], ["sender", "sender", "arrived"])
            self.assertEqual(probe.policy, "username")
            self.assertIn("refuses a mail whose From", probe.policy_why)

    def test_a_server_that_checks_the_envelope_only_may_send_on_behalf(self):
        for wording in REFUSING:
            with self.subTest(wording), self.provider(wording):
                probe = self.probe()
                self.send(probe)
                self.assertEqual(probe.policy, "on_behalf")
                self.assertEqual(self.strict.mails[0].message["Sender"], USERNAME)

    def test_a_replaced_message_id_is_told(self):
        with self.provider("open", new_ids=True):
            probe = self.probe()
            self.send(probe)
            self.assertIn("Message-Id was replaced", probe.mails_html)

    def test_a_provider_that_delivers_every_name_has_a_catch_all(self):
        self.company.mail_catchall_supported = False
        with self.provider("open", catchall=True):
            probe = self.probe()
            self.send(probe)
            self.assertEqual((probe.catchall, probe.sub_addresses), ("on", "on"))
            self.assertTrue(probe.set_catchall and probe.set_sub_addresses)
            probe.action_apply()
            self.assertTrue(self.company.mail_catchall_supported and self.mailbox_server.reply_token)

    def test_a_returned_mail_means_no_catch_all(self):
        with self.provider("open", returns=True, sub_addresses=True):
            probe = self.probe()
            self.send(probe)
            self.assertEqual((probe.catchall, probe.sub_addresses), ("off", "on"))
            self.assertIn("came back", probe.catchall_why)
            self.assertFalse(self.box.unread())

    def test_a_refused_name_means_no_catch_all(self):
        with self.provider("open"):
            probe = self.probe()
            for kind in ("sub", "unknown"):
                to = probe._odd_recipients()[kind]
                self.strict.faults.set(*self.strict.faults, Fault(RCPT, "550 5.1.1 User unknown", recipient=to))
            self.send(probe)
            self.assertEqual((probe.catchall, probe.sub_addresses), ("off", "off"))
            self.assertFalse(probe.set_sub_addresses, "It is off already")
            probe.action_apply()
            self.assertFalse(self.company.mail_catchall_supported)

    def test_a_mail_that_is_late_is_found_by_looking_again(self):
        with self.provider("open", catchall=True, holds=True):
            probe = self.probe()
            self.send(probe)
            self.assertEqual(set(self.states(probe).values()), {"pending"})
            self.assertIn("has not arrived yet", probe.catchall_why)
            self.assertFalse(probe.catchall)
            self.post.deliver()
            self.press(probe, "action_look")
            self.assertEqual(set(self.states(probe).values()), {"arrived"})
            self.assertEqual(probe.catchall, "on")
            self.assertEqual(len(self.strict.mails), 3)

    def test_a_mail_that_never_arrives_is_lost_after_some_minutes(self):
        with self.provider("open"):
            probe = self.probe()
            self.send(probe)
            self.assertFalse(probe.catchall)
            probe.sent_date = "2026-01-01 00:00:00"
            self.press(probe, "action_look")
            self.assertEqual((probe.catchall, probe.sub_addresses), ("off", "off"))
            self.assertIn("did not arrive within some minutes", probe.catchall_why)

    def test_nothing_is_locked_while_odoo_waits(self):
        """Each look is committed before the pause that follows it; the fetch knows of the mails before they leave."""
        said, send = [], Dialogue.send
        with self.provider("open"):
            probe = self.probe()
            self.env.flush_all()
            self.registry.enter_test_mode(self.cr)
            self.addCleanup(self.registry.leave_test_mode)
            with self.registry.cursor() as cr:
                own = probe.with_env(self.env(cr=cr, user=self.user_admin))
                commit = cr.commit
                with (
                    patch("odoo.addons.mail_company_routing.wizard.mail_server_probe_mails.PAUSES", (1, 2)),
                    patch("time.sleep", lambda seconds: said.append(f"sleep {seconds}")),
                    patch.object(Dialogue, "send", lambda *args: said.append("send") or send(*args)),
                    patch.object(cr, "commit", lambda: (said.append("commit"), commit())),
                ):
                    own.action_send()
        sent = ["send"] * said.count("send")
        self.assertTrue(sent)
        self.assertEqual(said, ["commit", *sent, "commit", "sleep 1", "commit", "sleep 2", "commit"])


@tagged("post_install", "-at_install")
class TestProbeMailbox(ProbeCase):
    """The probe touches nothing in the mailbox but its own mails, and Odoo's fetch takes none of them in."""

    def test_other_mails_stay_as_they_are(self):
        for server_type in ("imap", "pop"):
            with self.subTest(server_type), self.provider("open", server_type=server_type, catchall=True):
                before = self.box.add(b"Subject: Before\r\n\r\nHi\r\n")
                probe = self.probe()
                self.post.holds = True
                self.send(probe)
                during = self.box.add(b"Subject: odoo-probe-0123456789ab-kept\r\n\r\nHi\r\n")
                self.post.deliver()
                self.press(probe, "action_look")
                self.assertEqual(set(self.states(probe).values()), {"arrived"})
                self.assertEqual(self.box.unread(), [before, during])
                if server_type == "pop":
                    self.assertEqual([message.uid for message in self.box.folders["INBOX"]], [before, during])
                    self.assertFalse(self.box.reads, "Some servers hand out a mail only once")

    def test_the_scheduled_fetch_takes_no_test_mail_in_and_tells_the_probe(self):
        """The cron may come first; over POP it deletes what it met."""
        for server_type in ("imap", "pop"):
            with (
                self.subTest(server_type),
                self.provider("open", server_type=server_type, returns=True, sub_addresses=True, holds=True),
            ):
                self.mailbox_server.object_id = self.env["ir.model"]._get_id("res.partner")
                probe = self.probe()
                self.send(probe)
                self.post.deliver()
                contacts = self.env["res.partner"].search_count([])
                self.fetch(self.mailbox_server)
                self.assertFalse(self.box.unread())
                self.assertEqual(self.env["res.partner"].search_count([]), contacts)
                self.assertFalse(self.unrouted())
                self.assertEqual(set(self.states(probe).values()), {"pending"})
                self.press(probe, "action_look")
                self.assertEqual(self.states(probe), {"kept": "arrived", "sub": "arrived", "unknown": "returned"})

    def test_a_mail_of_a_forgotten_probe_is_still_own_mail(self):
        with self.provider("open", holds=True):
            self.mailbox_server.object_id = self.env["ir.model"]._get_id("res.partner")
            self.send(self.probe())
            self.env["mail.probe.arrival"].sudo().search([]).unlink()
            self.post.deliver()
            contacts = self.env["res.partner"].search_count([])
            self.fetch(self.mailbox_server)
            self.assertEqual(self.env["res.partner"].search_count([]), contacts)
            self.assertFalse(self.unrouted())

    def test_a_mailbox_that_does_not_open_is_told_before_anything_is_sent(self):
        with self.provider("open"):
            probe = self.probe()
            self.mailbox_server.password = "wrong"
            self.send(probe)
            self.assertIn("LOGIN failed", probe.mailbox_problem)
            self.assertFalse(self.strict.mails or probe.sent_date)
            self.mailbox_server.password = "secret"
            self.send(probe)
            self.assertFalse(probe.mailbox_problem)
            self.assertTrue(self.strict.mails)

    def test_without_a_mailbox_no_mail_is_sent(self):
        with self.provider("open"):
            probe = self.probe()
            probe.fetchmail_server_id = False
            with self.assertRaisesRegex(UserError, "Choose the mailbox"):
                self.send(probe)


@tagged("post_install", "-at_install")
class TestProbeCompanies(ProbeCase):
    """Each company's administrator probes its own servers, with its own addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.env["res.company"].create({"name": "B"})
        cls.domain_b = cls.env["mail.routing.domain"].create(
            {"name": "b.example", "company_id": cls.company_b.id, "bounce_alias": "returns"}
        )
        cls.company_b.mail_domain_id = cls.domain_b
        cls.admins = [
            new_test_user(
                cls.env,
                f"probe_{company.id}",
                "base.group_user,base.group_system",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (cls.company, cls.company_b)
        ]

    def bounce_of(self, probe):
        return probe._read_facts().answer_to("bounce").address

    def test_a_server_is_asked_about_its_own_company(self):
        self.user_admin.company_ids += self.company_b
        with self.provider(values={"company_id": self.company_b.id}):
            probe = self.probe(self.user_admin.with_context(allowed_company_ids=(self.company + self.company_b).ids))
            self.assertEqual(probe.company_id, self.company_b)
            self.assertEqual(self.bounce_of(probe), "returns@b.example")

    def test_a_server_without_a_company_is_asked_about_the_current_one(self):
        with self.provider():
            probe = self.probe(self.admins[1])
            self.assertEqual(probe.company_id, self.company_b)
            self.assertEqual(self.bounce_of(probe), "returns@b.example")

    def test_an_administrator_of_another_company_cannot_probe(self):
        with self.provider(values={"company_id": self.company.id}):
            self.mailbox_server.company_id = self.company
            probe = self.probe(self.admins[0])
            stranger = self.admins[1]
            probes = self.env["mail.server.probe"].with_user(stranger)
            with self.assertRaises(AccessError):
                self.server.with_user(stranger).action_probe()
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                probe.with_user(stranger).read(["facts"])
            forged = probes.create({"server_id": self.server.id, "company_id": self.company_b.id})
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                forged.action_ask()
            self.server.company_id = False
            own = self.probe(stranger)
            self.assertFalse(own.fetchmail_server_id)
            own.fetchmail_server_id = self.mailbox_server
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                own.action_send()

    def test_an_ordinary_user_cannot_probe(self):
        with self.provider(), self.assertRaises(AccessError):
            self.server.with_user(self.user_employee).action_probe()

    def test_a_login_by_oauth_is_probed_like_any_other(self):
        if "google_gmail_refresh_token" not in self.env["ir.mail_server"]._fields:
            self.skipTest("The module google_gmail is not installed.")
        with self.provider("open", rewrites=True):
            self.server.write(
                {
                    "smtp_pass": False,
                    "from_filter": USERNAME,
                    "google_gmail_refresh_token": "refresh",
                    "google_gmail_access_token": "access",
                    "google_gmail_access_token_expiration": int(time.time()) + 3600,
                }
            )
            self.env.cr.execute("UPDATE ir_mail_server SET smtp_authentication='gmail' WHERE id=%s", self.server.ids)
            self.server.invalidate_recordset()
            probe = self.probe()
            self.send(probe)
            self.assertEqual(probe.policy, "username")
