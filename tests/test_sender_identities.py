from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CUSTOMER
from .test_companies import CompaniesCase


class IdentitiesCase(CompaniesCase):
    """ZY sends from one address in A and two in B; the boss of A has an address of its own, which nobody may borrow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zy.groups_id += cls.env.ref("base.group_partner_manager")
        cls.identity_a = cls.grant(cls.zy, cls.company_a, "zy@a.example")
        cls.identity_b = cls.grant(cls.zy, cls.company_b, "zy@b.example")
        cls.identity_c = cls.grant(cls.zy, cls.company_b, "zy@c.example")
        cls.boss = new_test_user(cls.env, "boss", name="Boss", email="boss@home.example", company_id=cls.company_a.id)
        cls.identity_boss = cls.grant(cls.boss, cls.company_a, "ceo@a.example")
        companies = (cls.company_a + cls.company_b).ids
        cls.as_zy = cls.env(user=cls.zy, context={"allowed_company_ids": companies})

    @classmethod
    def grant(cls, user, company, email):
        return cls.env["mail.sender.identity"].create({"user_id": user.id, "company_id": company.id, "email": email})

    def composer(self, record, **values):
        """Return a composer that ZY opened, with the values that code or RPC sets."""
        return self.as_zy["mail.compose.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "body": "<p>Hi</p>",
                "subject": "Hi",
                "partner_ids": record.ids,
                **values,
            }
        )

    def composer_form(self, records, mode="comment", **context):
        """Return the composer's form as ZY sees it."""
        context = {
            "default_composition_mode": mode,
            "default_model": records._name,
            "default_res_id": records[:1].id,
            "active_model": records._name,
            "active_ids": records.ids,
            **context,
        }
        return Form(self.as_zy["mail.compose.message"].with_context(**context))

    def mass_composer(self, records, **values):
        composer = self.composer(records[:1], composition_mode="mass_mail", partner_ids=[], **values)
        return composer.with_context(active_ids=records.ids, active_model=records._name)

    def template(self, email_from, env=None, **values):
        return (env or self.env)["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "email_from": email_from,
                "email_to": CUSTOMER,
                "subject": "Welcome",
                "body_html": "<p>Welcome</p>",
                "auto_delete": False,
                **values,
            }
        )

    def sent_from(self, count=1):
        """Return the From addresses of the mails that arrived, after the queue ran."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return [mail[1] for mail in self.sent(count)]

    def refused(self):
        return self.assertRaisesRegex(AccessError, "(?i)(ceo@a|boss@home).example.*Sender Identities")


@tagged("post_install", "-at_install")
class TestSendAs(IdentitiesCase):
    """I write as the person I am in the company of the record, and may choose among my addresses."""

    def test_the_company_of_the_record_picks_the_first(self):
        self.assertEqual(self.composer(self.record_a).mail_identity_id, self.identity_a)
        self.assertEqual(self.composer(self.record_b).mail_identity_id, self.identity_b)
        with self.servers(a="open", b="open"):
            for record in (self.record_a, self.record_b):
                self.composer(record)._action_send_mail()
            self.assertEqual(self.sent_from(2), ["zy@a.example", "zy@b.example"])

    def test_the_first_is_first_in_the_list(self):
        self.identity_c.sequence = 1
        self.assertEqual(self.composer(self.record_b).mail_identity_id, self.identity_c)

    def test_a_choice_goes_out_and_stays_in_the_chatter(self):
        with self.servers(b="open"):
            form = self.composer_form(self.record_b)
            self.assertTrue(form.can_choose_mail_identity)
            form.mail_identity_id = self.identity_c
            self.assertEqual(form.email_from, '"ZY" <zy@c.example>')
            form.partner_ids.add(self.record_b)
            _mails, message = form.save()._action_send_mail()
            self.assertEqual(self.sent_from(), ["zy@c.example"])
        self.assertEqual(message.email_from, '"ZY" <zy@c.example>')
        self.assertEqual(message.author_id, self.zy.partner_id)

    def test_a_choice_by_code_goes_out(self):
        with self.servers(b="open"):
            self.composer(self.record_b, mail_identity_id=self.identity_c.id)._action_send_mail()
            self.assertEqual(self.sent_from(), ["zy@c.example"])

    def test_a_choice_in_mass_mode(self):
        records = self.record_b + self.record_b.copy({"email": "other@elsewhere.example"})
        with self.servers(b="open"):
            form = self.composer_form(records, "mass_mail")
            self.assertEqual(form.mail_identity_id, self.identity_b)
            form.mail_identity_id = self.identity_c
            form.subject = "Hi"
            composer = form.save().with_context(active_ids=records.ids)
            composer._action_send_mail()
            self.assertEqual(self.sent_from(2), ["zy@c.example"] * 2)

    def test_mass_mode_over_companies_takes_each_companys_first(self):
        records = self.record_a + self.record_b.copy({"email": "other@elsewhere.example"})
        with self.servers(a="open", b="open"):
            composer = self.mass_composer(records)
            self.assertFalse(composer.mail_identity_ids)
            composer._action_send_mail()
            self.assertEqual(set(self.sent_from(2)), {"zy@a.example", "zy@b.example"})

    def test_one_address_is_no_choice(self):
        self.assertFalse(self.composer_form(self.record_a).can_choose_mail_identity)

    def test_a_template_speaks_for_itself_until_i_choose(self):
        template = self.template("sales@b.example", email_to=False)
        with self.servers(b="open"):
            form = self.composer_form(self.record_b, default_template_id=template.id)
            self.assertEqual(form.email_from, "sales@b.example")
            self.assertFalse(form.mail_identity_id)
            form.partner_ids.add(self.record_b)
            form.save()._action_send_mail()
            form = self.composer_form(self.record_b, default_template_id=template.id)
            form.mail_identity_id = self.identity_c
            form.partner_ids.add(self.record_b)
            form.save()._action_send_mail()
            self.assertEqual(self.sent_from(2), ["sales@b.example", "zy@c.example"])

    def test_an_administrator_is_offered_its_own_only(self):
        composer = self.env["mail.compose.message"].with_user(self.user_admin)
        composer = composer.create({"model": "res.partner", "res_id": self.record_b.id})
        self.assertFalse(composer.mail_identity_ids)

    def test_without_identities_nothing_is_offered(self):
        self.env["mail.sender.identity"].search([]).unlink()
        composer = self.composer(self.record_b)
        self.assertFalse(composer.mail_identity_id)
        self.assertEqual(composer.email_from, self.zy.email_formatted)


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

    def test_notifying(self):
        with self.refused():
            self.as_zy["mail.thread"].message_notify(
                partner_ids=self.customer.ids, body="You are fired", email_from="ceo@a.example"
            )

    def test_making_the_address_my_own(self):
        self.zy.email = "ceo@a.example"
        with self.refused():
            self.post()

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
        """The words are no longer those that the administrator gave the boss's name to."""
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
            with self.subTest(email_from), self.refused_handing_over():
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
        with self.assertRaisesRegex(AccessError, "Write out your own address"):
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

    def test_an_import_of_templates(self):
        result = self.as_zy["mail.template"].load(["name", "email_from"], [["T", "ceo@a.example"]])
        self.assertFalse(result["ids"])
        self.assertIn("ceo@a.example", result["messages"][0]["message"])


