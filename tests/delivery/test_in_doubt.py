from unittest.mock import patch

from odoo.tests import tagged

from ...dev.strict_server.faults import END, Fault
from ...routing.delivery.session_monitor import SessionMonitor
from .common_delivery import DeliveryCase
from .test_faults import DOUBTFUL


@tagged("post_install", "-at_install")
class TestInDoubt(DeliveryCase):
    """The connection ends while a mail is handed over: the server may have it, and a person says whether it has."""

    COMPANIES = 3
    MAILS = 2

    def run_into(self, fault, **values):
        """Send mails, the first of which is in doubt then; return it and the one behind it."""
        mails = self.create_company_mails(**values)
        self.run_queue()
        self.assertEqual(self.subjects(self.well), self.expected(self.companies[1:]))
        first, second = mails[:2]
        self.assertEqual(first.state, "exception", fault)
        self.assertIn(first.delivery_doubt, first.failure_reason)
        self.assert_waits(second)
        self.troubled.faults.clear()
        self.pass_time(minutes=10)
        self.run_queue()
        first.mark_outgoing()
        first.action_retry()
        self.run_queue()
        self.assertEqual((first.state, second.state), ("exception", "sent"))
        self.assertEqual(len(self.troubled.mails), 2 if "stored" in fault else 1)
        return first

    def check_each(self, check):
        for fault in sorted(DOUBTFUL):
            with self.subTest(fault), self.servers(fault):
                check(fault)

    def test_it_arrived(self):
        def check(fault):
            first = self.run_into(fault)
            before = len(self.troubled.mails)
            first.action_has_arrived()
            self.run_queue()
            self.assertEqual((first.state, first.delivery_doubt), ("sent", False))
            self.assertEqual(len(self.troubled.mails), before)
            # somebody who has not seen it yet decides otherwise
            first.action_send_again()
            first.action_has_arrived()
            self.run_queue()
            self.assertEqual(len(self.troubled.mails), before)

        self.check_each(check)

    def test_send_again(self):
        def check(fault):
            first = self.run_into(fault)
            before = len(self.troubled.mails)
            first.action_send_again()
            self.run_queue()
            self.assertEqual((first.state, first.delivery_doubt), ("sent", False))
            self.assertEqual(len(self.troubled.mails), before + 1)
            # somebody who has not seen it yet presses a button, too
            first.action_send_again()
            first.action_has_arrived()
            self.run_queue()
            self.assertEqual((first.state, len(self.troubled.mails)), ("sent", before + 1))

        self.check_each(check)

    def test_those_who_have_it_and_those_who_were_not_tried(self):
        """The second of three is in doubt; the first has it, the third was not tried: nobody gets it twice."""
        partners = self.env["res.partner"].create([{"name": x, "email": f"{x}@there.example"} for x in "abc"])
        with self.servers():
            mail = self.create_company_mails(1, self.companies[0], recipient_ids=partners.ids, email_to=False)
            # takes the second mail, and says nothing
            self.troubled.faults.set(Fault(END, closes=True, keeps=True, after=1, times=1))
            self.run_queue()
            self.troubled.faults.clear()
            self.assertEqual(mail.delivery_doubt, "b@there.example")
            self.assertEqual(mail._done(), {"a@there.example"})
            mail.action_has_arrived()
            self.pass_time(minutes=2)
            self.run_queue()
            self.assertEqual(mail.state, "sent")
            self.assertEqual([stored.rcpt_tos for stored in self.troubled.mails], [(p.email,) for p in partners])

    def test_where_exceptions_are_wanted(self):
        """Whoever catches the exception has a mail that Retry does not send either."""
        with self.servers("silent after DATA, stored"):
            mail = self.create_company_mails(1, self.companies[0])
            self.assertTrue(self.fails(mail))
            self.troubled.faults.clear()
            mail.action_retry()
            self.run_queue()
            self.assertEqual((mail.state, mail.delivery_doubt), ("exception", mail.email_to))
            self.assertEqual(len(self.troubled.mails), 1)

    def test_an_interruption_that_is_no_answer(self):
        """A limit of time strikes while the answer is due: the next mail does not take it for its own."""
        with self.servers():
            mails = self.create_company_mails(3, self.companies[0])
            self.interrupt_first_answer()
            self.run_queue()
            self.assertEqual(mails.mapped("state"), ["exception", "sent", "sent"])
            self.assertEqual(mails[0].delivery_doubt, mails[0].email_to)
            self.assertEqual(mails[2].delivery_doubt, False)

    def interrupt_first_answer(self):
        """Raise what is no error of SMTP at the end of the first message."""
        struck = []

        def write(watch, text):
            core(watch, text)
            if watch.is_pending and not struck:
                struck.append(text)
                raise RuntimeError("CPU time limit exceeded.")

        core = SessionMonitor._write
        patcher = patch.object(SessionMonitor, "_write", write)
        patcher.start()
        self.addCleanup(patcher.stop)
