from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.models.mail_thread import MailThread as CoreMailThread

from ..common import CUSTOMER
from ..common_identities import IdentitiesCase


@tagged("post_install", "-at_install")
class TestNobodySendsAsSomebodyElse(IdentitiesCase):
    """I am an ordinary user; whatever I try, the boss's address is not mine to send from."""

    def post(self, **values):
        record = self.as_zy["res.partner"].browse(self.record_a.id)
        return record.message_post(body="You are fired", partner_ids=self.record_a.ids, **values)

    def test_posting(self):
        for email_from in (
            "ceo@a.example",
            '"ZY" <CEO@A.Example>',
            "zy@a.example, ceo@a.example",
            '"ceo@a.example" <zy@a.example>',
            "<ceo@a.example",
            '"ceo"@a.example',
            '"c\\eo"@a.example',
            "ceo@a.example.",
            "ceo\uff20a.example <zy@a.example>",
            "=?utf-8?q?ceo=40a=2Eexample?= <zy@a.example>",
            "=?utf-8?q?ceo=40?= =?utf-8?b?YS5leGFtcGxl?= <zy@a.example>",
            '"=?utf-8?q?ceo=40a=2Eexample?=" <zy@a.example>',
            "zy@a.example (ceo@a.example)",
        ):
            with self.subTest(email_from), self.refused():
                self.post(email_from=email_from)

    def test_posting_with_somebody_as_author(self):
        """The route of a mail leads from the author to its identity."""
        for values in (
            {"author_id": self.boss.partner_id.id},
            {"author_id": self.boss.partner_id.id, "email_from": "zy@a.example"},
            {"author_id": False, "email_from": "Boss@home.example"},
            {"email_from": "boss@home.example"},
        ):
            with self.subTest(values), self.refused():
                self.post(**values)

    def test_writing_for_a_company_of_others(self):
        """A mail leaves through the server of the company that it was written for; a context over RPC names any."""
        company = self.env["res.company"].create({"name": "D"})
        self.record_a.company_id = False
        for wanted, got in ((company, self.company_a), (self.company_b, self.company_b)):
            composer = self.mass_composer(self.record_a)
            composer.with_context(default_record_company_id=wanted.id)._action_send_mail()
            self.assertEqual(self.record_a.message_ids[0].record_company_id, got)
        message = self.post()
        with self.assertRaisesRegex(AccessError, "do not belong"):
            message.record_company_id = company
        message.record_company_id = self.company_b

    def test_notifying(self):
        with self.refused():
            self.as_zy["mail.thread"].message_notify(
                partner_ids=self.customer.ids, body="You are fired", email_from="ceo@a.example"
            )

    def test_making_the_address_my_own(self):
        """An administrator may give it to me, and it still is no identity of mine."""
        for email in ("ceo@a.example", "boss@home.example", '"boss"@home.example', "zy@a.example, boss@home.example"):
            self.zy.email = email
            with self.subTest(email), self.refused():
                self.post(email_from=email)

    def test_an_address_of_somebody_who_was_archived(self):
        self.boss.active = False
        for email in ("ceo@a.example", "boss@home.example"):
            with self.subTest(email), self.refused():
                self.post(email_from=email)

    def test_writing_the_address_as_my_own(self):
        """Users change their own e-mail by themselves."""
        colleague = new_test_user(self.env, "colleague", name="Colleague", email="li@a.example")
        taken = ("ceo@a.example", "boss@home.example", "Li@a.example", '"li"@a.example.', "x@y.example, li@a.example")
        for email in taken:
            with self.subTest(email), self.assertRaisesRegex(ValidationError, "another user"):
                self.zy.with_user(self.zy).email = email
            with self.subTest(email), self.assertRaisesRegex(ValidationError, "another user"):
                self.zy.partner_id.with_user(self.zy).email = email
        self.zy.with_user(self.zy).write({"email": "zy@new.example"})
        colleague.with_user(self.user_admin).email = "ceo@a.example"

    def test_each_of_several_messages(self):
        """Not only the first one is checked."""
        values = {"model": "res.partner", "res_id": self.record_a.id, "body": "Hi", "email_from": "zy@a.example"}
        with self.refused():
            self.as_zy["mail.message"].create([values, values | {"email_from": "ceo@a.example"}])
        messages = self.post() + self.post()
        messages[1].sudo().email_from = "ceo@a.example"
        with self.refused():
            messages.author_id = self.zy.partner_id

    def test_composer(self):
        for values in (
            {"email_from": "ceo@a.example"},
            {"author_id": self.boss.partner_id.id},
        ):
            with self.subTest(values), self.refused():
                self.composer(self.record_a, **values)._action_send_mail()
            with self.subTest(values), self.refused():
                self.mass_composer(self.record_a, **values)._action_send_mail()
        composer = self.composer(self.record_a)
        composer.email_from = "ceo@a.example"
        with self.refused():
            composer._action_send_mail()

    def test_composer_with_an_identity_of_somebody_else(self):
        with self.assertRaises(AccessError):
            self.composer(self.record_a, mail_identity_id=self.identity_boss.id)._action_send_mail()

    def test_composer_with_a_rendered_address(self):
        with self.refused():
            self.mass_composer(self.record_a, email_from="{{ 'ceo' + '@a.example' }}")._action_send_mail()

    def test_creating_messages_and_mails(self):
        values = {"model": "res.partner", "res_id": self.record_a.id, "body": "Hi", "email_from": "ceo@a.example"}
        with self.refused():
            self.as_zy["mail.message"].create(values)
        with self.assertRaises(AccessError):
            self.as_zy["mail.mail"].create(values)

    def test_changing_a_message(self):
        message = self.post()
        with self.refused():
            message.email_from = "ceo@a.example"
        with self.refused():
            message.author_id = self.boss.partner_id

    def test_an_author_in_the_context(self):
        with self.refused():
            self.as_zy["mail.message"].with_context(default_author_id=self.boss.partner_id.id).create({"body": "Hi"})

    def test_a_context_lends_nothing(self):
        record = self.as_zy["res.partner"].browse(self.record_a.id)
        with self.refused():
            record.with_context(mail_company_routing_lent_senders=["ceo@a.example"]).message_post(
                body="Hi", email_from="ceo@a.example"
            )

    def test_importing(self):
        fields = ["model", "res_id", "body", "email_from"]
        rows = [["res.partner", str(self.record_a.id), "Hi", "ceo@a.example"]]
        result = self.as_zy["mail.message"].load(fields, rows)
        self.assertFalse(result["ids"])
        self.assertIn("ceo@a.example", result["messages"][0]["message"])

    def test_saving_a_template(self):
        with self.refused():
            self.template("ceo@a.example", self.as_zy)
        template = self.template("zy@a.example", self.as_zy)
        with self.refused():
            template.email_from = "ceo@a.example"

    def test_sending_a_template_of_mine(self):
        template = self.template("{{ 'ceo' + '@a.example' }}", self.as_zy)
        with self.refused():
            template.send_mail(self.record_a.id)

    def test_changing_a_template_of_an_administrator(self):
        """The administrator gave the boss's name to other words."""
        template = self.template("ceo@a.example").with_env(self.as_zy)
        template.send_mail(self.record_a.id)
        template.body_html = "<p>You are fired</p>"
        with self.refused():
            template.send_mail(self.record_a.id)

    def test_translating_a_template_of_an_administrator(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.template("ceo@a.example").with_env(self.as_zy)
        template.update_field_translations("subject", {"fr_FR": "Viré"})
        with self.refused():
            template.send_mail(self.record_a.id)

    def test_handing_over_a_mail_as_the_gateway_does(self):
        mail = "From: %s\nTo: x@a.example\nMessage-Id: <%s>\nSubject: Fired\n\nYou are fired"
        threads = self.as_zy["mail.thread"]
        for email_from in ("ceo@a.example", "boss@home.example"):
            # the first thing that core writes
            writes = patch.object(CoreMailThread, "_routing_reset_bounce", side_effect=AssertionError)
            with self.subTest(email_from), writes, self.refused_handing_over():
                threads.message_process("res.partner", mail % (email_from, email_from), thread_id=self.record_a.id)
        done = threads.message_process("res.partner", mail % (CUSTOMER, "1@x"), thread_id=self.record_a.id)
        self.assertEqual(done, self.record_a.id)
        threads = threads.sudo()
        done = threads.message_process("res.partner", mail % ("ceo@a.example", "2@x"), thread_id=self.record_a.id)
        self.assertEqual(done, self.record_a.id)

    def refused_handing_over(self):
        return self.assertRaisesRegex(AccessError, "(ceo@a|boss@home).example.*mail gateway")

    def test_a_mailing(self):
        """It is sent by the queue, as superuser."""
        if "mailing.mailing" not in self.env:
            self.skipTest("Email Marketing (mass_mailing) is not installed.")
        self.zy.groups_id += self.env.ref("mass_mailing.group_mass_mailing_user")
        values = {"subject": "Hi", "mailing_model_id": self.env["ir.model"]._get_id("res.partner")}
        mailings = self.as_zy["mailing.mailing"]
        with self.refused():
            mailings.create({**values, "email_from": "ceo@a.example"})
        with self.assertRaisesRegex(AccessError, "Enter your own address"):
            mailings.create({**values, "email_from": "{{ 'ceo' + '@a.example' }}"})
        self.assertTrue(mailings.create({**values, "email_from": "zy@a.example"}))

    def test_an_invitation_to_a_survey(self):
        """It creates its mails as superuser."""
        if "survey.invite" not in self.env:
            self.skipTest("Surveys (survey) is not installed.")
        self.zy.groups_id += self.env.ref("survey.group_survey_manager")
        survey = self.env["survey.survey"].create({"title": "Survey", "user_id": self.zy.id})
        invites = self.as_zy["survey.invite"]
        values = {"survey_id": survey.id, "emails": CUSTOMER, "subject": "Hi", "body": "Hi"}
        for sender in ({"email_from": "ceo@a.example"}, {"author_id": self.boss.partner_id.id}):
            with self.subTest(sender), self.refused():
                invites.create({**values, **sender})
        with self.refused():
            invites.create({**values, "email_from": "{{ 'ceo' + '@a.example' }}"}).action_invite()
        invites.create({**values, "email_from": "zy@a.example"}).action_invite()

    def test_other_words_with_a_template_of_an_administrator(self):
        template = self.template("{{ object.user_id.email }}").with_env(self.as_zy)
        self.record_a.user_id = self.boss
        for values in (
            {"email_from": "ceo@a.example"},
            {"author_id": self.boss.partner_id.id, "subject": "Fired"},
            {"headers": "{'Sender': 'ceo@a.example'}"},
        ):
            with self.subTest(values), self.refused():
                template.send_mail(self.record_a.id, email_values=values)

    def test_headers_with_a_template_of_mine(self):
        template = self.template("zy@a.example", self.as_zy)
        for headers in (
            "{'Sender': 'Boss <ceo@a.example>'}",
            {"From": "ceo@a.example"},
            "{'resent-from': 'x@a.example, ceo@a.example'}",
            "[('Return-Path', b'ceo@a.example')]",
        ):
            with self.subTest(headers), self.refused():
                template.send_mail(self.record_a.id, email_values={"headers": headers})
        for headers in ("{'Sender': 'zy@a.example', 'X-Note': 'ceo@a.example'}", "no headers", False):
            with self.subTest(headers):
                self.assertTrue(template.send_mail(self.record_a.id, email_values={"headers": headers}))

    def test_an_import_of_templates(self):
        result = self.as_zy["mail.template"].load(["name", "email_from"], [["T", "ceo@a.example"]])
        self.assertFalse(result["ids"])
        self.assertIn("ceo@a.example", result["messages"][0]["message"])


@tagged("post_install", "-at_install")
class TestWhoMaySpeak(IdentitiesCase):
    """Code that speaks for others on purpose keeps working."""

    def test_the_owner_and_an_administrator_may(self):
        for user in (self.boss, self.user_admin):
            user.groups_id += self.env.ref("base.group_partner_manager")
            message = self.record_a.with_user(user).message_post(body="Hi", email_from="ceo@a.example")
            self.assertEqual(message.email_from, "ceo@a.example")

    def test_an_address_may_have_several_owners(self):
        for user in (self.zy, self.boss):
            self.grant(user, self.company_a, "sales@a.example")
        self.record_a.with_env(self.as_zy).message_post(body="Hi", email_from="sales@a.example")

    def test_business_code_may(self):
        """The calendar invites for the organizer, the gateway posts for whoever wrote."""
        message = (
            self.record_a.with_env(self.as_zy)
            .sudo()
            .message_post(body="Hi", email_from="ceo@a.example", author_id=self.boss.partner_id.id)
        )
        self.assertEqual(message.author_id, self.boss.partner_id)

    def test_customers_and_shared_addresses_are_free(self):
        for email_from in (CUSTOMER, "sales@a.example", "odd"):
            message = self.record_a.with_env(self.as_zy).message_post(body="Hi", email_from=email_from)
            self.assertEqual(message.email_from, email_from)

    def test_a_template_of_an_administrator(self):
        """It says what the administrator wrote, so it may speak for anybody."""
        self.record_a.user_id = self.boss
        self.boss.email = "ceo@a.example"
        with self.servers(a="open"):
            for email_from in ("ceo@a.example", "{{ object.user_id.email_formatted }}"):
                self.template(email_from).with_env(self.as_zy).send_mail(self.record_a.id, force_send=True)
            self.assertEqual(self.sent_from(2), ["ceo@a.example"] * 2)

    def test_an_administrators_template_lends_the_address_it_names(self):
        self.grant(self.boss, self.company_a, "sales@a.example")
        template = self.template('"Sales" <Sales@A.Example>', email_to=False, partner_to="{{ object.id }}")
        with self.servers(a="open"):
            form = self.composer_form(self.record_a, default_template_id=template.id)
            form.partner_ids.add(self.record_a)
            form.save()._action_send_mail()
            composer = self.mass_composer(self.record_a, template_id=template.id, email_from=template.email_from)
            composer._action_send_mail()
            self.record_a.with_env(self.as_zy).message_post_with_template(template.id)
            self.assertEqual({email.lower() for email in self.sent_from(3)}, {"sales@a.example"})

    def test_a_rendered_address_of_somebody_else_becomes_mine(self):
        """I am the author, not the salesperson; I can still mail the boss's order."""
        self.record_a.user_id = self.boss
        self.record_a.message_unsubscribe(self.boss.partner_id.ids)
        self.boss.email = "ceo@a.example"
        template = self.template("{{ object.user_id.email_formatted }}", email_to=False, partner_to="{{ object.id }}")
        with self.servers(a="open"):
            form = self.composer_form(self.record_a, default_template_id=template.id)
            self.assertEqual(form.mail_identity_id, self.identity_a)
            form.partner_ids.add(self.record_a)
            form.save()._action_send_mail()
            composer = self.mass_composer(self.record_a, template_id=template.id, email_from=template.email_from)
            composer._action_send_mail()
            self.record_a.with_env(self.as_zy).message_post_with_template(template.id)
            self.assertEqual(set(self.sent_from(3)), {"zy@a.example"})

    def test_visitors_and_portal_users_speak_for_themselves(self):
        portal = new_test_user(self.env, "portal.zhi", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            identities = self.env["mail.sender.identity"].with_user(user)
            identities._check_sender(user.email_formatted, user.partner_id)
            with self.subTest(user.name), self.refused():
                identities._check_sender("ceo@a.example", user.partner_id)

    def test_without_identities_no_query_is_spent(self):
        self.env["mail.sender.identity"].search([]).unlink()
        identities = self.as_zy["mail.sender.identity"]
        author = self.boss.partner_id
        identities._checks_senders()
        with self.assertQueryCount(0):
            identities._check_sender("ceo@a.example", author)
