import smtplib
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import SMTP_TIMEOUT

from ...models.delivery.connection import CONNECT_TIMEOUT
from ..common import StrictMailCase


@tagged("post_install", "-at_install")
class TestPatience(StrictMailCase):
    """A server that looks at a mail for half a minute gets the time: else a mail that arrives counts as failed."""

    def time_limits(self):
        """Return how long an open session waits for the greeting, and for the answer to a mail."""
        with self.strict_server("open"):
            connections = []

            def get_timeout(session):
                connections.append(session.sock.gettimeout())
                return getreply(session)

            getreply = smtplib.SMTP.getreply
            with patch.object(smtplib.SMTP, "getreply", get_timeout):
                session = self.env["ir.mail_server"].connect(mail_server_id=self.server.id)
            self.addCleanup(session.close)
            return connections[0], session.__obj__.sock.gettimeout()

    def test_with_nothing_set_up_odoo_waits_as_it_does(self):
        self.assertTrue(self.env["mail.routing"]._routing_table().is_idle)
        self.assertEqual(self.time_limits(), (SMTP_TIMEOUT, SMTP_TIMEOUT))

    def test_only_a_server_that_does_not_appear_gets_less(self):
        self.company.mail_restrict_username = True
        self.assertEqual(self.time_limits(), (CONNECT_TIMEOUT, SMTP_TIMEOUT))
