from lxml import etree

from odoo.tests import tagged

from ..common import CUSTOMER, mailboxes
from .test_companies import CompaniesCase


@tagged("post_install", "-at_install")
class TestMultiCompanyNeighbour(CompaniesCase):
    """I have OCA's mail_multicompany as well, which sets a server on every message when it is written.

    The tests hold without it, too; `make oca-test` runs them with it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain_b.default_from = "office"

    def post(self, record, author="zy@gmail.example"):
        """Write in A's window about a record, as ZY."""
        return record.with_company(self.company_a).message_post(
            body="Hi",
            author_id=self.zy.partner_id.id,
            email_from=f'"ZY" <{author}>',
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def test_a_message_about_bs_record_leaves_through_bs_server(self):
        """Written in A's window, sent as B."""
        with self.servers(a="open", b="open"):
            self.post(self.record_b)
        self.assertEqual(self.sent()[0][0], "box@b.example")

    def test_the_chatter_keeps_the_author(self):
        """B's server takes b.example only, so the mail leaves as B's office; the message stays ZY's."""
        with self.servers(a="open", b="open"):
            self.server_of["b"].from_filter = "b.example"
            message = self.post(self.record_b)
        self.assertEqual(message.email_from, '"ZY" <zy@gmail.example>')
        self.assertEqual(mailboxes(self.last_mail(), "From"), [("ZY", "office@b.example")])

    def test_among_the_servers_of_one_company_its_ladder_decides(self):
        """Code that asks among B's servers gets one of them, with the author as it was."""
        with self.servers(a="open", b="open"):
            servers = self.server_of["b"]
            found = self.env["ir.mail_server"]._find_mail_server("ZY <zy@gmail.example>", servers)
        self.assertEqual(found, (servers, "ZY <zy@gmail.example>"))

    def test_the_company_stands_on_a_form_once(self):
        self.env.user.groups_id += self.env.ref("base.group_multi_company")
        for model in ("ir.mail_server", "fetchmail.server"):
            for view_type in ("form", "tree", "search"):
                with self.subTest(f"{model} {view_type}"):
                    arch = etree.fromstring(self.env[model].get_view(view_type=view_type)["arch"])
                    self.assertEqual(len(arch.xpath("//field[@name='company_id']")), 1)

    def test_among_all_servers_the_current_company_decides(self):
        with self.servers(a="open", b="open"):
            everything = self.env["ir.mail_server"].search([])
            found = self.env["ir.mail_server"]._find_mail_server("zy@a.example", everything)
        self.assertEqual(found, (self.server_of["a"], "zy@a.example"))


@tagged("post_install", "-at_install")
class TestStaticNeighbour(CompaniesCase):
    """I have OCA's mail_outbound_static as well, where a server has one From for all but some domains."""

    def setUp(self):
        super().setUp()
        if "domain_whitelist" not in self.env["ir.mail_server"]._fields:
            self.skipTest("The module mail_outbound_static is not installed: make oca-test.")

    def test_each_server_has_its_own_static_sender(self):
        """B's mail never carries A's static From, whichever server comes first."""
        # written before there is a server, so that mail_multicompany sets none on them
        mails = self.mail(self.record_a) + self.mail(self.record_b, "zy@b.example")
        with self.servers(a="open", b="open"):
            for name in ("a", "b"):
                self.server_of[name].smtp_from = f"static@{name}.example"
            mails.send()
        self.assertEqual(
            {row[:2] for row in self.sent(2)},
            {("box@a.example", "static@a.example"), ("box@b.example", "static@b.example")},
        )

    def test_code_without_a_mail_has_the_static_sender_of_its_server(self):
        with self.servers(a="open", b="open"):
            self.server_of["a"].smtp_from = "static@a.example"
            self.server_of["b"].smtp_from = "static@b.example"
            servers = self.env["ir.mail_server"].with_company(self.company_b)
            servers.send_email(servers.build_email("zy@b.example", [CUSTOMER], "Direct", "Body"))
        self.assertEqual(self.sent()[0][:2], ("box@b.example", "static@b.example"))

    def test_an_identity_in_an_allowed_domain_stays(self):
        self.identity(self.company_b, "zy@b.example")
        with self.servers(b="open"):
            self.server_of["b"].write({"smtp_from": "static@b.example", "domain_whitelist": "b.example"})
            self.mail(self.record_b, "zy@a.example").send()
        self.assertEqual(self.sent()[0][:2], ("box@b.example", "zy@b.example"))

    def test_restrict_username_wins(self):
        """A strict server takes its username only, whatever else is set on it."""
        self.company_b.mail_restrict_username = True
        with self.servers(b="tencent"):
            self.server_of["b"].smtp_from = "static@b.example"
            self.mail(self.record_b).send()
        self.assertEqual(self.sent()[0][1:4], ("box@b.example", "", "box@b.example"))

    def test_a_name_with_a_comma_stays_one_sender(self):
        with self.servers(b="open"):
            self.server_of["b"].smtp_from = "static@b.example"
            self.mail(self.record_b, '"作者 0, Co." <zy@b.example>').send()
        self.assertEqual(mailboxes(self.last_mail(), "From"), [("作者 0, Co.", "static@b.example")])
