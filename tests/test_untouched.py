import re
from contextlib import ExitStack, contextmanager

from odoo.tests import tagged

from ..models.incoming.ir_config_parameter_incoming import IrConfigParameter as IrConfigParameterIncoming
from ..models.incoming.mail_thread import MailThread
from ..models.incoming.mail_thread_automatic import MailThread as MailThreadAutomatic
from ..models.incoming.mail_thread_bounce import MailThread as MailThreadBounce
from ..models.incoming.mail_thread_copy import MailThread as MailThreadCopy
from ..models.incoming.mail_thread_own import MailThread as MailThreadOwn
from ..models.incoming.mail_thread_preview import MailThread as MailThreadPreview
from ..models.incoming.mail_thread_recorded import MailThread as MailThreadRecorded
from ..models.incoming.mail_thread_reply import MailThread as MailThreadReply
from ..models.incoming.mail_thread_sender_check import MailThread as MailThreadSenderCheck
from ..models.outgoing.base import Base
from ..models.outgoing.ir_mail_server import IrMailServer
from ..models.outgoing.ir_mail_server_session import IrMailServer as IrMailServerSession
from ..models.outgoing.mail_mail import MailMail
from ..models.outgoing.mail_message import MailMessage
from ..models.outgoing.mail_template_recipients import MailTemplate as MailTemplateRecipients
from ..models.outgoing.mail_thread_answer import MailThread as MailThreadAnswer
from ..models.outgoing.mail_thread_recipients import MailThread as MailThreadRecipients
from ..models.setup.ir_config_parameter import IrConfigParameter
from ..models.setup.mail_alias_domain import MailAlias
from ..models.setup.res_company import ResCompany
from .common import StrictMailCase

OVERRIDES = (
    (Base, ("_notify_get_reply_to",)),
    (IrConfigParameter, ("get_param",)),
    (IrConfigParameterIncoming, ("get_param",)),
    (IrMailServer, ("_find_mail_server", "_get_default_from_address", "_prepare_email_message")),
    (IrMailServerSession, ("connect",)),
    (MailAlias, ("_search", "_compute_alias_domain")),
    (
        MailThread,
        ("message_route", "_routing_check_route", "_detect_loop_sender", "_message_route_process", "message_new"),
    ),
    (MailThreadBounce, ("message_route", "_routing_handle_bounce")),
    (MailThreadOwn, ("message_route",)),
    (MailThreadCopy, ("message_process", "message_parse")),
    (MailThreadPreview, ("_message_route_process",)),
    (
        MailThreadRecorded,
        (
            "message_process",
            "message_parse",
            "_message_route_process",
            "_detect_loop_headers",
            "_detect_loop_sender",
            "_routing_create_bounce_email",
        ),
    ),
    (
        MailThreadRecipients,
        ("_mail_find_partner_from_emails", "_message_add_suggested_recipient", "_notify_thread_by_email"),
    ),
    (MailTemplateRecipients, ("generate_recipients",)),
    (MailThreadAutomatic, ("_routing_create_bounce_email",)),
    (MailThreadReply, ("message_route",)),
    (MailThreadAnswer, ("_notify_get_recipients", "_notify_by_email_get_final_mail_values")),
    (MailThreadSenderCheck, ("_message_route_process",)),
    (MailMail, ("send", "_split_by_mail_configuration", "_send")),
    (MailMessage, ("create",)),
    (ResCompany, ("_compute_catchall",)),
)


@contextmanager
def without_the_addon():
    """Run core's sending as if the addon were not installed: take its overrides out of its classes for a while."""
    with ExitStack() as stack:
        for cls, names in OVERRIDES:
            for name in names:
                stack.callback(setattr, cls, name, vars(cls)[name])
                delattr(cls, name)
        yield


def comparable(data):
    """Return a raw mail without the parts that differ from mail to mail: Message-Id, Date and MIME boundaries."""
    data = re.sub(rb"(?im)^(message-id|date): .*(\r\n[ \t].*)*\r\n", b"", data)
    return re.sub(rb"={5,}\d+==", b"BOUNDARY", data)


@tagged("post_install", "-at_install")
class TestUntouched(StrictMailCase):
    """I installed the addon and ticked nothing: my mails are what they were, byte for byte."""

    MAILS = (
        {},
        {"email_from": '"作者 0, Co." <zhi@corp.example>', "reply_to": "sales@corp.example"},
        {"email_from": '"A" <a@corp.example>, "B" <b@corp.example>'},
        {"email_from": "zhi@test.com", "email_cc": "copy@elsewhere.example"},
        {"email_from": False},
        {"headers": "{'Return-Path': 'verp+1@test.com', 'X-Own': 'yes'}"},
        {"attachment_ids": [(0, 0, {"name": "a.txt", "raw": b"attached"})]},
    )

    def send_all(self):
        """Send the same mails once more and return what arrived, in a form that can be compared."""
        before = len(self.strict.mails)
        mails = self.env["mail.mail"].concat(*(self.create_mail(**values) for values in self.MAILS))
        mails.send()
        servers = self.env["ir.mail_server"]
        servers.send_email(servers.build_email("Zhi <zhi@corp.example>", ["x@elsewhere.example"], "Direct", "Body"))
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        return sorted(
            (stored.mail_from, stored.rcpt_tos, comparable(stored.data)) for stored in self.strict.mails[before:]
        )

    def compare(self, **server):
        with self.strict_server("open"):
            self.server.write(server)
            installed = self.send_all()
            with without_the_addon():
                stock = self.send_all()
        self.assertEqual(len(installed), len(self.MAILS) + 1)
        self.assertEqual(installed, stock)

    def test_without_a_filter(self):
        self.compare()

    def test_with_a_domain_filter(self):
        self.compare(from_filter="test.com")

    def test_with_an_address_filter(self):
        self.compare(from_filter="notifications@test.com")

    def test_with_another_companys_option_on(self):
        """The option of one company leaves the mails of another alone."""
        self._activate_multi_company()
        self.company_2.mail_restrict_username = True
        self.compare()

    def test_the_comparison_sees_a_difference(self):
        """Guards the other tests: with an option on they would fail."""
        self.company.mail_restrict_username = True
        with self.assertRaises(AssertionError):
            self.compare()
