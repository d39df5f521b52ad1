import imaplib
import poplib
import smtplib
from functools import wraps

from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.base.models import ir_mail_server
from odoo.addons.mail.models import fetchmail

from ...dev.mailbox_server import Mailbox, MailboxServer
from ...dev.strict_server import Account, StrictServer
from ...models.delivery.connection import short_timeouts
from ...models.mailbox.connection import budgeted
from ...models.setup import mail_routing_hook
from ...routing.budget import Budget, Budgeted


@tagged("post_install", "-at_install")
class TestPatchedModules(BaseCase):
    """A process serves other databases, too, which have no addon: there, Odoo connects as it always did."""

    def test_smtp(self):
        with StrictServer([Account("box@b.example", "secret")]) as server:
            session = ir_mail_server.SMTPConnection(server.host, server.port, "none")
            self.addCleanup(session.close)
            self.assertIs(type(session.__obj__), smtplib.SMTP)
            self.assertEqual(session.__obj__.sock.gettimeout(), ir_mail_server.SMTP_TIMEOUT)
            with short_timeouts():
                ours = ir_mail_server.SMTPConnection(server.host, server.port, "none")
            self.addCleanup(ours.close)
            self.assertIsInstance(ours.__obj__, Budgeted)

    def test_mailboxes(self):
        with MailboxServer(Mailbox()) as server:
            for connection, port, kind in (
                (fetchmail.IMAP4Connection, server.imap_port, imaplib.IMAP4),
                (fetchmail.POP3Connection, server.pop_port, poplib.POP3),
            ):
                with self.subTest(kind.__name__):
                    session = connection(server.host, port, False)
                    self.addCleanup(getattr(session.__obj__, "shutdown", None) or session.__obj__.close)
                    self.assertIs(type(session.__obj__), kind)
                    with budgeted(Budget()):
                        ours = connection(server.host, port, False)
                    self.addCleanup(getattr(ours.__obj__, "shutdown", None) or ours.__obj__.close)
                    self.assertIsInstance(ours.__obj__, Budgeted)
                    self.assertEqual(ours.__obj__.sock.gettimeout(), fetchmail.MAIL_TIMEOUT)

    def test_the_libraries_are_as_they_were(self):
        """Core itself gives imaplib's sockets a method of its own."""
        self.assertEqual(imaplib.IMAP4._create_socket.__module__, fetchmail.__name__)
        self.assertNotIn("ID", imaplib.Commands)
        for library in (imaplib, poplib, smtplib):
            modules = [getattr(value, "__module__", None) for value in vars(library).values()]
            self.assertFalse([module for module in modules if "mail_company_routing" in str(module)])


@tagged("post_install", "-at_install")
class TestWrappedMethods(TransactionCase):
    """Methods of models that may not be there are wrapped on the registry's classes, as other addons do, too."""

    def setUp(self):
        super().setUp()
        self.base = type("Base", (), {"greet": lambda records: ["core"]})
        self.cls = type("Registry", (self.base,), {})
        self.patch(mail_routing_hook, "WRAPPED", (("a.model", "greet", wrapper("ours")),))
        self.hook = self.env["mail.routing"]
        get = type(self.registry).get
        self.patch(
            type(self.registry),
            "get",
            lambda registry, name, *default: self.cls if name == "a.model" else get(registry, name, *default),
        )

    def greet(self):
        return self.cls().greet()

    def test_ours_goes_and_comes_once(self):
        self.hook._register_hook()
        self.hook._register_hook()
        self.assertEqual(self.greet(), ["core", "ours"])
        self.hook._unregister_hook()
        self.hook._unregister_hook()
        self.assertEqual(self.greet(), ["core"])
        self.assertNotIn("greet", vars(self.cls))

    def test_what_was_there_before_comes_back(self):
        theirs = self.cls.greet = wrapper("theirs")(self.cls.greet)
        self.hook._register_hook()
        self.assertEqual(self.greet(), ["core", "theirs", "ours"])
        self.hook._unregister_hook()
        self.assertIs(vars(self.cls)["greet"], theirs)

    def test_what_came_later_stays(self):
        self.hook._register_hook()
        theirs = self.cls.greet = wrapper("theirs")(self.cls.greet)
        self.hook._unregister_hook()
        self.assertIs(vars(self.cls)["greet"], theirs)
        self.assertEqual(self.greet(), ["core", "ours", "theirs"])


def wrapper(name):
    """Return what wraps a method so that it adds a name."""

    def wrap(method):
        @wraps(method)
        def greet(records):
            return [*method(records), name]

        return greet

    return wrap
