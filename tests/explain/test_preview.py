from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer

from ..common import CUSTOMER
from ..common_identities import IdentitiesCase

STORED = (
    "mail.message",
    "mail.mail",
    "mail.notification",
    "res.partner",
    "ir.attachment",
    "ir.cron.trigger",
    "bus.bus",
)


class PreviewCase(IdentitiesCase):
    """An administrator of A and B previews mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin.write({"company_ids": [(4, cls.company_a.id), (4, cls.company_b.id)]})
        cls.as_admin = cls.env(
            user=cls.user_admin, context={"allowed_company_ids": (cls.company_a + cls.company_b).ids}
        )

    def wizard(self, record=None, **values):
        """Return a preview that was asked for; nobody has connected to a server."""
        values = {"user_id": self.zy.id, "company_id": self.company_a.id, "email_to": CUSTOMER, **values}
        if record:
            values["resource_ref"] = f"{record._name},{record.id}"
        wizard = self.as_admin["mail.routing.preview"].create(values)
        for_real = patch.object(IrMailServer, "_is_test_mode", lambda _self: False)
        with for_real, patch("smtplib.SMTP", side_effect=AssertionError("a session")):
            wizard.action_preview()
        return wizard

    def counts(self):
        """Return the number of rows of each model that a mail could create."""
        self.cr.flush()
        counted = (f"SELECT count(*) FROM {name.replace('.', '_')}" for name in STORED)
        self.cr.execute(" UNION ALL ".join(counted))
        return self.cr.fetchall(), len(self.cr.postcommit._funcs)

    def server_for(self, company, login="box@b.example", **values):
        return self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "smtp_user": login, "company_id": company.id, **values}
        )


@tagged("post_install", "-at_install")
class TestPreview(PreviewCase):
    """I see how a mail would leave, and why, before anything is sent."""

    def test_each_line_has_its_rule(self):
        self.server_for(self.company_b, sender_policy="username")
        wizard = self.wizard(self.record_b)
        self.assertEqual((wizard.mail_company, wizard.why_company), ("B Trading", "the company of the record"))
        self.assertEqual((wizard.server_name, wizard.why_server), ("Out", "a server of the company"))
        self.assertEqual(wizard.header_from, "ZY <box@b.example>")
        self.assertEqual(
            wizard.why_from, "the author's identity for this company; Only its own username, set on the mail server"
        )
        self.assertEqual((wizard.sender, wizard.envelope_from), (False, "box@b.example"))
        self.assertEqual(wizard.why_envelope, "Only its own username, set on the mail server")
        self.assertEqual(
            (wizard.return_path, wizard.reply_to), ("box@b.example", "B Trading Customer B <catchall@b.example>")
        )
        self.assertEqual(wizard.why_reply_to, "the company's catchall")
        self.assertFalse(wizard.problems)

    def test_a_server_on_behalf_shows_its_sender(self):
        self.server_for(self.company_b, sender_policy="on_behalf")
        wizard = self.wizard(self.record_b)
        self.assertEqual((wizard.header_from, wizard.sender), ("ZY <zy@b.example>", "box@b.example"))
        self.assertEqual(wizard.why_sender, "Send on behalf of the author, set on the mail server")

    def test_the_bounce_address_says_why_it_is_there(self):
        server = self.server_for(self.company_b)
        wizard = self.wizard(self.record_b)
        self.assertEqual((wizard.envelope_from, wizard.return_path), ("bounce@b.example", "bounce@b.example"))
        self.assertIn("undeliverable mails come back there", wizard.why_envelope)
        server.from_filter = "zy@b.example"
        wizard = self.wizard(self.record_b)
        self.assertEqual((wizard.envelope_from, wizard.return_path), ("zy@b.example", "bounce@b.example"))
        self.assertIn("FROM Filtering", wizard.why_envelope)

    def test_a_mail_without_a_record_is_of_the_company_it_is_written_for(self):
        self.server_for(self.company_b)
        wizard = self.wizard(company_id=self.company_b.id)
        self.assertEqual(wizard.why_company, "the company that was active when the mail was written")
        self.assertEqual((wizard.header_from, wizard.reply_to), ("ZY <zy@b.example>", "B Trading <catchall@b.example>"))

    def test_a_template_speaks_for_itself(self):
        self.server_for(self.company_b)
        template = self.template("shop@b.example", reply_to="orders@b.example")
        wizard = self.wizard(self.record_b, template_id=template.id)
        self.assertEqual((wizard.header_from, wizard.reply_to), ("shop@b.example", "orders@b.example"))
        self.assertEqual(wizard.why_reply_to, "somebody set it on purpose")

    def test_a_template_that_cannot_be_rendered_says_so(self):
        template = self.template("shop@b.example", subject="{{ object.nothing }}")
        wizard = self.wizard(self.record_b, template_id=template.id)
        self.assertTrue(wizard.problems)
        self.assertFalse(wizard.server_name)

    def test_odoo_writes_as_well(self):
        self.server_for(self.company_b)
        self.domain_b.default_from = "notifications"
        wizard = self.wizard(self.record_b, user_id=False)
        self.assertIn("notifications@b.example", wizard.header_from)

    def test_nothing_is_stored_and_nothing_is_sent(self):
        self.server_for(self.company_b)
        template = self.template("shop@b.example", email_to="new@elsewhere.example", auto_delete=True)
        for values in ({}, {"template_id": template.id}, {"user_id": False}):
            wizard = self.wizard(self.record_b, **values)
            before = self.counts()
            with patch("smtplib.SMTP", side_effect=AssertionError("a session")):
                wizard.action_preview()
            self.assertEqual(self.counts(), before, values)
            self.assertFalse(wizard.problems)

    def test_a_database_without_any_set_up_is_previewed_too(self):
        self.env["mail.sender.identity"].search([]).unlink()
        (self.company_a + self.company_b).write({"mail_domain_id": False})
        self.env["mail.routing.domain"].search([]).unlink()
        self.server_for(self.env["res.company"])
        wizard = self.wizard(self.record_a)
        self.assertTrue(self.env["mail.routing"]._routing_table().is_idle)
        self.assertEqual((wizard.server_name, wizard.why_server), ("Out", "Odoo chose it"))
        self.assertFalse(wizard.problems)


@tagged("post_install", "-at_install")
class TestWhatStopsIt(PreviewCase):
    """I read what would stop a mail, in the words in which a failed mail says it."""

    def test_no_server(self):
        self.server_for(self.company_b)
        wizard = self.wizard(self.record_a)
        self.assertIn(f"{self.company_a.name} has no outgoing mail server", wizard.problems)
        self.assertFalse(wizard.header_from)

    def test_a_foreign_server(self):
        server = self.server_for(self.company_b)
        wizard = self.wizard(self.record_a, mail_server_id=server.id)
        self.assertIn('the mail server "Out", which belongs to B Trading', wizard.problems)

    def test_no_sender(self):
        self.server_for(self.company_b, login="")
        self.company_b.mail_domain_id = False
        self.env["ir.config_parameter"].set_param("mail.default.from", False)
        wizard = self.wizard(self.record_b, email_from="somebody@a.example")
        self.assertIn("The author's address belongs to another company", wizard.problems)

    def test_an_unknown_sender(self):
        server = self.server_for(self.company_b)
        self.company_b.mail_restrict_username = True
        self.env.flush_all()
        self.cr.execute("UPDATE ir_mail_server SET smtp_user = 'box' WHERE id = %s", [server.id])
        self.env.invalidate_all()
        self.env["ir.mail_server"].clear_caches()
        self.assertIn("accepts only its own mailbox as sender", self.wizard(self.record_b).problems)

    def test_a_server_in_trouble(self):
        now = fields.Datetime.now()
        server = self.server_for(self.company_b)
        server.write({"delivery_state": "stopped", "delivery_failing_since": now})
        self.assertIn("Stopped since", self.wizard(self.record_b).problems)
        server.write({"delivery_state": "resting", "delivery_rest_until": now})
        wizard = self.wizard(self.record_b)
        self.assertIn("In trouble since", wizard.problems)
        self.assertTrue(wizard.header_from)

    def test_an_archived_server(self):
        server = self.server_for(self.company_b, active=False)
        wizard = self.wizard(self.record_b, mail_server_id=server.id)
        self.assertIn('"Out" is archived', wizard.problems)

    def test_a_limit_that_is_reached(self):
        server = self.server_for(self.company_b, limit_per_hour=2)
        self.assertFalse(self.wizard(self.record_b).problems)
        row = {"run": 0, "server_id": server.id, "recipients": "", "state": "accepted", "settled": True}
        self.env["mail.delivery"].create([{"mail_id": 1, "date": fields.Datetime.now(), **row} for _ in range(2)])
        self.assertIn("has sent as many mails as its limit allows", self.wizard(self.record_b).problems)

    def test_somebody_elses_identity(self):
        self.server_for(self.company_a)
        wizard = self.wizard(self.record_a, email_from="ceo@a.example")
        self.assertIn("Odoo would tell ZY: You cannot send as ceo@a.example", wizard.problems)

    def test_a_record_that_the_author_may_not_see(self):
        """The mail would leave as the author's own company, the only one that the author may write for."""
        self.server_for(self.company_a)
        self.server_for(self.company_b)
        self.zy.company_id, self.zy.company_ids = self.company_a, self.company_a
        wizard = self.wizard(self.record_b)
        self.assertIn("Odoo would tell ZY:", wizard.problems)
        self.assertTrue(wizard.header_from)

    def test_an_author_outside_the_company(self):
        wizard = self.wizard(user_id=self.boss.id, company_id=self.company_b.id)
        self.assertIn("Boss does not belong to B Trading", wizard.problems)

    def test_no_address_to_send_to(self):
        self.server_for(self.company_b)
        self.assertIn('"nobody" is not an address', self.wizard(self.record_b, email_to="nobody").problems)


