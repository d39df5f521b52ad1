from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...routing import address
from ..common import CUSTOMER, mailboxes
from .test_writers import AS_A, AS_B, WritersCase

# What Odoo's own apps write without a user, or for another one: what it needs, and why it leaves as the company of
# Berta, who works for B, though the queue, the crons and OdooBot work in A. Each has a method of its name below.
WRITTEN = {
    "mailing": ("mailing.mailing", "a mailing is its responsible's"),
    "mailing_to_contacts_of_others": ("mailing.mailing", "the records of a mailing are its recipients"),
    "mailing_with_a_server": ("mailing.mailing", "the server that is set on it is its company's"),
    "mailing_test": ("mailing.mailing.test", "the test of a mailing leaves as the mailing does"),
    "mailing_figures": ("mailing.mailing", "the figures are written to the responsible, as the responsible"),
    "meeting_invitation": ("calendar.event", "an invitation is the organizer's"),
    "meeting_reminder": ("calendar.event", "a reminder is the organizer's, though the cron sends it"),
    "activity": ("mail.activity", "OdooBot plans it; it is written for whom it is assigned to"),
    "activity_on_a_record": ("mail.activity", "a record's company comes first"),
    "automatic_action": ("ir.actions.server", "the template speaks for the salesperson of the contact"),
    "automatic_action_of_odoobot": ("ir.actions.server", "nobody is named, so the contact's salesperson counts"),
    "digest": ("digest.digest", "a digest is of the company of whom it is written for"),
    "password_reset": ("auth_signup", "the record is the user, who has a company"),
    "lead_assigned": ("crm.lead", "it is written for the salesperson"),
    "applicant_refused": ("hr.applicant", "a record's company comes first"),
    "survey_invitation": ("survey.invite", "a person writes, in the company that is active"),
    "scheduled_message": ("mail.message.schedule", "it was written in B, and is sent later"),
}


