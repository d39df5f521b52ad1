from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...dev.strict_server.faults import END, LISTEN, LOGIN, MAIL, RCPT, Fault
from ...models.words.mail_routing_words_delivery import MEANINGS
from ...routing.delivery.answer_class import AnswerClass
from ..delivery.common_delivery import DeliveryCase

# What brings about each class of answers.
FAULTS = {
    AnswerClass.SENDER: Fault(MAIL, "553 Mail from must equal authorized user"),
    AnswerClass.RECIPIENT: Fault(RCPT, "550 5.1.1 User unknown"),
    AnswerClass.MAILBOX_FULL: Fault(RCPT, "452 4.2.2 Mailbox full"),
    AnswerClass.CONTENT: Fault(END, "554 5.7.1 Spam message rejected"),
    AnswerClass.TEMPORARY: Fault(RCPT, "451 4.7.1 Greylisted, try again later"),
    AnswerClass.RATE: Fault(MAIL, "450 MI:SFQ 163 smtp1"),
    AnswerClass.ACCOUNT: Fault(END, "554 Sending suspended for this account"),
    AnswerClass.LOGIN: Fault(LOGIN, "535 5.7.8 Authentication failed"),
    AnswerClass.CONNECTION: Fault(LISTEN),
    AnswerClass.PERMANENT: Fault(END, "554 5.5.0 Transaction failed"),
}
WAITS = {
    AnswerClass.MAILBOX_FULL,
    AnswerClass.TEMPORARY,
    AnswerClass.RATE,
    AnswerClass.ACCOUNT,
    AnswerClass.LOGIN,
    AnswerClass.CONNECTION,
}