@tagged("post_install", "-at_install")
class TestPreviewButtons(PreviewCase):
    """I press Preview a Mail on a form, and it is filled in."""

    def opened(self, record):
        action = record.with_env(self.as_admin).action_preview_mail()
        self.assertEqual(action["res_model"], "mail.routing.preview")
        wizard = self.as_admin["mail.routing.preview"].browse(action["res_id"])
        self.assertTrue(wizard.has_result)
        return wizard

    def test_of_a_company(self):
        self.assertEqual(self.opened(self.company_b).company_id, self.company_b)

    def test_of_a_server(self):
        server = self.server_for(self.company_b)
        wizard = self.opened(server)
        self.assertEqual((wizard.mail_server_id, wizard.company_id), (server, self.company_b))

    def test_of_a_domain(self):
        self.domain_b.default_from = "office"
        wizard = self.opened(self.domain_b)
        self.assertEqual((wizard.email_from, wizard.company_id), ("office@b.example", self.company_b))

    def test_of_a_template(self):
        template = self.template("shop@b.example")
        wizard = self.opened(template)
        self.assertEqual((wizard.template_id, wizard.resource_ref._name), (template, "res.partner"))

    def test_of_a_user(self):
        wizard = self.opened(self.zy)
        self.assertEqual((wizard.user_id, wizard.company_id), (self.zy, self.company_a))


