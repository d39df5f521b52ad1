import json
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mail.tests.common import MailCommon

from ...models.delivery.mail_delivery_count import SENT, WAITED, Subject, Tally
from ...routing.health.fault import Kind
from ..queries import counted_queries

ADMINISTRATOR = "base.group_user,base.group_system"


class HealthCase(MailCommon):
    """Two companies that want for nothing: a domain, an outgoing server and a mailbox each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        cls.env["fetchmail.server"].search([]).unlink()
        cls.env["mail.template"].search([]).mail_server_id = False
        cls.env.ref("mail.ir_cron_mail_gateway_action").active = True
        cls.a, cls.b = cls.companies = cls.env["res.company"].create([{"name": "Alpha"}, {"name": "Beta"}])
        cls.chief_a, cls.chief_b = (cls.member(f"chief_{c.name}", c) for c in cls.companies)
        cls.boxes = cls.env["fetchmail.server"]
        cls.servers = cls.env["ir.mail_server"]
        for company, name in ((cls.a, "a.example"), (cls.b, "b.example")):
            cls.boxes += cls.mailbox(f"box@{name}", company)
            cls.servers += cls.outgoing(f"box@{name}", company)
            company.mail_domain_id = cls.env["mail.routing.domain"].create(
                {"name": name, "company_id": company.id, "fetchmail_server_id": cls.boxes[-1:].id}
            )

    @classmethod
    def member(cls, login, companies, groups=ADMINISTRATOR):
        return new_test_user(
            cls.env, login, groups, company_id=companies[:1].id, company_ids=[(6, 0, companies.ids)], lang="en_US"
        )

    @classmethod
    def mailbox(cls, user, company=None, **values):
        return cls.env["fetchmail.server"].create(
            {
                "name": f"IMAP {user}",
                "server_type": "imap",
                "server": "localhost",
                "user": user,
                "state": "done",
                "company_id": company and company.id,
                **values,
            }
        )

    @classmethod
    def outgoing(cls, user, company=None, **values):
        return cls.env["ir.mail_server"].create(
            {
                "name": f"SMTP {user}",
                "smtp_host": "localhost",
                "smtp_user": user,
                "company_id": company and company.id,
                **values,
            }
        )

    def page(self, user=None, companies=None):
        """Return what an administrator reads, with these companies switched on."""
        self.env.flush_all()
        health = self.env["mail.health"].with_user(user or self.chief_a)
        return health.with_context(allowed_company_ids=(companies or health.env.companies).ids).get_page()

    def row(self, company=None):
        """Return the row of A, else of another company, as its administrator reads it."""
        [row] = self.page(self.chief_b if company == self.b else self.chief_a)["rows"]
        return row


@tagged("post_install", "-at_install")
class TestFaults(HealthCase):
    """I read what is wrong before a mail fails, and the button leads to where I mend it."""

    def fault(self, kind, company=None):
        """Return the only fault of a company, or of all, after its button was pressed."""
        page = self.page(self.chief_b if company == self.b else self.chief_a)
        [fault] = page["faults"] + page["rows"][0]["faults"]
        self.assertEqual(fault["kind"], kind.name)
        return fault

    def check(self, kind, sentence, mends, company=None):
        """Check the sentence, and that the button opens the record that mends it, for this administrator."""
        fault = self.fault(kind, company)
        self.assertRegex(fault["text"], sentence)
        self.assertTrue(fault["button"])
        action = fault["action"]
        self.assertEqual((action["res_model"], action["res_id"]), (mends._name, mends.id))
        user = self.chief_b if company == self.b else self.chief_a
        records = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        Form(records.browse(action["res_id"] or ()))

    def test_all_is_well(self):
        page = self.page()
        self.assertEqual([], page["faults"] + page["rows"][0]["faults"])
        self.assertEqual((page["rows"][0]["severity"], page["rows"][0]["summary"]), ("success", "All is well"))

    def test_the_queue_is_switched_off(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        cron.active = False
        self.check(Kind.QUEUE_OFF, "do not leave, because the scheduled action .* is switched off. Switch it on", cron)

    def test_fetching_is_switched_off(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        cron.active = False
        self.check(Kind.FETCHING_OFF, "fetches no mail, because the scheduled action", cron)

    def test_a_company_without_a_server(self):
        self.servers[0].unlink()
        self.check(Kind.CANNOT_SEND, "Alpha has no outgoing mail server. Set it as", self.env["ir.mail_server"])
        self.assertEqual(self.fault(Kind.CANNOT_SEND)["action"]["context"], {"default_company_id": self.a.id})

    def test_a_username_that_is_no_address(self):
        self.env.cr.execute(
            "UPDATE ir_mail_server SET smtp_user = 'kevin', sender_policy = 'username' WHERE id = %s",
            [self.servers[0].id],
        )
        self.servers.invalidate_recordset()
        self.env.registry.clear_caches()
        self.check(Kind.CANNOT_SEND, 'its username "kevin" is not an e-mail address', self.servers[0])

    def test_a_server_in_trouble(self):
        trouble = {"delivery_class": "login", "delivery_failure": "535 Authentication failed"}
        self.servers[0].write({"delivery_state": "stopped", **trouble})
        self.check(Kind.SERVER_STOPPED, "Stopped since .*535.*Check username and password", self.servers[0])
        self.servers[0].delivery_state = "resting"
        self.check(Kind.SERVER_RESTS, "In trouble since .*535", self.servers[0])

    def test_a_mailbox_in_trouble(self):
        self.boxes[1].write({"last_error": "No connection to localhost", "last_error_date": "2026-01-02 03:04:05"})
        self.check(Kind.MAILBOX_TROUBLE, "could not fetch .*1/2/26.* No connection", self.boxes[1], self.b)

    def test_a_mailbox_that_nobody_confirmed(self):
        box = self.mailbox("new@a.example", self.a, state="draft")
        self.check(Kind.MAILBOX_UNCONFIRMED, '"IMAP new@a.example", because it is not confirmed. Press', box)

    def test_two_companies_with_one_mailbox(self):
        box = self.mailbox("box@a.example", self.b)
        sentence = "different companies fetch the mailbox box@a.example, .*each mail reaches only one"
        self.check(Kind.MAILBOX_TWICE, sentence, self.boxes[0])
        self.check(Kind.MAILBOX_TWICE, sentence, box, self.b)
        self.assertNotIn("Beta", str(self.page(self.chief_a)))

    def test_catch_all_off_and_no_mailbox(self):
        self.a.write({"mail_catchall_supported": False, "mail_restrict_username": True})
        self.a.mail_domain_id.fetchmail_server_id = False
        self.boxes[0].unlink()
        sentence = "Replies to Alpha go to the author .* because Catch All is off .* Add an incoming mail server"
        self.check(Kind.NO_MAILBOX, sentence, self.env["fetchmail.server"])

    def test_a_reply_domain_that_nobody_fetches(self):
        self.a.mail_domain_id.fetchmail_server_id = False
        self.boxes[0].user = "all@elsewhere.example"
        sentence = "Replies to Alpha go to catchall@a.example, but no incoming mail server fetches"
        self.check(Kind.REPLY_NOT_FETCHED, sentence, self.a.mail_domain_id)

    def test_a_script_hands_over_what_nobody_fetches(self):
        """An incoming server of the type Local Server says so, of its company or of all."""
        self.a.mail_domain_id.fetchmail_server_id = False
        self.boxes[0].write({"user": "box@elsewhere.example"})
        self.assertEqual(self.row()["severity"], "warning")
        script = self.env["fetchmail.server"].create({"name": "Mailgate", "server_type": "local"})
        for company in (self.env["res.company"], self.a):
            script.company_id = company
            row = self.row()
            self.assertEqual((row["faults"], row["severity"]), ([], "success"))
            self.assertEqual(row["replies"]["note"], "A script hands it to Odoo.")
        script.company_id = self.b
        self.assertEqual(self.row()["severity"], "warning")

    def test_bounces_that_nobody_fetches(self):
        self.servers[0].write({"sender_policy": "username", "sender_address": "out@elsewhere.example"})
        sentence = "Nobody sees .* of Alpha .* return to out@elsewhere.example"
        self.check(Kind.BOUNCE_NOT_FETCHED, sentence, self.env["fetchmail.server"])

    def test_an_option_without_a_domain(self):
        self.a.mail_domain_id = False
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", False)
        self.a.mail_from_by_company = True
        self.check(Kind.NO_DOMAIN, "Alpha writes from .* none is set. Set its Default Alias Domain", self.a)

    def test_a_reply_address_without_a_prefix(self):
        self.a.mail_reply_to_by_company = True
        self.check(Kind.NO_PREFIX, "Replies to Alpha go to the catchall, .* Set the Reply-To Prefix", self.a)

    def test_a_domain_with_a_server_of_another_company(self):
        self.a.mail_domain_id.mail_server_id = self.servers[0]
        spare = self.outgoing("spare@a.example", self.a, from_filter="a.example")
        self.assertTrue(spare)
        # somebody moved the server afterwards
        self.servers[0].company_id = self.b
        self.servers[0].from_filter = "x.example"
        sentence = "No mail from a.example .* belongs to another company. Set a server of Alpha"
        self.check(Kind.DOMAIN_SERVER_FOREIGN, sentence, self.a.mail_domain_id)

    def test_a_domain_with_an_archived_server(self):
        old = self.outgoing("old@a.example", self.a)
        self.a.mail_domain_id.mail_server_id = old
        self.env.cr.execute("UPDATE ir_mail_server SET active = FALSE WHERE id = %s", [old.id])
        old.invalidate_recordset()
        self.env.registry.clear_caches()
        self.check(Kind.DOMAIN_SERVER_OFF, "because the server is archived. Set another", self.a.mail_domain_id)

    def test_a_server_paired_with_the_mailbox_of_another_company(self):
        self.servers[0].fetchmail_server_id = self.boxes[1]
        sentence = '"SMTP box@a.example" asks .* belongs to another company. Set a mailbox of Alpha'
        self.check(Kind.SERVER_MAILBOX_FOREIGN, sentence, self.servers[0])

    def test_a_domain_of_no_company(self):
        self.a.mail_server_by_alias_domain = True
        domain = self.env["mail.routing.domain"].create({"name": "c.example"})
        self.check(Kind.DOMAIN_WITHOUT_COMPANY, "Mails from c.example .* Set its Company", domain)

    def test_a_server_that_nobody_uses(self):
        spare = self.outgoing("spare@a.example", self.a, sequence=99)
        self.check(Kind.SERVER_UNUSED, 'No mail leaves through "SMTP spare@a.example"', spare)
        self.env["mail.template"].search([], limit=1).mail_server_id = spare
        self.assertFalse(self.row()["faults"])

    def test_each_kind_of_fault_has_a_test(self):
        source = Path(__file__).read_text(encoding="utf-8")
        self.assertFalse([kind.name for kind in Kind if f"Kind.{kind.name}," not in source])


@tagged("post_install", "-at_install")
class TestRows(HealthCase):
    """I see how each company's mail goes, both ways, and how it went last."""

    def test_how_a_company_sends_and_is_answered(self):
        row = self.row()
        self.assertEqual(row["sends"]["text"], "SMTP box@a.example")
        self.assertIn("the author's own address", row["sends"]["note"])
        self.assertEqual(row["sends"]["action"]["res_id"], self.servers[0].id)
        self.assertEqual((row["replies"]["text"], row["replies"]["note"]), ("catchall@a.example", "Odoo fetches it."))
        self.assertEqual(row["bounces"]["text"], "bounce@a.example")
        self.assertEqual(row["fetched"]["text"], "box@a.example")
        self.assertEqual(row["fetched"]["action"]["res_id"], self.boxes[0].id)
        self.assertEqual(row["sent"]["text"], "Not yet")

    def test_restrict_username_changes_the_words(self):
        self.a.mail_restrict_username = True
        row = self.row()
        self.assertIn('"Author Name" <box@a.example>', row["sends"]["note"])
        self.assertEqual(row["bounces"]["text"], "box@a.example")

    def test_what_was_last_sent_and_what_was_not(self):
        self.count(Subject(WAITED, self.a.id, self.servers[0].id, answer_class="temporary"), "451 4.7.1 Later")
        row = self.row()
        self.assertEqual(row["send_trouble"]["severity"], "danger")
        self.assertIn('"SMTP box@a.example" said: 451 4.7.1 Later. It does not take the mail now', str(row))
        self.count(Subject(SENT, self.a.id, self.servers[0].id))
        row = self.row()
        self.assertNotEqual(row["sent"]["text"], "Not yet")
        self.assertEqual(row["send_trouble"]["severity"], "muted")
        self.assertFalse(self.row(self.b)["send_trouble"])

    def count(self, subject, answer=None):
        tally = Tally()
        tally.add(subject, answer=answer)
        self.env["mail.delivery.count"]._count_now(tally)

    def test_what_was_last_fetched(self):
        self.boxes[0].write({"last_success_date": "2026-01-02 03:04:05", "last_error_date": "2026-01-01 03:04:05"})
        row = self.row()
        self.assertIn("1/2/26", row["received"]["text"])
        self.assertEqual(row["receive_trouble"]["severity"], "muted")

    def test_waiting_and_failed_mails_are_counted_and_listed(self):
        mails = self.env["mail.mail"].create([{"state": state, "subject": "x"} for state in ("outgoing", "exception")])
        mails.mail_message_id.record_company_id = self.a
        other = self.env["mail.mail"].create({"state": "exception", "subject": "y"})
        other.mail_message_id.record_company_id = self.a
        other.route_company_id = self.b
        row = self.row()
        for key, expected in (("waiting", mails[0]), ("failed", mails[1])):
            self.assertEqual(row[key]["count"], 1)
            self.assertEqual(self.env["mail.mail"].search(row[key]["action"]["domain"]), expected)
        self.assertEqual(self.row(self.b)["failed"]["count"], 1)

    def test_unrouted_mails_are_counted_and_listed(self):
        values = {"company_id": self.a.id, "subject": "Lost"}
        mail = self.env["mail.unrouted.message"].create([values, {**values, "state": "done"}])[0]
        row = self.row()
        self.assertEqual(row["unrouted"]["count"], 1)
        self.assertEqual(self.env["mail.unrouted.message"].search(row["unrouted"]["action"]["domain"]), mail)

    def test_the_worst_comes_first(self):
        self.servers[1].unlink()
        chief = self.member("chief_both", self.companies)
        self.assertEqual([row["name"] for row in self.page(chief, self.companies)["rows"]], ["Beta", "Alpha"])

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.chief_a.lang = "zh_CN"
        self.servers[0].unlink()
        self.env["mail.health"].with_user(self.chief_a).with_context(lang="zh_CN").get_page()

    def test_with_nothing_set_up(self):
        self.companies.mail_domain_id = False
        self.env["mail.routing.domain"].search([]).unlink()
        self.servers.unlink()
        self.boxes.unlink()
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", False)
        page = self.page()
        self.assertEqual(page["faults"] + page["rows"][0]["faults"], [])
        self.assertEqual(page["rows"][0]["replies"]["text"], "The author")
        # the server in odoo.conf is no record to open
        self.assertFalse(page["rows"][0]["sends"]["action"])
        self.assertTrue(json.dumps(page))


