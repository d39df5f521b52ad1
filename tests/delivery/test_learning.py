from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...dev.strict_server.faults import END, LOGIN, MAIL, RCPT, Fault
from ..common import CUSTOMER, USERNAME, StrictMailCase
from .common_delivery import MUTED

WORDINGS = ("tencent", "netease", "postfix", "header")
NO_SENDER_REFUSALS = (
    Fault(MAIL, "554 DT:SPM 163 smtp1, please see the help page"),
    Fault(MAIL, "450 MI:SFQ 163 smtp1, please see the help page"),
    Fault(END, "554 5.7.1 Spam message rejected"),
    Fault(LOGIN, "535 5.7.8 Authentication failed"),
    Fault(RCPT, "550 5.1.1 User unknown"),
    Fault(RCPT, "550 5.7.1 Relaying denied"),
)

# No rule knows these for a refused sender; they only speak of it.
SPEAK_OF_THE_SENDER = (
    Fault(MAIL, "554 5.7.0 This identity is not welcome", times=1),
    Fault(RCPT, "554 5.7.1 Relay access denied", times=1),
    Fault(END, "554 5.7.0 Strange From header", times=1),
    Fault(END, "550 5.4.6 Unusual sending activity detected from x", times=1),
)


@tagged("post_install", "-at_install")
class TestLearning(StrictMailCase):
    """Nothing is ticked, the provider refuses the author: the mail leaves all the same, and so does every other."""

    def create_mails(self, count=100):
        mails = self.env["mail.mail"]
        for number in range(count):
            mails |= self.create_mail(f'"Author {number}, Co." <a{number}@corp.example>', subject=f"Order {number}")
        return mails

    def send(self, mails):
        with mute_logger(*MUTED):
            mails.send()

    def activities(self):
        return self.env["mail.activity"].search([("res_model", "=", "ir.mail_server")])

    def assert_all_arrived(self, mails, refusals=1):
        self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))
        subjects = sorted(str(stored.message["Subject"]) for stored in self.strict.mails)
        self.assertEqual(subjects, sorted(mails.mapped("subject")))
        self.assertEqual(len(self.strict.refusals), refusals)
        for stored in self.strict.mails:
            self.assert_only_own_sender(stored)

    def test_hundred_authors_one_refusal_one_activity(self):
        admins = self.env.ref("base.group_system").users.filtered(lambda user: not user.share)
        for wording in WORDINGS:
            with self.subTest(wording=wording), self.strict_server(wording):
                self.assertTrue(self.env["mail.routing"]._routing_table().is_idle)
                mails = self.create_mails()
                self.send(mails)
                self.assert_all_arrived(mails)
                names = {self.from_header(stored) for stored in self.strict.mails}
                self.assertEqual(names, {f'"Author {n}, Co." <{USERNAME}>' for n in range(100)})
                self.assertEqual(self.activities().user_id, admins)
                self.assertEqual(len(self.activities()), len(admins))
                self.activities().unlink()

    def test_a_server_of_a_company_learns_in_the_session_that_is_open(self):
        for wording in WORDINGS:
            for pipelining in (False, True):
                with self.subTest(wording=wording, pipelining=pipelining):
                    with self.strict_server(wording) as strict:
                        strict.pipelining = pipelining
                        self.server.company_id = self.company
                        mails = self.create_mails(20)
                        self.send(mails)
                        self.assert_all_arrived(mails)
                        self.assertEqual(strict.sessions, 1)
                        self.assertEqual(set(mails.mapped("route_from")), set(map(self.from_header, strict.mails)))
                        self.assertIn("refused another sender", mails[-1].route_trace)

    def test_what_was_learned_is_kept_shown_and_forgotten(self):
        with self.strict_server():
            self.send(self.create_mails(1))
            self.assertRegex(self.server.sender_refusal, "^501 mail from address must be same as authorization user")
            self.assertTrue(self.server.sender_refusal_date)
            self.assertIn(f'leave as "Author Name" <{USERNAME}>', self.server.sender_refusal_info)
            self.assertIn(f'"Author Name" <{USERNAME}>', self.server.sender_policy_info)
            self.send(self.create_mails(1))
            self.assertEqual(len(self.strict.refusals), 1)
            self.server.action_forget_refusal()
            self.assertFalse(self.server.sender_refusal_info)
            self.assertFalse(self.activities())
            self.assertTrue(self.env["mail.routing"]._routing_table().is_idle)
            self.send(self.create_mails(1))
            self.assertEqual(len(self.strict.refusals), 2)

    def test_another_login_policy_or_host_is_asked_anew(self):
        with self.strict_server():
            for values in ({"smtp_user": "zhi@strict.example"}, {"sender_policy": "keep"}, {"smtp_host": "localhost"}):
                self.server.write({"sender_refusal": "501 No", "sender_policy": "auto"})
                self.server.sender_refusal = "501 No"
                self.server.write(values)
                self.assertFalse(self.server.sender_refusal, values)

    def test_nothing_else_teaches_it_that(self):
        for fault in NO_SENDER_REFUSALS:
            with self.subTest(fault=fault.answer), self.strict_server("open") as strict:
                strict.faults.set(fault)
                mail = self.create_mails(1)
                self.send(mail)
                self.assertFalse(self.server.sender_refusal)
                self.assertTrue(strict.faults.struck, mail.failure_reason)
                self.assertFalse(strict.mails)

    def test_words_that_no_rule_knows_are_tried_as_the_username(self):
        """It was the sender, as the mail leaves without the author."""
        for fault in SPEAK_OF_THE_SENDER:
            for company in (self.env["res.company"], self.company):
                with self.subTest(fault=fault.answer, company=company.name), self.strict_server("open") as strict:
                    self.server.company_id = company
                    strict.faults.set(fault)
                    mails = self.create_mails(3)
                    self.send(mails)
                    self.assertEqual(len(strict.faults.struck), 1)
                    self.assertEqual(set(mails.mapped("state")), {"sent"}, mails.mapped("failure_reason"))
                    self.assertEqual(len(strict.mails), 3)
                    for stored in strict.mails:
                        self.assert_only_own_sender(stored)
                    self.assertEqual(self.server.sender_refusal, fault.answer)
                    self.assertEqual(self.server.delivery_state, "ok")

    def test_what_is_refused_from_the_username_too_was_not_the_sender(self):
        for company in (self.env["res.company"], self.company):
            with self.subTest(company=company.name), self.strict_server("open") as strict:
                self.server.company_id = company
                strict.faults.set(Fault(MAIL, "554 5.7.0 This identity is not welcome", times=2))
                mails = self.create_mails(2)
                self.send(mails)
                self.assertEqual(mails.mapped("state"), ["exception", "sent"])
                self.assertFalse(self.server.sender_refusal)
                # the next one is not sent as the username for it
                self.assertNotIn(USERNAME, str(strict.mails[0].message["From"]))

    def test_it_is_sent_twice_at_most(self):
        with self.strict_server("open") as strict:
            strict.faults.set(Fault(MAIL, "553 Mail from must equal authorized user"))
            mails = self.create_mails(3)
            self.send(mails)
            self.assertEqual(set(mails.mapped("state")), {"exception"})
            self.assertEqual(len(strict.faults.struck), 4)

    def test_whoever_decided_is_left_alone(self):
        with self.strict_server():
            self.server.sender_policy = "keep"
            mail = self.create_mails(1)
            self.send(mail)
            self.assertEqual(mail.state, "exception")
            self.assertFalse(self.server.sender_refusal)

    def test_a_message_that_code_sends_keeps_its_recipients_and_parts(self):
        for wording in WORDINGS:
            with self.subTest(wording=wording), self.strict_server(wording), mute_logger(*MUTED):
                servers = self.env["ir.mail_server"]
                message = servers.build_email(
                    "zhi@corp.example",
                    [CUSTOMER],
                    "Hidden",
                    "Hello",
                    email_bcc=["boss@elsewhere.example"],
                    attachments=[("a.txt", b"attached", "text/plain")],
                    headers={"X-Forge-To": "Sales <sales@corp.example>"},
                )
                servers.send_email(message, mail_server_id=self.server.id)
                stored = self.last_mail()
                self.assert_only_own_sender(stored)
                self.assertEqual(stored.rcpt_tos, (CUSTOMER, "boss@elsewhere.example"))
                self.assertNotIn("Bcc", stored.message)
                self.assertEqual(stored.message["To"], "Sales <sales@corp.example>")
                self.assertIn(b"attached", [part.get_payload(decode=True) for part in stored.message.walk()])
                # Postfix answers to each recipient
                self.assertEqual(len(self.strict.refusals), 2 if wording == "postfix" else 1)

    def test_a_host_without_a_record_is_left_alone(self):
        with self.strict_server() as strict, mute_logger(*MUTED):
            servers = self.env["ir.mail_server"]
            message = servers.build_email("zhi@corp.example", [CUSTOMER], "Hello", "Hello")
            login = {"smtp_user": USERNAME, "smtp_password": "secret", "smtp_encryption": "none"}
            with self.assertRaises(MailDeliveryException):
                servers.send_email(message, smtp_server=strict.host, smtp_port=strict.port, **login)
            self.assertFalse(self.server.sender_refusal)
            servers.send_email(message, mail_server_id=None)
            self.assertTrue(self.server.sender_refusal)
            self.assert_only_own_sender(self.last_mail())

    def test_code_that_wants_exceptions_does_not_see_the_refusal(self):
        for company in (False, self.company):
            with self.subTest(company=company), self.strict_server("postfix"), mute_logger(*MUTED):
                self.server.company_id = company
                mails = self.create_mails(2)
                mails.send(raise_exception=True)
                self.assert_all_arrived(mails)

    def test_code_sees_a_refusal_that_nothing_mends(self):
        with self.strict_server("open") as strict, mute_logger(*MUTED):
            strict.faults.set(Fault(MAIL, "553 Mail from must equal authorized user"))
            with self.assertRaises(MailDeliveryException):
                self.create_mails(1).send(raise_exception=True)