class OdooWritesCase(WritersCase):
    """Berta works for B alone; the queue, the crons and OdooBot work in A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ["base.group_user", "base.group_partner_manager"]
        for optional in (
            "mass_mailing.group_mass_mailing_user",
            "survey.group_survey_manager",
            "sales_team.group_sale_salesman",
        ):
            groups += [optional] if cls.env.ref(optional, raise_if_not_found=False) else []
        cls.berta = new_test_user(
            cls.env,
            "berta",
            groups=",".join(groups),
            name="Berta",
            email="berta@b.example",
            company_id=cls.company_b.id,
            company_ids=[(6, 0, cls.company_b.ids)],
            notification_type="email",
        )
        for user in (cls.ann, cls.zy):
            user.groups_id |= cls.berta.groups_id
        cls.as_berta = cls.env(user=cls.berta, context={"allowed_company_ids": cls.company_b.ids})

    def make_mailing(self, env=None, **values):
        env = env or self.as_berta
        return env["mailing.mailing"].create(
            {
                "subject": "News",
                "body_html": "<p>News</p>",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": repr([("id", "=", self.free.id)]),
                **values,
            }
        )

    def send_mailing(self, mailing):
        """Let the cron send it, as OdooBot and in A."""
        mailing.action_put_in_queue()
        self.env["mailing.mailing"]._process_mass_mailing_queue()


@tagged("post_install", "-at_install")
class TestWrittenByOdoo(OdooWritesCase):
    """I work for B; what Odoo writes for me leaves as B, whichever company its robot works in."""

    def test_each_leaves_as_my_company(self):
        with self.servers(a="open", b="open"):
            for name, (model, why) in WRITTEN.items():
                if not self.is_there(model):
                    continue
                with self.subTest(name, why=why):
                    self.strict.mails.clear()
                    getattr(self, name)()
                    self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
                    self.assertTrue(self.strict.mails, self.strict.refusals)
                    for stored in self.strict.mails:
                        self.assertEqual(stored.login, "box@b.example")
                        emails = [email for header in ("From", "Reply-To") for _n, email in mailboxes(stored, header)]
                        domains = {address.domain(email) for email in [*emails, stored.mail_from]}
                        self.assertNotIn("a.example", domains, emails)

    def test_all_apps_of_this_test_are_there(self):
        """A table that is not run says nothing."""
        if "mailing.mailing" not in self.env:
            self.skipTest("Odoo's apps are not installed.")
        self.assertFalse([model for model, _why in WRITTEN.values() if not self.is_there(model)])

    def is_there(self, model):
        return model in self.env or (model == "auth_signup" and hasattr(self.env["res.users"], "action_reset_password"))

    def mailing(self):
        self.send_mailing(self.make_mailing())

    def mailing_to_contacts_of_others(self):
        mailing = self.make_mailing()
        mailing.sudo().mailing_domain = repr([("id", "=", self.record_a.id)])
        self.send_mailing(mailing)

    def mailing_with_a_server(self):
        self.send_mailing(self.make_mailing(mail_server_id=self.server_of["b"].id))

    def mailing_test(self):
        values = {"mass_mailing_id": self.make_mailing().id, "email_to": CUSTOMER}
        self.as_berta["mailing.mailing.test"].create(values).send_mail_test()

    def mailing_figures(self):
        mailing = self.make_mailing().sudo().with_user(1)
        mailing.write({"state": "done", "sent_date": fields.Datetime.now() - timedelta(days=2)})
        mailing._action_send_statistics()

    def meeting(self):
        now = fields.Datetime.now()
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": now + timedelta(hours=1),
                "stop": now + timedelta(hours=2),
                "user_id": self.berta.id,
                "partner_ids": [(6, 0, (self.free + self.berta.partner_id).ids)],
            }
        )

    def meeting_invitation(self):
        template = self.env.ref("calendar.calendar_template_meeting_invitation")
        self.meeting().attendee_ids._send_mail_to_attendees(template, force_send=True)

    def meeting_reminder(self):
        template = self.env.ref("calendar.calendar_template_meeting_reminder")
        self.meeting().attendee_ids._send_mail_to_attendees(template, force_send=True)

    def activity(self):
        self.free.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=self.berta.id)

    def activity_on_a_record(self):
        self.record_b.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=self.berta.id)

    def run_action(self, email_from):
        self.free.user_id = self.berta
        self.template.email_from = email_from
        action = self.env["ir.actions.server"].create(
            {
                "name": "Remind",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "mail_post",
                "mail_post_method": "email",
                "template_id": self.template.id,
            }
        )
        action.with_context(active_model="res.partner", active_id=self.free.id, active_ids=self.free.ids).run()

    def automatic_action(self):
        self.run_action("{{ object.user_id.email_formatted }}")

    def automatic_action_of_odoobot(self):
        self.run_action(False)

    def digest(self):
        digest = self.env["digest.digest"].create({"name": "Weekly", "user_ids": [(6, 0, self.berta.ids)]})
        digest.action_send_manual()

    def password_reset(self):
        self.berta.with_context(create_user=False).action_reset_password()

    def lead_assigned(self):
        lead = self.env["crm.lead"].create({"name": "Lead", "company_id": False, "user_id": False, "team_id": False})
        lead.user_id = self.berta

    def applicant_refused(self):
        self.template.write(
            {"model_id": self.env["ir.model"]._get_id("hr.applicant"), "email_from": "{{ object.company_id.email }}"}
        )
        stage = self.env["hr.recruitment.stage"].create({"name": "Sorry", "template_id": self.template.id})
        values = {"name": "Developer", "company_id": self.company_b.id, "email_from": CUSTOMER, "partner_name": "C"}
        applicant = self.env["hr.applicant"].create(values)
        self.flush_tracking()
        applicant.stage_id = stage
        self.flush_tracking()
        self.template.write({"model_id": self.env["ir.model"]._get_id("res.partner"), "email_from": False})

    def survey_invitation(self):
        survey = self.env["survey.survey"].create({"title": "Survey", "user_id": self.berta.id})
        values = {"survey_id": survey.id, "emails": CUSTOMER, "subject": "Hi", "body": "Hi"}
        self.as_berta["survey.invite"].create(values).action_invite()

    def scheduled_message(self):
        later = fields.Datetime.now() + timedelta(days=1)
        self.post(self.free, self.as_berta, scheduled_date=later)
        self.env["mail.message.schedule"].search([]).force_send()


@tagged("post_install", "-at_install")
class TestMailings(OdooWritesCase):
    """A mailing leaves from the company of its sender."""

    def setUp(self):
        super().setUp()
        if "mailing.mailing" not in self.env:
            self.skipTest("Email Marketing (mass_mailing) is not installed.")

    def test_who_is_in_two_companies(self):
        """I choose by the sender, which is proposed for the active company."""
        as_zy = self.env(user=self.zy, context={"allowed_company_ids": (self.company_b + self.company_a).ids})
        mailing = self.make_mailing(as_zy)
        self.assertEqual(mailing.email_from, '"ZY" <zy@b.example>')
        with self.servers(a="open", b="open"):
            self.send_mailing(mailing)
            self.assertEqual(self.left_as(), AS_B)
            self.send_mailing(self.make_mailing(as_zy, email_from="zy@a.example"))
            self.assertEqual(self.left_as(), AS_A)

    def test_nobody_mails_as_a_company_of_others(self):
        """Whoever may write mailings may write all of them."""
        for values in ({"user_id": self.berta.id}, {"user_id": self.zy.id, "email_from": "sales@b.example"}):
            with self.subTest(values), self.assertRaisesRegex(AccessError, "B Trading"):
                self.make_mailing(self.as_ann, **values)
        mailing = self.make_mailing()
        with self.assertRaisesRegex(AccessError, "B Trading"):
            mailing.with_env(self.as_ann).body_html = "<p>Pay to me</p>"
        mailing.body_html = "<p>More</p>"

    def test_the_form_proposes_my_sender(self):
        as_zy = self.env(user=self.zy, context={"allowed_company_ids": (self.company_b + self.company_a).ids})
        self.assertEqual(Form(as_zy["mailing.mailing"]).email_from, '"ZY" <zy@b.example>')


@tagged("post_install", "-at_install")
class TestWordsAndNames(WritersCase):
    """What is written into the headers fits the company that the mail leaves as."""

    def test_an_invitation_to_follow(self):
        """The wizard writes the author's address as the reply address, too."""
        as_zy = self.env(user=self.zy, context={"allowed_company_ids": (self.company_a + self.company_b).ids})
        values = {"res_model": "res.partner", "res_id": self.record_b.id, "message": "<p>Come</p>", "send_mail": True}
        invite = as_zy["mail.wizard.invite"].create({**values, "partner_ids": [(6, 0, self.customer.ids)]})
        with self.servers(a="open", b="open"):
            invite.add_followers()
            [(login, header_from, _sender, _envelope, reply_to)] = self.sent()
        self.assertEqual((login, header_from, reply_to), ("box@b.example", "zy@b.example", "zy@b.example"))

    def test_the_name_of_the_reply_address(self):
        """A lead of B, in a team that has no company; I work in A."""
        if "crm.lead" not in self.env:
            self.skipTest("CRM (crm) is not installed.")
        team = self.env["crm.team"].create({"name": "Sales", "company_id": False, "alias_name": "sales"})
        lead = self.env["crm.lead"].create({"name": "Lead", "team_id": team.id, "company_id": self.company_b.id})
        with self.servers(a="open", b="open"):
            lead.message_post(body="Hi", partner_ids=self.customer.ids, author_id=self.zy.partner_id.id)
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            [(name, email)] = mailboxes(self.last_mail(), "Reply-To")
        self.assertEqual((name, email), ("B Trading Sales", "sales@b.example"))

    def test_headers_of_another_company(self):
        """An addon sets them; core would take the Return-Path for the envelope."""
        headers = {"Sender": "office@b.example", "Return-Path": "office@b.example"}
        with self.servers(a="open"):
            self.mail(self.record_a, headers=repr(headers)).send()
        [(_login, header_from, sender, envelope, _reply_to)] = self.sent()
        self.assertEqual((header_from, sender, envelope), ("zy@a.example", "", "bounce@a.example"))

    def test_two_addresses_in_my_e_mail(self):
        self.zy.email = "zy@a.example, private@home.example"
        with self.servers(a="open"):
            self.mail(self.record_a, self.zy.email_formatted).send()
            self.assertEqual([email for _name, email in mailboxes(self.last_mail(), "From")], ["zy@a.example"])

    def test_a_long_name_with_a_comma(self):
        """Python loses its quotes where it breaks the line."""
        name = "Kim, " + "Very Long " * 7 + "Name"
        for author in (f'"{name}" <zy@a.example>', f'"{name} 公司" <zy@a.example>'):
            with self.subTest(author), self.servers(a="open"):
                self.mail(self.record_a, author, reply_to=author, reply_to_force_new=True).send()
                for header in ("From", "Reply-To"):
                    self.assertEqual([email for _n, email in mailboxes(self.last_mail(), header)], ["zy@a.example"])
                self.server_of["a"].unlink()