@tagged("post_install", "-at_install")
class TestHealthAccess(HealthCase):
    """I see the health of my companies' mail, and nothing of others'."""

    def test_an_administrator_of_a_sees_row_a_alone(self):
        self.servers[1].write({"delivery_state": "stopped", "delivery_failure": "535 Secret of Beta"})
        self.mailbox("box@a.example", self.b)
        self.env["mail.mail"].create({"state": "exception", "subject": "Beta"}).route_company_id = self.b
        page = self.page(self.chief_a)
        self.assertEqual([row["name"] for row in page["rows"]], ["Alpha"])
        for secret in ("Beta", "b.example", "Secret"):
            self.assertNotIn(secret, str(page))
        self.assertEqual(page["rows"][0]["failed"]["count"], 0)

    def test_the_company_switch_decides(self):
        chief = self.member("chief_both", self.companies)
        self.assertEqual([row["name"] for row in self.page(chief, self.b)["rows"]], ["Beta"])
        self.assertEqual(len(self.page(chief, self.companies)["rows"]), 2)

    def test_a_company_of_others_cannot_be_asked_for(self):
        with self.assertRaises(AccessError):
            self.page(self.chief_a, self.b)

    def test_an_ordinary_user_sees_nothing(self):
        clerk = self.member("clerk", self.a, "base.group_user,base.group_erp_manager")
        with self.assertRaises(AccessError):
            self.page(clerk)
        visible = self.env["ir.ui.menu"].with_user(clerk)._visible_menu_ids()
        for name in ("mail_health_menu", "mail_delivery_count_menu"):
            self.assertNotIn(self.env.ref(f"mail_company_routing.{name}").id, visible)


@tagged("post_install", "-at_install")
class TestHealthQueries(HealthCase):
    """I have two hundred companies, and the page opens as fast."""

    def test_the_number_of_companies_adds_no_query(self):
        found = {count: self.queries(count) for count in (4, 100, 200)}
        self.assertEqual(len(set(found.values())), 1, found)
        self.assertLessEqual(found[4], 20)

    def queries(self, count):
        """Return the number of queries that the page takes with so many companies, half of them with a fault."""
        more = self.env["res.company"].create([{"name": f"C{count} {n}"} for n in range(count)])
        self.env["mail.routing.domain"].create(
            [{"name": f"d{count}-{n}.example", "company_id": company.id} for n, company in enumerate(more)]
        )
        for half, trouble in ((more[::2], {}), (more[1::2], {"delivery_state": "stopped", "delivery_failure": "535"})):
            self.env["ir.mail_server"].create(
                [{"name": c.name, "company_id": c.id, "smtp_host": "localhost", **trouble} for c in half[1:]]
            )
        chief = self.member(f"chief_{count}", more)
        self.assertEqual(len(self.page(chief)["rows"]), count)
        with counted_queries(self.env) as queries:
            self.page(chief)
        return queries.count
