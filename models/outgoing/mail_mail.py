import json
import logging

import psycopg2

from odoo import api, fields, models

from ..setup.mail_routing import CONFIG_SERVER_ID

_logger = logging.getLogger(__name__)

_COLUMNS = (
    "route_company_id",
    "route_server_id",
    "route_from",
    "route_envelope_from",
    "route_reply_to",
    "route_reasons",
    "route_failure",
)
_STORE = f"""
    UPDATE mail_mail
       SET {", ".join(f"{column} = route.{column}" for column in _COLUMNS)}
      FROM json_populate_recordset(NULL::mail_mail, %s) AS route
     WHERE mail_mail.id = route.id
"""
# What core reads of each mail by itself; most of it is its message's, which is computed for all at once.
READ_BY_CORE = (
    "state",
    "attachment_ids",
    "email_from",
    "mail_server_id",
    "message_id",
    "model",
    "recipient_ids.email",
    "reply_to",
    "res_id",
    "subject",
)


class MailMail(models.Model):
    """Mails are decided together, before the first one leaves; how each left is kept as long as Odoo keeps the mail."""

    _inherit = "mail.mail"

    route_company_id = fields.Many2one(
        "res.company",
        string="Sent For",
        readonly=True,
        ondelete="set null",
        help="The company that the mail left as, or could not leave as. Only its administrators see the mail.",
    )
    route_server_id = fields.Many2one(
        "ir.mail_server",
        string="Sent Through",
        readonly=True,
        ondelete="set null",
        help="The outgoing mail server that the mail left through; empty for the one in odoo.conf.",
    )
    route_from = fields.Char(
        "Sent From", readonly=True, help='The From header on the wire, e.g. "Zhi" <office@b.example>.'
    )
    route_envelope_from = fields.Char(
        "Envelope Sender",
        readonly=True,
        help="The sender that Odoo told the mail server first (MAIL FROM), e.g. bounce@b.example. Bounces go there.",
    )
    route_reply_to = fields.Char(
        "Replies To", readonly=True, help="The Reply-To header on the wire, e.g. info@b.example."
    )
    route_reasons = fields.Char(readonly=True, help="The reason of each rule, as stored.")
    route_failure = fields.Char(
        readonly=True, help="Why it cannot leave and for which company, as stored, e.g. no_server=1."
    )

    def _decide_once(self, run):
        """Return each mail's route, decided earlier in the same run, else now; one that is gone has none."""
        if not all(mail_id in run.routes for mail_id in self.ids):
            run.routes.update(self.env["mail.routing"]._decide(self))
        return {mail_id: run.routes[mail_id] for mail_id in self.ids if mail_id in run.routes}

    def _read_together(self, run, server_ids):
        """Read at once what core reads mail by mail; no use if it commits after each mail, and so forgets all."""
        self.env["ir.mail_server"].sudo().browse(id_ for id_ in server_ids if id_ != CONFIG_SERVER_ID).mapped("name")
        if run.delivers and not run.auto_commit:
            for name in READ_BY_CORE:
                self.mapped(name)

    @api.model
    def _store_routes(self, run):
        """Store how mails left, in one query, without those that were deleted when they were sent.

        The mails have left: if somebody else changes a row in the same moment, that must not send them again.
        """
        rows = [{"id": mail_id, **self._route_values(route)} for mail_id, route in run.routes.items() if route]
        if not rows:
            return
        mails = self.browse(run.routes)
        mails.flush_recordset(["state"])
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(_STORE, [json.dumps(rows)])
        except psycopg2.Error:
            _logger.info("The routes of %s mails are not stored", len(rows), exc_info=True)
        mails.invalidate_recordset(_COLUMNS, flush=False)

    @api.model
    def _route_values(self, route):
        """Return the columns that store a route."""
        return {
            "route_company_id": route.company_id or None,
            "route_server_id": route.server_id,
            "route_from": route.header_from,
            "route_envelope_from": route.envelope_from,
            "route_reply_to": route.reply_to,
            "route_reasons": " ".join(f"{rule}={reason.name}" for rule, reason in route.trace),
            "route_failure": f"{route.failure}={route.company_id}" if route.failure else None,
        }
