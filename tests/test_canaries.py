import inspect
from email.message import EmailMessage
from unittest.mock import MagicMock, patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_mail_server as core_mail_server
from odoo.addons.base.models.ir_autovacuum import is_autovacuum
from odoo.addons.mail.models.fetchmail import MAIL_TIMEOUT

from .common import CUSTOMER, StrictMailCase
from .flows import FlowsCase
from .overrides import fired, is_ours, named, overrides, wrappers

# What we put a method around where its module is installed; each has tests of its own.
WRAPPED = {
    ("account.journal", "_compute_alias_domain"),
    ("digest.digest", "_action_send_to_user"),
    ("hr.recruitment.source", "_compute_has_domain"),
}


@tagged("post_install", "-at_install")
class TestOverridesFire(FlowsCase):
    """One canary for all core methods that we override: it dies when core stops calling one of them."""

    def test_each_override_is_called(self):
        """If this fails for a new override, add to a flow what a person does to come there."""
        with fired(self.registry) as called:
            self.run_flows()
        missed = [named(override) for override in overrides(self.registry) if override not in called]
        self.assertTrue(called)
        self.assertFalse(missed, "Core calls these no longer, or no flow comes there")

    def test_wrapped_methods(self):
        """Their modules are not among ours."""
        installed = {(model, name) for model, name in WRAPPED if model in self.env}
        self.assertEqual({(cls._name, name) for cls, name in wrappers(self.registry)}, installed)


@tagged("post_install", "-at_install")
class TestCanaries(StrictMailCase):
    """What else we take for granted in core: each dies when core does it in another way."""

    def test_connections_are_made_by_a_name_that_we_replace(self):
        self.assertTrue(is_ours(core_mail_server.SMTPConnection))
        with self.strict_server("open"), patch.object(core_mail_server, "SMTPConnection") as connection:
            self.env["ir.mail_server"].connect(mail_server_id=self.server.id)
        self.assertTrue(connection.called)

    def test_a_session_sends_by_send_message(self):
        """It is smtplib's, and calls ``sendmail``, which a session of ours does in its own way."""
        servers = self.env["ir.mail_server"]
        message = servers.build_email("zhi@corp.example", [CUSTOMER], "Hi", "Body")
        session = MagicMock(smtp_from=False, from_filter=False)
        with self.strict_server("open"):
            servers.send_email(message, smtp_session=session)
        self.assertTrue(session.send_message.called)

    def test_connect_still_looks_for_the_server_itself(self):
        """We look first to know the server; core must still use the one we found."""
        self.company.mail_restrict_username = True
        with self.strict_server("open"):
            session = self.env["ir.mail_server"].connect(smtp_from="zhi@corp.example")
            session.close()
            self.assertEqual(session.mail_company_routing_server.id, self.server.id)

    def take_in(self, **headers):
        """Process a mail as the fetching of mailboxes does."""
        message = EmailMessage()
        for name, value in {"From": CUSTOMER, "To": "box@strict.example", "Subject": "New", **headers}.items():
            message[name] = value
        message.set_content("Hi")
        return self.env["mail.thread"].message_process("res.partner", message.as_bytes())

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_core_still_ignores_a_known_message_id(self):
        """Own mail that is still there is core's to ignore; we only record it."""
        known = self.customer.message_post(body="Hi").message_id
        self.assertIs(self.take_in(**{"Message-Id": known}), False)

    def test_core_still_looks_at_references_alone(self):
        """In-Reply-To counts for core only where there are no References; we put it among them."""
        known = self.customer.message_post(body="Hi").message_id
        replaced = {"In-Reply-To": known, "References": "<1@provider.example>"}
        self.assertNotEqual(self.take_in(**replaced), self.customer.id)
        self.company.mail_restrict_username = True
        self.assertEqual(self.take_in(**replaced), self.customer.id)

    def test_routes_are_five_values(self):
        """We correct the user of a route, and read its alias."""
        model = self.env["ir.model"]._get("res.partner").id
        alias = self.env["mail.alias"].create({"alias_name": "desk", "alias_model_id": model})
        to = f"desk@{alias.alias_domain}"
        threads = self.env["mail.thread"]
        message = EmailMessage()
        message["From"], message["To"], message["Message-Id"] = CUSTOMER, to, "<1@elsewhere.example>"
        message.set_content("Hi")
        parsed = threads.message_parse(message)
        [route] = threads.message_route(message, parsed)
        self.assertEqual((len(route), route[0], route[4]), (5, "res.partner", alias))

    def test_the_constraint_of_core_has_our_name(self):
        """Ours replaces it under that name, and the uninstall gives it back."""
        [core] = [
            cls for cls in type(self.env["mail.alias"]).mro() if cls.__module__.endswith("mail.models.mail_alias")
        ]
        self.assertIn(("alias_unique", "UNIQUE(alias_name)"), [row[:2] for row in core._local_sql_constraints])

    def test_imap_has_a_time_limit(self):
        """Core means to set one, and loses it on the way; a connection begins with ours."""
        with patch("socket.create_connection", side_effect=OSError) as connect, self.assertRaises(OSError):
            self.fetched_mailbox("box@strict.example").connect()
        seconds = connect.call_args.args[1]
        self.assertTrue(0 < seconds <= MAIL_TIMEOUT, seconds)

    def test_the_words_for_no_route(self):
        """If core says this, we tell the remedy in our own words."""
        with self.assertRaisesRegex(ValueError, "^No possible route found"):
            self.env["mail.thread"].message_process(None, "From: a@elsewhere.example\r\nTo: b@test.com\r\n\r\nHello")

    def test_old_unrouted_mails_are_cleaned_away(self):
        """Core's daily cleaning, which commits and so is not run here, finds its tasks by a mark."""
        self.assertTrue(inspect.getmembers(type(self.env["mail.unrouted.message"]), is_autovacuum))
