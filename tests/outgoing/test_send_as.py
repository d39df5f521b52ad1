from odoo.tests import tagged

from ..common_identities import IdentitiesCase


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
