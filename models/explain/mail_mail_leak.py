import logging

import psycopg2

from odoo import models

from ...routing.outgoing.leak import find_leaks
from ..setup.mail_routing import CONFIG_SERVER_ID
from .wire_headers import wire_headers

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Looks at each mail when its server took it: did it leave with anything of another company?"""

    _inherit = "mail.mail"

    def _count_run(self, run):
        """Note how many mails were looked at, in one query."""
        if run.checked:
            self.env["mail.routing.checked"]._note(run.checked)
            run.checked.clear()
        return super()._count_run(run)

    def _check_for_leaks(self, run):
        """Look at the bytes that the server took, whatever was decided before, and whoever changed them after it."""
        route = run.attempt.route
        if route and run.attempt.handed:
            run.checked[route.mail_company_id] += 1
            self._check_left(run.attempt, route.mail_company_id, self._leaves_as(route))
        return super()._check_for_leaks(run)

    def _leaves_as(self, route):
        """Return the companies that a mail may leave as: its own, and one that its author belongs to and led it to."""
        company = self.env["mail.routing"]._routing_table().company(route.mail_company_id)
        follows = company.server_by_alias_domain or company.server_by_reply_to
        if route.company_id == company.id or not follows:
            return {company.id}
        return {company.id}.union({route.company_id}.intersection(self.sudo().author_id.user_ids.company_ids.ids))

    def _check_left(self, attempt, company_id, company_ids):
        """Store what is suspicious of a mail that left; a mail that is not costs no query."""
        envelope, message = attempt.handed
        headers = wire_headers(message)
        wire = {
            "from": headers["From"],
            "sender": headers["Sender"],
            "envelope": envelope,
            "reply_to": headers["Reply-To"],
        }
        server_id = None if attempt.server_id == CONFIG_SERVER_ID else attempt.server_id
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
