from odoo.tests import tagged

from ..explain.common_probe import ProbeCase
from .common_lab import BOX_A, BOX_B, LabCase


@tagged("post_install", "-at_install")
class TestProbeLab(LabCase):
    """Before I send anything, I see what Postfix takes, and what arrives in Dovecot's mailboxes."""

    press = ProbeCase.press
    answers = ProbeCase.answers
    states = ProbeCase.states

    def probe(self, login, port, company, box):
        """Ask the senders, and send the test mails to the company's mailbox."""
        server = self.outgoing(login, port, company_id=company.id, fetchmail_server_id=box.id)
        probe = self.env["mail.server.probe"]._create_for(server)
        self.press(probe, "action_send")
        self.lab.settle()
        self.press(probe, "action_look")
        return probe

    def test_a_strict_server_without_a_catchall(self):
        probe = self.probe(BOX_B, "submissions", self.company_b, self.box_b)
        self.assertEqual(self.answers(probe), {"own": True, "other": False, "bounce": False, "foreign": False})
        self.assertEqual((probe.policy, probe.catchall), ("username", "off"))
        self.assertEqual(probe.sub_addresses, "on")

    def test_a_server_with_a_catchall_that_takes_its_whole_domain(self):
        probe = self.probe(BOX_A, "submission", self.company_a, self.box_a)
        self.assertEqual(self.answers(probe), {"own": True, "other": True, "bounce": True, "foreign": False})
        self.assertEqual(probe.catchall, "on")

    def test_a_server_that_checks_the_header_only(self):
        probe = self.probe(BOX_B, "header", self.company_b, self.box_b)
        self.assertEqual(set(self.answers(probe).values()), {True})
        self.assertEqual(probe.policy, "username")