@tagged("post_install", "-at_install")
class TestFailedMails(DeliveryCase):
    """I read in my language what the server said, what it means and what to do, and get there with one click."""

    COMPANIES = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        groups = "base.group_user,base.group_system,base.group_partner_manager"
        cls.user_employee.groups_id |= cls.env.ref("base.group_partner_manager")
        cls.admin = new_test_user(
            cls.env, "admin0", groups, company_id=cls.companies[0].id, company_ids=[(6, 0, cls.companies[0].ids)]
        )

    def failed(self, fault, **values):
        """Send one mail and return it."""
        self.troubled.faults.set(fault)
        mail = self.create_company_mails(1, self.companies[0], **values)
        self.run_queue()
        return mail

    def give_up(self, mail):
        """Let the mail wait until it fails."""
        for _run in range(20):
            if mail.state == "exception":
                break
            self.pass_time(hours=12)
            if self.server.delivery_state != "ok":
                self.server.action_try_now()
            self.run_queue()

    def post(self, fault):
        """Post a message whose mail fails, and return its notification."""
        self.troubled.faults.set(fault)
        self.customer.company_id = self.companies[0]
        message = self.customer.message_post(body="Hi", partner_ids=self.customer.ids, message_type="comment")
        return message.notification_ids

    def test_a_mail_that_is_to_leave_again_is_not_explained_any_more(self):
        """The red envelope is there until it has left."""
        with self.servers():
            notification = self.post(Fault(END, "554 5.5.0 Transaction failed"))
            self.run_queue()
            self.assertEqual(notification.notification_status, "exception")
            mail = notification.mail_mail_id
            self.assertEqual(notification.format_failure_reason(), mail.failure_info)
            mail.write({"route_failure": "no_server=1", "state": "outgoing"})
            self.assertTrue(notification.format_failure_reason())

    def test_each_class_of_answers_has_its_sentence_in_the_readers_language(self):
        self.assertEqual(set(FAULTS), set(AnswerClass))
        for kind, fault in FAULTS.items():
            with self.subTest(kind=kind), self.servers():
                mail = self.failed(fault)
                shown = mail.failure_reason if kind in WAITS else mail.failure_info
                self.assertIn(str(MEANINGS[kind]), shown)
                self.assertIn(fault.answer[4:], shown)
                self.give_up(mail)
                self.assertEqual((mail.state, mail.delivery_class), ("exception", kind.value))
                self.assertIn(str(MEANINGS[kind]), mail.failure_info)
                chinese = mail.with_context(lang="zh_CN")
                meaning = self.env["mail.routing.words"].with_context(lang="zh_CN")._meaning(kind.value)
                self.assertNotEqual(str(meaning), str(MEANINGS[kind]))
                self.assertIn(str(meaning), chinese.failure_info)
                self.assertIn(fault.answer[4:], chinese.failure_info)

    def test_each_leads_to_what_has_to_change(self):
        partner = {"email_to": False, "recipient_ids": self.customer.ids}
        document = {"model": "res.partner", "res_id": self.customer.id}
        expected = {
            AnswerClass.SENDER: ("ir.mail_server", {}),
            AnswerClass.RECIPIENT: ("res.partner", partner),
            AnswerClass.MAILBOX_FULL: ("res.partner", partner),
            AnswerClass.CONTENT: ("res.partner", document),
            AnswerClass.ACCOUNT: ("ir.mail_server", {}),
            AnswerClass.LOGIN: ("ir.mail_server", {}),
            AnswerClass.PERMANENT: (None, {}),
        }
        for kind, (model, values) in expected.items():
            with self.subTest(kind=kind), self.servers():
                mail = self.failed(FAULTS[kind], **values).with_user(self.admin)
                self.give_up(mail)
                self.assertEqual(mail.can_open_setting, bool(model))
                if model:
                    self.assertEqual(mail.action_open_setting()["res_model"], model)

    def test_a_company_without_a_server_gets_one(self):
        with self.servers():
            self.server.active = False
            mail = self.create_company_mails(1, self.companies[0])
            self.run_queue()
            self.assertIn(f"{self.companies[0].name} has no outgoing mail server", mail.failure_info)
            action = mail.action_open_setting()
            self.assertEqual(action["res_model"], "ir.mail_server")
            self.assertEqual(action["context"], {"default_company_id": self.companies[0].id})
            self.assertEqual(mail.route_company_id, self.companies[0])

    def test_the_red_envelope_says_the_same_to_a_colleague_who_may_read_the_message(self):
        self.user_employee.company_ids += self.companies[0]
        with self.servers():
            notification = self.post(FAULTS[AnswerClass.CONTENT])
            self.assertEqual(notification.notification_status, "exception")
            reader = notification.with_user(self.user_employee)
            reader = reader.with_context(allowed_company_ids=self.companies[0].ids)
            self.assertIn(str(MEANINGS[AnswerClass.CONTENT]), reader.format_failure_reason())
            chinese = reader.with_context(lang="zh_CN").format_failure_reason()
            self.assertIn("Spam message rejected", chinese)
            self.assertNotIn(str(MEANINGS[AnswerClass.CONTENT]), chinese)

    def test_the_red_envelope_leads_administrators_to_the_setting(self):
        with self.servers():
            message = self.post(FAULTS[AnswerClass.SENDER]).mail_message_id
            wizards = self.env["mail.resend.message"].with_context(mail_message_to_resend=message.id)
            wizard = wizards.with_user(self.admin).create({})
            self.assertTrue(wizard.can_open_setting)
            self.assertEqual(wizard.action_open_setting()["res_id"], self.server.id)
            self.user_employee.company_ids |= self.companies[0]
            companies = wizards.with_user(self.user_employee).with_context(allowed_company_ids=self.companies[0].ids)
            form = companies.create({})
            with self.assertRaises(AccessError):
                form.action_open_setting()
            self.assertFalse(form.fields_get(["can_open_setting"]))

    def test_all_failed_mails_of_a_server_are_sent_again(self):
        with self.servers():
            self.troubled.faults.set(FAULTS[AnswerClass.CONTENT])
            mails = self.create_company_mails(3, self.companies[0])
            doubtful = self.create_company_mails(1, self.companies[0])
            self.run_queue()
            doubtful._set_in_doubt(["customer@elsewhere.example"], "Odoo was stopped.")
            self.troubled.faults.clear()
            server = self.server.with_user(self.admin)
            self.assertEqual(server.failed_mail_count, 3)
            self.assertEqual(self.env["mail.mail"].search(server.action_open_failed()["domain"]), mails)
            server.action_send_failed_again()
            self.run_queue()
            self.assertEqual(set(mails.mapped("state")), {"sent"})
            self.assertEqual(doubtful.state, "exception")
            self.assertEqual(len(self.troubled.mails), 3)

    def test_the_forms_load(self):
        with self.servers():
            self.failed(FAULTS[AnswerClass.CONTENT])
            self.assertEqual(Form(self.server).failed_mail_count, 1)
