import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.incoming.mail_unrouted_message import MailUnroutedMessage
from ..mailbox.common_fetch import FETCH_LOG, FetchCase, eml
from ..mailbox.test_fetch import DatabaseError, failing

STRAY = eml("stray", to="nobody@test.com", body="nul \0 and 8 bits \u8ba2")


@tagged("post_install", "-at_install")
class TestQuarantine(FetchCase):
    """A mail without a place waits for me, whole, and I decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, login="mcr_fetch_chief", groups="base.group_system,base.group_partner_manager"
        )
        cls.anna = cls.env["res.partner"].create({"name": "Anna", "email": "anna@elsewhere.example"})

    def kept(self, *raws, **values):
        """Fetch messages; return those that are unrouted, as the administrator sees them."""
        with self.mailbox(values=values) as box, mute_logger(FETCH_LOG):
            for raw in raws or (STRAY,):
                box.add(raw)
            self.fetch()
        return self.unrouted(fetchmail_server_id=self.server.id).with_user(self.chief)

    def place(self, rows, task, **values):
        """Fill in and confirm the wizard behind a button."""
        action = rows.action_attach() if task == "attach" else rows.action_create_record()
        with Form(self.env[action["res_model"]].with_user(self.chief).with_context(**action["context"])) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.save().action_place()

    def test_the_original_can_be_downloaded_as_it_came(self):
        raw = STRAY.replace(b"Subject: stray", b"Subject: " + "订单 \0".encode("gb18030"))
        row = self.kept(raw)
        self.assertEqual(base64.b64decode(row.eml), raw)
        self.assertEqual(row.subject, "订单 \ufffd")
        self.assertEqual(row.email_from, "Anna <anna@elsewhere.example>")
        self.assertEqual(row.email_to, "nobody@test.com")
        self.assertEqual(row.date, fields.Datetime.to_datetime("2026-01-05 00:00:00"))
        self.assertTrue(row.eml_name.endswith(".eml"))

    def test_retry_takes_it_in_once_there_is_an_alias(self):
        row = self.kept()
        row.action_retry()
        self.assertEqual((row.state, row.attempts), ("waiting", 2))
        self.alias.copy({"alias_name": "nobody", "alias_model_id": self.alias.alias_model_id.id})
        action = row.action_retry()
        partner = self.partners("stray")
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", partner.id))
        self.assertEqual((row.state, row.record_name, row.settled_by_id), ("done", partner.display_name, self.chief))
        with self.assertRaises(UserError):
            row.action_retry()

    def test_retry_of_several_takes_each_by_itself(self):
        rows = self.kept(STRAY, eml("other stray", to="nobody2@test.com"))
        self.alias.copy({"alias_name": "nobody2", "alias_model_id": self.alias.alias_model_id.id})
        result = rows.action_retry()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertIn("1 of 2", result["params"]["message"])
        self.assertEqual(set(rows.mapped("state")), {"waiting", "done"})

    def test_retry_that_fails_undoes_what_it_did(self):
        row = self.kept()
        with failing(["stray"], ValueError("again")):
            row.action_retry()
        self.assertIn("again", row.error)
        self.assertFalse(self.partners("half of stray"))

    def test_retry_of_a_mail_that_came_otherwise_meanwhile_finds_it(self):
        row = self.kept()
        message = self.anna.message_post(body="Hello")
        message.message_id = "<stray@elsewhere.example>"
        row.action_retry()
        self.assertEqual((row.state, row.res_id), ("done", self.anna.id))

    def test_attaching_puts_it_on_the_record_with_its_author(self):
        row = self.kept()
        action = self.place(row, "attach", record=f"res.partner,{self.anna.id}")
        self.assertEqual(action["res_id"], self.anna.id)
        message = self.anna.message_ids[0]
        self.assertEqual((message.message_type, message.author_id), ("email", self.anna))
        self.assertEqual(message.message_id, "<stray@elsewhere.example>")
        self.assertEqual((row.state, row.res_model, row.res_id), ("done", "res.partner", self.anna.id))

    def test_several_are_attached_at_once(self):
        rows = self.kept(STRAY, eml("other stray", to="nobody@test.com"))
        before = len(self.anna.message_ids)
        self.place(rows, "attach", record=f"res.partner,{self.anna.id}")
        self.assertEqual(len(self.anna.message_ids), before + 2)
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_attaching_does_not_ask_the_headers(self):
        """I know better than its References that the mail belongs to Anna."""
        message = self.partner_employee.message_post(body="Hello")
        with failing(["misled"], ValueError()):
            row = self.kept(
                eml("misled", to="desk@test.com").replace(
                    b"Subject:", b"References: %s\r\nSubject:" % message.message_id.encode()
                )
            )
        self.place(row, "attach", record=f"res.partner,{self.anna.id}")
        self.assertEqual(self.anna.message_ids[0].subject, "misled")

    def test_creating_makes_a_record_of_the_chosen_kind(self):
        row = self.kept()
        model = self.env["ir.model"]._get("res.partner")
        action = self.place(row, "create", model_id=model)
        self.assertEqual(action["res_id"], self.partners("stray").id)
        self.assertEqual(row.state, "done")

    def test_a_mail_that_is_somewhere_already_is_not_said_to_be_placed(self):
        row = self.kept()
        message = self.anna.message_post(body="Hello")
        message.message_id = "<stray@elsewhere.example>"
        with self.assertRaisesRegex(UserError, "already in Anna"):
            self.place(row, "attach", record=f"res.partner,{self.partner_employee.id}")
        self.assertEqual(row.state, "waiting")

    def test_an_administrator_attaches_only_where_he_may_write(self):
        row = self.kept()
        other = self.env["res.company"].create({"name": "B Trading"})
        self.anna.company_id = other
        wizard = row.env["mail.unrouted.place"].create(
            {"unrouted_ids": [Command.set(row.ids)], "task": "attach", "record": f"res.partner,{self.anna.id}"}
        )
        with self.assertRaises(AccessError):
            wizard.action_place()

    def test_ignoring_closes_it(self):
        row = self.kept()
        row.action_ignore()
        self.assertEqual((row.state, row.settled_by_id), ("ignored", self.chief))

    def test_the_same_mail_fails_again_without_a_second_row(self):
        with self.mailbox() as box, mute_logger(FETCH_LOG):
            box.add(STRAY)
            self.fetch()
            box.folders["INBOX"][0].flags.clear()
            self.fetch()
            row = self.unrouted(subject="stray")
            self.assertEqual(row.attempts, 2)
            row.action_ignore()
            box.folders["INBOX"][0].flags.clear()
            self.fetch()
            self.assertEqual((row.attempts, row.state), (3, "ignored"))

    def test_a_transient_error_is_left_to_the_request_that_repeats_itself(self):
        row = self.kept()
        with failing(["stray"], DatabaseError()), self.assertRaises(DatabaseError):
            row.action_retry()

    def test_a_row_whose_mailbox_is_gone_can_be_settled(self):
        row = self.kept()
        self.server.unlink()
        self.place(row, "attach", record=f"res.partner,{self.anna.id}")
        self.assertEqual(row.state, "done")

    def test_a_document_that_is_gone_is_not_shown(self):
        row = self.kept()
        self.place(row, "create", model_id=self.env["ir.model"]._get("res.partner"))
        self.partners("stray").unlink()
        row.invalidate_recordset()
        self.assertFalse(row.record_name)
        with self.assertRaisesRegex(UserError, "is gone"):
            row.action_open_record()

    def test_only_administrators_of_the_company_see_it(self):
        other = self.env["res.company"].create({"name": "B Trading"})
        row = self.kept(company_id=other.id)
        self.assertEqual(row.sudo().company_id, other)
        for user in (self.chief, self.user_employee):
            for ask in (
                lambda row: row.read(["subject"]),
                lambda row: row.action_retry(),
                lambda row: row.action_ignore(),
                lambda row: (
                    row.env["mail.unrouted.place"]
                    .create(
                        {
                            "unrouted_ids": [Command.set(row.ids)],
                            "task": "attach",
                            "record": f"res.partner,{self.anna.id}",
                        }
                    )
                    .action_place()
                ),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    ask(row.with_user(user))
        self.chief.company_ids += other
        both = {"allowed_company_ids": [self.env.company.id, other.id]}
        row.with_user(self.chief).with_context(**both).action_ignore()
        self.assertEqual(row.sudo().state, "ignored")

    def test_settled_rows_are_purged_and_waiting_ones_never(self):
        subjects = ("waits", "ignored", "done", "young")
        rows = self.kept(*(eml(subject, to="nobody@test.com") for subject in subjects)).sudo()
        by_subject = {row.subject: row for row in rows}
        by_subject["ignored"].state = by_subject["young"].state = "ignored"
        by_subject["done"].state = "done"
        self.env.flush_all()
        old = fields.Datetime.now() - timedelta(days=40)
        old_ids = [by_subject[subject].id for subject in subjects[:3]]
        self.cr.execute("UPDATE mail_unrouted_message SET write_date = %s WHERE id = ANY(%s)", [old, old_ids])
        self.env.invalidate_all()
        self.env["mail.unrouted.message"]._purge()
        self.assertEqual(len(rows.exists()), 4, "90 days unless told")
        self.env["res.config.settings"].create({"mail_routing_unrouted_days": 30}).execute()
        self.env["mail.unrouted.message"]._purge()
        self.assertEqual(set(rows.exists().mapped("subject")), {"waits", "young"})

    def test_reasons_are_in_the_language_of_who_set_the_mailbox_up(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.chief.lang = "fr_FR"
        seen = []
        keep = MailUnroutedMessage._keep

        def spy(rows, *args):
            seen.append(rows.env.lang)
            return keep(rows, *args)

        with self.mailbox() as box, mute_logger(FETCH_LOG), patch.object(MailUnroutedMessage, "_keep", spy):
            self.cr.execute(
                "UPDATE fetchmail_server SET create_uid = %s WHERE id = %s", [self.chief.id, self.server.id]
            )
            self.server.invalidate_recordset()
            box.add(STRAY)
            self.fetch()
        self.assertEqual(seen, ["fr_FR"])

    def test_the_gateway_script_gets_its_error_as_ever(self):
        """A mail server that pipes mails into Odoo keeps each until Odoo has taken it."""
        with (
            self.assertRaisesRegex(ValueError, "No possible route"),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env["mail.thread"].message_process(None, STRAY)
        self.assertFalse(self.unrouted())

    def test_its_reason_is_in_the_language_of_whoever_reads_it(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        row = self.kept()
        self.assertIn("match no alias", row.reason)
        self.assertNotIn("match no alias", row.with_context(lang="zh_CN").reason)
        with failing(["stray"], ValueError("again = 7")):
            row.action_retry()
        self.assertTrue(row.reason.endswith("ValueError: again = 7"))
        self.assertIn("ValueError: again = 7", row.with_context(lang="zh_CN").reason)
        self.assertNotIn("Odoo could not process it", row.with_context(lang="zh_CN").reason)
        with failing(["stray"], UserError("Say which.")):
            row.action_retry()
        self.assertEqual(row.with_context(lang="zh_CN").reason, "Say which.")
