from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMailServer
from odoo.addons.mail.tests.common import MailCommon

from ..optional import need

DOMAINS = ("a.example", "b.example", "Corp.Example", "c.example")
FILTERS = ("", False, *DOMAINS, "zhi@a.example", "Notify@b.example", "notify@c.example")
SENDERS = (*DOMAINS, "elsewhere.example")


@tagged("post_install", "-at_install")
class TestServerChoice(MailCommon):
    """No server has a company: mine are chosen in the order that I know from Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).unlink()
        cls.env.company.mail_restrict_username = True
        box = {"smtp_host": "localhost", "smtp_user": "box@a.example"}
        cls.servers = cls.env["ir.mail_server"].create([{"name": f"S{n}", **box} for n in range(5)])
        cls.parameters = cls.env["ir.config_parameter"].sudo()

    def choices(self, author):
        """Return (server id, sender of the session) as the addon decides it, and as Odoo does."""
        server, smtp_from = self.env["ir.mail_server"]._odoo_chooser()(author)
        found, sender = IrMailServer._find_mail_server(self.env["ir.mail_server"], author)
        return (server.id, smtp_from or author), (found.id if found else None, sender or author)

    def test_the_order_is_odoos(self):
        hypothesis = need("hypothesis")
        st = hypothesis.strategies

        @hypothesis.settings(max_examples=300, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(
            st.lists(st.tuples(st.sampled_from(FILTERS), st.booleans()), min_size=5, max_size=5),
            st.permutations(range(5)),
            st.sampled_from(["zhi", "Notify", "li"]),
            st.sampled_from(SENDERS),
            st.sampled_from(["", "notify", "notify@c.example", "Notify@Corp.example", "other@b.example"]),
        )
        def check(rows, sequences, local, domain, default_from):
            for server, (from_filter, active), sequence in zip(self.servers, rows, sequences, strict=True):
                server.write({"from_filter": from_filter, "active": active, "sequence": sequence})
            self.parameters.set_param("mail.default.from", default_from)
            self.parameters.set_param("mail.catchall.domain", "b.example")
            for author in (f"{local}@{domain}", f'"Zhi, Co." <{local}@{domain}>'):
                ours, odoos = self.choices(author)
                self.assertEqual(ours, odoos)

        check()

    def test_without_servers_the_one_in_odoo_conf_has_to_do(self):
        self.servers.active = False
        for from_filter in ("", "a.example", "b.example", "zhi@a.example", "other.example"):
            self.parameters.set_param("mail.default.from_filter", from_filter)
            self.parameters.set_param("mail.default.from", "notify@b.example")
            ours, odoos = self.choices("zhi@a.example")
            self.assertEqual(ours, odoos)

    def test_an_author_without_an_address_is_odoos_own_matter(self):
        self.servers[0].from_filter = "a.example"
        for author in ("", "OdooBot"):
            ours, odoos = self.choices(author)
            self.assertEqual(ours, odoos)

    def test_another_addon_still_has_its_say(self):
        """Some addons choose a server by rules of their own; they are asked for each author, as Odoo asks them."""
        second = self.servers[1]

        def find(servers, email_from, mail_servers=None):
            return second, "other@a.example"

        mail = self.env["mail.mail"].create({"email_from": "zhi@a.example", "email_to": "x@elsewhere.example"})
        self.assertEqual(self.env["mail.routing"]._decide(mail)[mail.id].server_id, self.servers[0].id)
        with patch.object(type(self.env["ir.mail_server"]), "_find_mail_server", find):
            route = self.env["mail.routing"]._decide(mail)[mail.id]
        self.assertEqual(route.server_id, second.id)
