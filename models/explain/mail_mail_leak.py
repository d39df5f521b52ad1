import logging
from contextlib import contextmanager

import psycopg2

from odoo import models

from ...routing.outgoing.leak import find_leaks
from ..delivery.run import Run
from ..setup.mail_routing import CONFIG_SERVER_ID
from .wire_headers import wire_headers

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Looks at each mail when its server took it: did it leave with anything of another company?"""

    _inherit = "mail.mail"

    @contextmanager
    def _start_sending(self, auto_commit, raise_exception):
        """Note in the end how many mails were looked at, in one query."""
        with super()._start_sending(auto_commit, raise_exception) as sending:
            yield sending
        if isinstance(sending, Run) and sending.checked:
            self.env["mail.routing.checked"]._note(sending.checked)

    def _send_one(self, server, send):
        """Look at the bytes that the server took, whatever was decided before, and whoever changed them after it."""
        run = self._run()
        route = run and run.departure.route
        # a mail is perhaps deleted when it has left
        company_ids = route and self._leaves_as(route)
        result = super()._send_one(server, send)
        if route and run.departure.handed:
            run.checked[route.mail_company_id] += 1
            self._check_left(run.departure, route.mail_company_id, company_ids)
        return result

    def _leaves_as(self, route):
        """Return the companies that a mail may leave as: its own, and one that its author belongs to and led it to."""
        company = self.env["mail.routing"]._routing_table().company(route.mail_company_id)
        follows = company.server_by_alias_domain or company.server_by_reply_to
        if route.company_id == company.id or not follows:
            return {company.id}
        return {company.id}.union({route.company_id}.intersection(self.sudo().author_id.user_ids.company_ids.ids))

    def _check_left(self, departure, company_id, company_ids):
        """Store what is suspicious of a mail that left; a mail that is not costs no query."""
        envelope, message = departure.handed
        headers = wire_headers(message)
        wire = {
            "from": headers["From"],
            "sender": headers["Sender"],
            "envelope": envelope,
            "reply_to": headers["Reply-To"],
        }
        server_id = None if departure.server_id == CONFIG_SERVER_ID else departure.server_id
        leaks = find_leaks(self.env["mail.routing"]._routing_table(), company_ids, server_id, wire)
        if not leaks:
            return
        _logger.warning("A mail of company %s left with something of another company: %s", company_id, leaks)
        try:
            with self.env.cr.savepoint():
                self.env["mail.routing.leak"].sudo()._note(company_id, server_id, leaks, wire, headers)
        except psycopg2.Error:
            # the mail has left: that must not send it again
            _logger.info("A leak is not stored", exc_info=True)
