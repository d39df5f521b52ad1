from collections import defaultdict

from odoo import models, tools

from ..routing.table import KEEP
from .mail_routing import ROUTE_KEY


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _split_by_mail_configuration(self):
        """Send all mails that a server sends under its own name in one session, whoever wrote them.

        Core groups by author as well, because the session would rewrite the From header.
        """
        routing = self.env["mail.routing"]
        batches = super()._split_by_mail_configuration()
        if routing._routing_table().is_idle:
            yield from batches
            return
        shared = defaultdict(list)
        for server_id, smtp_from, mail_ids in batches:
            routes = routing._decide(self.browse(mail_ids), routing._server(server_id))
            kept = [mail_id for mail_id in mail_ids if routes[mail_id].policy == KEEP]
            shared[server_id] += [mail_id for mail_id in mail_ids if routes[mail_id].policy != KEEP]
            if kept:
                yield server_id, smtp_from, kept
        batch_size = int(self.env["ir.config_parameter"].sudo().get_param("mail.session.batch.size", 1000))
        for server_id, mail_ids in shared.items():
            for batch_ids in tools.split_every(batch_size, mail_ids):
                yield server_id, None, batch_ids

    def _send(self, auto_commit=False, raise_exception=False, smtp_session=None):
        """Hand on each mail's route to the place where the message is about to leave."""
        routing = self.env["mail.routing"]
        if routing._routing_table().is_idle:
            return super()._send(auto_commit, raise_exception, smtp_session)
        routes = routing._decide(self, self.env["ir.mail_server"]._session_server(smtp_session))
        for mail in self:
            mail = mail.with_context(**{ROUTE_KEY: routes.get(mail.id)})
            super(MailMail, mail)._send(auto_commit, raise_exception, smtp_session)
        return True
