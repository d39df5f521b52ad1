from odoo.tests import Form, tagged

from ...dev.lab import PASSWORD, Person
from ..common import CUSTOMER
from .common_lab import BOX_B, LabCase


@tagged("post_install", "-at_install")
class TestAssistantLab(LabCase):
    """I type an address and a password, and mail works, with real servers behind it."""

    def setUp(self):
        super().setUp()
        self.env["fetchmail.server"].search([]).unlink()
        self.env["res.company"].search([]).write({"mail_domain_id": False, "mail_catchall_supported": True})
        self.env["mail.routing.domain"].search([]).unlink()
        self.env.user.email = CUSTOMER

    def assistant(self, password=PASSWORD):
        form = Form(self.env["mail.routing.setup"].with_company(self.company_b))
        form.email = BOX_B
        form.password = password
        form.smtp_host = form.incoming_host = self.lab.host
        form.smtp_encryption = "starttls"
        form.smtp_port = self.lab.port["submission"]
        form.incoming_type = "imap"
        form.incoming_ssl = True
        form.incoming_port = self.lab.port["imaps"]
        return form.save()

    def test_from_an_address_to_an_answer(self):
        setup = self.assistant()
        setup.action_set_up()
        self.assertEqual(setup.state, "done", setup.result)
        setup.action_send()
        self.assertEqual(setup.try_state, "sent", setup.try_result)
        received = self.received()
        self.assertEqual(received.mail_from, BOX_B)
        Person(self.lab, CUSTOMER).answer(received)
        self.lab.settle()
        with self.process() as env:
            setup.with_env(env).action_fetch()
        setup.invalidate_recordset()
        self.assertEqual(setup.try_state, "answered", setup.try_result)

    def test_a_wrong_password_leaves_nothing_behind(self):
        setup = self.assistant("wrong")
        setup.action_set_up()
        self.assertEqual(setup.state, "failed")
        self.assertFalse(self.env["ir.mail_server"].with_context(active_test=False).search([]))
