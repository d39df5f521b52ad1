from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CUSTOMER
from ..delivery.common_delivery import MUTED
from .common_lab import BOX_A, BOX_B, BOX_C, LabCase


@tagged("post_install", "-at_install")
class TestCompanyOptions(LabCase):
    """Each option of a company, on and off: what the customer receives, and through which login it came."""

    def setUp(self):
        super().setUp()
        self.company_b.mail_restrict_username = False

    def send(self, record=None, author='"ZY" <zy@b.example>', **values):
        mail = self.mail(record or self.record_b, author, **values)
        with mute_logger(*MUTED):
            mail.send()
        return mail

    def open_servers(self):
        """Create a server of each company that takes any sender."""
        for login, company in ((BOX_A, self.company_a), (BOX_B, self.company_b)):
            self.outgoing(login, "open", company_id=company.id)

    def assert_received(self, header_from, envelope, reply_to, login=BOX_B):
        """Check the senders and the reply address of the one mail, and who logged in to send it."""
        received = self.received()
        self.assertEqual(self.addresses(received, "From", "Reply-To"), (header_from, reply_to, envelope))
        self.assertEqual(self.lab.log.logins(), [login])

    def test_restrict_username_on(self):
        self.company_b.mail_restrict_username = True
        self.outgoing(BOX_B, "submissions", company_id=self.company_b.id)
        self.assert_sent(self.send())
        self.assert_received(BOX_B, BOX_B, BOX_B)

    def test_restrict_username_off(self):
        self.open_servers()
        self.assert_sent(self.send())
        self.assert_received("zy@b.example", "bounce@b.example", BOX_B)

    def test_default_alias_domain_on(self):
        self.open_servers()
        self.send(self.record_a, '"ZY" <zy@a.example>')
        self.assert_received("zy@a.example", "bounce@a.example", "catchall@a.example", BOX_A)

    def test_default_alias_domain_off(self):
        """The system parameters apply."""
        self.env["ir.config_parameter"].set_param("mail.catchall.domain", "a.example")
        self.env["ir.config_parameter"].set_param("mail.catchall.alias", "replies")
        self.company_a.mail_domain_id = False
        self.open_servers()
        self.send(self.record_a, '"ZY" <zy@a.example>')
        received = self.received()
        self.assertEqual(self.addresses(received, "Reply-To")[0], "replies@a.example")

    def test_reply_to_by_company_on(self):
        """Postfix takes the answer to it."""
        self.company_a.write({"mail_reply_to_by_company": True, "mail_reply_to_prefix": "info"})
        self.open_servers()
        self.send(self.record_a, '"ZY" <zy@a.example>')
        self.assert_received("zy@a.example", "bounce@a.example", "info@a.example", BOX_A)
        self.buyer.answer(self.received())
        [answer] = self.box(BOX_A)
        self.assertEqual(answer.recipient, "info@a.example")

    def test_from_by_company_on(self):
        self.company_b.mail_from_by_company = True
        self.open_servers()
        self.send(author='"ZY" <zy@gmail.example>')
        self.assert_received("zy@b.example", "bounce@b.example", BOX_B)

    def test_from_by_company_on_for_who_is_no_user(self):
        self.company_b.mail_from_by_company = True
        self.domain_b.default_from = "notifications"
        self.open_servers()
        self.send(author=f'"Customer" <{CUSTOMER}>', author_id=self.record_b.id)
        self.assert_received("notifications@b.example", "bounce@b.example", BOX_B)

    def test_from_by_company_off(self):
        self.open_servers()
        self.send(author='"ZY" <zy@gmail.example>')
        self.assert_received("zy@gmail.example", "bounce@b.example", BOX_B)

    def own_server_of_c(self):
        """Give B's second domain a server of its own; both take B's bounce address, its own alone c.example."""
        self.lab.mailboxes.add(BOX_B, senders=("bounce@b.example",))
        self.lab.mailboxes.add(BOX_C, senders=("bounce@b.example", "@c.example"))
        self.outgoing(BOX_B, company_id=self.company_b.id, sequence=1)
        self.domain_c.mail_server_id = self.outgoing(BOX_C, company_id=self.company_b.id, sequence=9)
        self.identity(self.company_b, "zy@c.example")

    def test_server_by_alias_domain_on(self):
        self.company_b.mail_server_by_alias_domain = True
        self.own_server_of_c()
        self.assert_sent(self.send(author='"ZY" <zy@a.example>'))
        self.assertEqual(self.addresses(self.received(), "From"), ("zy@c.example", "bounce@b.example"))
        self.assertEqual(self.lab.log.logins(), [BOX_C])

    def test_server_by_alias_domain_off(self):
        self.own_server_of_c()
        self.assert_sent(self.send(author='"ZY" <zy@a.example>'))
        self.assertEqual(self.addresses(self.received(), "From"), ("zy@c.example", "bounce@b.example"))
        self.assertEqual(self.lab.log.logins(), [BOX_B])

    def test_server_by_reply_to_on(self):
        self.company_b.mail_server_by_reply_to = True
        self.own_server_of_c()
        self.env["mail.sender.identity"].search([]).unlink()
        self.env["ir.mail_server"].search([]).sender_policy = "username"
        self.assert_sent(self.send(reply_to="sales@c.example"))
        self.assertEqual(self.lab.log.logins(), [BOX_C])
        self.assertEqual(self.addresses(self.received(), "From", "Reply-To"), (BOX_C, "sales@c.example", BOX_C))

    def test_server_by_reply_to_off(self):
        self.own_server_of_c()
        self.env["mail.sender.identity"].search([]).unlink()
        self.env["ir.mail_server"].search([]).sender_policy = "username"
        self.assert_sent(self.send(reply_to="sales@c.example"))
        self.assertEqual(self.lab.log.logins(), [BOX_B])

    def test_catch_all_on_where_the_provider_has_none(self):
        """What the option is for: Postfix knows no catchall@b.example, and the answer comes back to the customer."""
        self.company_b.mail_catchall_supported = True
        self.open_servers()
        self.send()
        self.assert_received("zy@b.example", "bounce@b.example", "catchall@b.example")
        self.buyer.answer(self.received())
        self.assertFalse(self.box(BOX_B))
        [_mail, report] = self.buyer.mails()
        self.assertEqual(report.message.get_content_type(), "multipart/report")
        self.assertIn(b"catchall@b.example", report.data)

    def test_catch_all_off(self):
        self.open_servers()
        self.send()
        self.assert_received("zy@b.example", "bounce@b.example", BOX_B)
        self.buyer.answer(self.received())
        [answer] = self.box(BOX_B)
        self.assertEqual(answer.message["Subject"], "Re: Order")

    def test_catch_all_off_and_a_paired_reply_mailbox(self):
        paired = self.fetched_mailbox(BOX_C, company_id=self.company_b.id, priority=99)
        self.outgoing(BOX_B, "open", company_id=self.company_b.id, fetchmail_server_id=paired.id)
        self.send()
        self.assert_received("zy@b.example", "bounce@b.example", BOX_C)
        self.buyer.answer(self.received())
        self.assertEqual(len(self.box(BOX_C)), 1)

    def test_another_companys_server_is_never_taken(self):
        self.outgoing(BOX_A, "open", company_id=self.company_a.id)
        mail = self.send()
        self.assertEqual(mail.state, "exception")
        self.assertFalse(self.lab.log.logins())
        self.assertFalse(self.buyer.mails())
