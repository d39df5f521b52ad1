from odoo.tests import tagged

from ..common import USERNAME, StrictMailCase, mailboxes

CATCHALL = "catchall.test@test.com"


@tagged("post_install", "-at_install")
class TestCatchallOff(StrictMailCase):
    """My provider delivers real mailboxes only; a reply to catchall@ would be lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"mail_restrict_username": True, "mail_catchall_supported": False})
        cls.env["ir.config_parameter"].set_param("mail.catchall.alias", "catchall.test")

    def reply_to(self, paired=None, **values):
        """Send a mail and return the addresses that replies go to."""
        with self.strict_server():
            self.server.fetchmail_server_id = paired
            self.create_mail(**values).send()
        return [email for _name, email in mailboxes(self.last_mail(), "Reply-To")]

    def test_core_would_ask_for_the_catchall(self):
        """Guards the other tests: without the option, the reply address is the catchall."""
        self.company.mail_catchall_supported = True
        self.assertEqual(self.reply_to(), [CATCHALL])

    def test_replies_go_to_the_servers_paired_mailbox(self):
        self.fetched_mailbox("company@test.com", company_id=self.company.id)
        paired = self.fetched_mailbox("paired@test.com", priority=99)
        self.assertEqual(self.reply_to(paired), ["paired@test.com"])

    def test_else_to_the_companys_mailbox(self):
        self.fetched_mailbox("shared@test.com", priority=1)
        self.fetched_mailbox("company@test.com", company_id=self.company.id)
        self.assertEqual(self.reply_to(), ["company@test.com"])

    def test_else_to_the_author(self):
        self.assertEqual(self.reply_to(), ["zhi@corp.example"])

    def test_never_to_another_companys_mailbox(self):
        self._activate_multi_company()
        foreign = self.fetched_mailbox("foreign@test.com", company_id=self.company_2.id)
        self.assertEqual(self.reply_to(foreign), ["zhi@corp.example"])

    def test_a_mailbox_that_is_not_confirmed_is_not_fetched(self):
        draft = self.fetched_mailbox("draft@test.com", state="draft")
        archived = self.fetched_mailbox("archived@test.com", active=False)
        self.assertEqual(self.reply_to(draft), ["zhi@corp.example"])
        self.assertEqual(self.reply_to(archived), ["zhi@corp.example"])

    def test_a_login_that_is_no_address_is_no_mailbox(self):
        self.assertEqual(self.reply_to(self.fetched_mailbox("kevin")), ["zhi@corp.example"])

    def test_an_alias_is_replaced_too(self):
        partner_model = self.env["ir.model"]._get_id("res.partner")
        self.env["mail.alias"].create({"alias_name": "orders", "alias_model_id": partner_model})
        self.fetched_mailbox("box@test.com")
        self.assertEqual(self.reply_to(reply_to="Orders <orders@test.com>"), ["box@test.com"])

    def test_a_reply_to_set_on_purpose_stays(self):
        self.fetched_mailbox("box@test.com")
        self.assertEqual(self.reply_to(reply_to="sales@test.com"), ["sales@test.com"])

    def test_without_an_alias_domain_replies_still_come_back(self):
        """Core would ask for replies to the author, which Odoo never sees."""
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", False)
        self.fetched_mailbox("box@test.com")
        self.assertEqual(self.reply_to(), ["box@test.com"])

    def test_it_holds_where_the_server_keeps_the_author(self):
        self.company.mail_restrict_username = False
        self.fetched_mailbox("box@test.com")
        with self.strict_server("open"):
            self.create_mail().send()
        self.assertEqual([email for _name, email in mailboxes(self.last_mail(), "Reply-To")], ["box@test.com"])

    def test_a_mail_without_any_author_asks_for_replies_to_the_server(self):
        self.env["ir.config_parameter"].set_param("mail.default.from", False)
        self.assertEqual(self.reply_to(email_from=False), [USERNAME])

    def test_an_author_that_is_the_catchall_itself_gets_no_replies(self):
        """A company without an address of its own writes as its catchall."""
        self.assertEqual(self.reply_to(email_from=f"YourCo <{CATCHALL}>"), [USERNAME])

    def test_upper_case_makes_no_difference(self):
        domain = self.env["mail.routing.domain"].create({"name": "b.example", "catchall_alias": "Replies"})
        self.company.mail_domain_id = domain
        self.assertEqual(self.reply_to(reply_to="replies@b.example"), ["zhi@corp.example"])
        self.assertEqual(self.reply_to(), ["zhi@corp.example"])

    def test_the_name_in_front_stays(self):
        """Customers see the company and the document they reply to."""
        self.fetched_mailbox("box@test.com")
        with self.strict_server():
            self.create_mail(model="res.partner", res_id=self.customer.id).send()
        [(name, email)] = mailboxes(self.last_mail(), "Reply-To")
        self.assertEqual((name, email), (f"{self.company.name} Customer", "box@test.com"))