@tagged("post_install", "-at_install")
class TestWhoMaySpeak(IdentitiesCase):
    """What speaks for others on purpose goes on working."""

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
        """I write the words, so the salesperson does not; the boss's order can still be mailed."""
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
        portal = new_test_user(self.env, "portal", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            identities = self.env["mail.sender.identity"].with_user(user)
            identities._check_sender(user.email_formatted, user.partner_id)
            with self.subTest(user.name), self.refused():
                identities._check_sender("ceo@a.example", user.partner_id)

    def test_without_identities_no_query_is_spent(self):
        self.env["mail.sender.identity"].search([]).unlink()
        identities = self.as_zy["mail.sender.identity"]
        author = self.boss.partner_id
        identities._guards_senders()
        with self.assertQueryCount(0):
            identities._check_sender("ceo@a.example", author)


@tagged("post_install", "-at_install")
class TestKeepingIdentities(IdentitiesCase):
    """An administrator keeps the identities; a user sees its own, and nobody else's."""

    def test_a_user_reads_its_own_in_all_companies(self):
        mine = self.identity_a + self.identity_b + self.identity_c
        only_a = self.as_zy["mail.sender.identity"].with_context(allowed_company_ids=self.company_a.ids)
        self.assertEqual(only_a.search([]), mine)
        with self.assertRaises(AccessError):
            self.identity_boss.with_env(self.as_zy).read(["email"])

    def test_a_user_changes_none(self):
        mine = self.identity_a.with_env(self.as_zy)
        with self.assertRaises(AccessError):
            mine.email = "ceo@a.example"
        with self.assertRaises(AccessError):
            mine.unlink()
        with self.assertRaises(AccessError):
            mine.create({"user_id": self.zy.id, "company_id": self.company_a.id, "email": "zy2@a.example"})
        with self.assertRaises(AccessError):
            self.zy.with_user(self.zy).write({"mail_identity_ids": [(0, 0, {"email": "zy2@a.example"})]})

    def test_an_administrator_of_one_company_sees_none_of_the_other(self):
        identities = self.env["mail.sender.identity"].with_user(self.user_admin)
        seen = identities.with_context(allowed_company_ids=self.company_a.ids).search([])
        self.assertEqual(seen, self.identity_a + self.identity_boss)

    def test_preferences_of_an_ordinary_user(self):
        self.zy.tz = "Asia/Shanghai"
        user = self.zy.with_user(self.zy).with_context(allowed_company_ids=self.company_a.ids)
        with Form(user, view="base.view_users_form_simple_modif") as form:
            form.signature = "<p>ZY</p>"
            with self.assertRaisesRegex(AssertionError, "not editable"):
                form.mail_identity_ids.remove(0)
        emails = [
            identity["email"]
            for identity in self.as_zy["mail.sender.identity"]
            .browse(user.read(["mail_identity_ids"])[0]["mail_identity_ids"])
            .read(["email"])
        ]
        self.assertEqual(emails, ["zy@a.example", "zy@b.example", "zy@c.example"])

    def test_a_user_does_not_read_those_of_another_through_the_user(self):
        self.assertFalse(self.boss.with_user(self.zy).mail_identity_ids)

    def test_an_administrator_adds_one_on_the_user(self):
        admin = self.env["res.users"].with_user(self.user_admin)
        with Form(admin.browse(self.boss.id), view="base.view_users_form") as form:
            with form.mail_identity_ids.new() as line:
                line.email = "boss@a.example"
        self.assertEqual(self.boss.mail_identity_ids.mapped("email"), ["ceo@a.example", "boss@a.example"])
        self.assertEqual(self.boss.mail_identity_ids.company_id, self.company_a)

    def test_the_tab_is_the_administrators(self):
        manager = new_test_user(self.env, "manager", groups="base.group_erp_manager")
        for user, is_shown in ((self.user_admin, True), (manager, False)):
            arch = self.env["res.users"].with_user(user).get_view(self.env.ref("base.view_users_form").id)["arch"]
            self.assertEqual('name="mail_identities"' in arch, is_shown)

    def test_messages_name_the_record_and_the_cure(self):
        for user, company, email, words in (
            (self.zy, self.company_a, "zy@b.example", "zy@b.example.*belongs to B Trading"),
            (self.boss, self.company_b, "boss@b.example", "Boss does not belong to B Trading.*Allow the company"),
            (self.zy, self.company_a, "zy\n@a.example", "line break"),
            (self.zy, self.company_a, "zy", "exactly one @"),
        ):
            with self.subTest(email), self.assertRaisesRegex(ValidationError, words):
                self.grant(user, company, email)

    def test_none_twice(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.grant(self.zy, self.company_a, "zy@a.example")

    def test_an_address_that_two_users_have(self):
        """Were it the first one's alone, the other could not write any more from an address that was always its own."""
        self.user_admin.email = "office@a.example"
        with self.assertRaises(ValidationError) as caught:
            self.grant(self.zy, self.company_a, "Office@a.example")
        self.assertIn(self.user_admin.name, str(caught.exception))
        self.grant(self.user_admin, self.company_a, "office@a.example")
        self.grant(self.zy, self.company_a, "Office@a.example")