@tagged("post_install", "-at_install")
class TestPreviewAccess(PreviewCase):
    """I see nothing of another company in a preview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_admin.write({"company_id": cls.company_a.id, "company_ids": [(6, 0, cls.company_a.ids)]})
        cls.as_admin = cls.env(user=cls.user_admin, context={"allowed_company_ids": cls.company_a.ids})

    def test_only_administrators(self):
        with self.assertRaises(AccessError):
            self.env["mail.routing.preview"].with_user(self.zy).create({})

    def test_no_mail_of_b(self):
        self.server_for(self.company_b)
        for values in ({"record": self.record_b}, {"company_id": self.company_b.id}):
            wizard = self.wizard(**values)
            self.assertTrue(wizard.problems)
            shown = (wizard.mail_company, wizard.server_name, wizard.header_from, wizard.reply_to)
            self.assertEqual(set(shown), {False})

    def test_no_server_of_b(self):
        server = self.server_for(self.company_b, name="Secret")
        self.server_for(self.company_a, login="box@a.example")
        wizard = self.wizard(self.record_a, mail_server_id=server.id)
        self.assertNotIn("Secret", f"{wizard.problems} {wizard.server_name}")
        template = self.template("shop@a.example", mail_server_id=server.id)
        wizard = self.wizard(self.record_a, template_id=template.id)
        self.assertEqual(wizard.server_name, "a mail server of another company")
        self.assertIn("a mail server of another company", wizard.problems)
        self.assertNotIn("B Trading", wizard.problems)
        # where the author's domain leads there, the administrator learns that, and no name
        self.company_a.mail_server_by_alias_domain = True
        self.identity_a.unlink()
        self.zy.email = "zy@b.example"
        wizard = self.wizard(self.record_a)
        self.assertEqual((wizard.server_name, wizard.problems), ("a mail server of another company", False))
