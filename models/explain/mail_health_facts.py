from datetime import timedelta

from odoo import api, fields, models

from ...routing.health.fault import Box, Facts
from ..delivery.ir_mail_server import RESTING, STOPPED
from ..delivery.mail_delivery_count import FAILED, SENT, WAITED
from .mail_health_places import FETCHING, QUEUE

# What happened longer ago says nothing about today.
LOOK_BACK = timedelta(days=92)
_LAST_SENT = """
    SELECT DISTINCT ON (company_id, result = %s)
           company_id, result = %s AS is_sent, last_date, last_answer, answer_class, server_name
      FROM mail_delivery_count
     WHERE company_id IN %s AND result IN %s AND date > %s
  ORDER BY company_id, result = %s, last_date DESC
"""
_OPEN_MAILS = """
    SELECT coalesce(mail.route_company_id, message.record_company_id) AS company_id, mail.state, count(*)
      FROM mail_mail AS mail
      JOIN mail_message AS message ON message.id = mail.mail_message_id
     WHERE mail.state IN ('outgoing', 'exception')
  GROUP BY 1, 2
"""


class MailHealth(models.AbstractModel):
    """Gathers what the health page needs, for all companies at once."""

    _inherit = "mail.health"

    @api.model
    def _facts(self, servers, mailboxes):
        """Return the :class:`Facts` of these servers and mailboxes."""
        return Facts(
            boxes=tuple(
                Box(box.id, box.company_id.id or None, box.state == "done", bool(box.last_error)) for box in mailboxes
            ),
            resting_ids=frozenset(servers.filtered(lambda server: server.delivery_state == RESTING).ids),
            stopped_ids=frozenset(servers.filtered(lambda server: server.delivery_state == STOPPED).ids),
            forced_ids=self._forced_server_ids(),
            is_queue_on=self._is_on(QUEUE),
            is_fetching_on=self._is_on(FETCHING),
        )

    @api.model
    def _forced_server_ids(self):
        """Return the ids of the servers that templates and mailings name, of whatever company they are."""
        models_ = [name for name in ("mail.template", "mailing.mailing") if name in self.env]
        used = [self.env[name].sudo().search([("mail_server_id", "!=", False)]).mail_server_id for name in models_]
        return frozenset(server_id for servers in used for server_id in servers.ids)

    @api.model
    def _is_on(self, xmlid):
        """Tell whether a scheduled action runs; one that was deleted is somebody's own doing."""
        cron = self.env.ref(xmlid, raise_if_not_found=False)
        return not cron or cron.sudo().active

    @api.model
    def _last_sent(self, companies):
        """Return the last success and the last trouble of sending, as ``{(company id, success): row}``."""
        since = fields.Datetime.now() - LOOK_BACK
        results = (SENT, WAITED, FAILED)
        self.env.cr.execute(_LAST_SENT, [SENT, SENT, tuple(companies.ids), results, since, SENT])
        return {(row["company_id"], row["is_sent"]): row for row in self.env.cr.dictfetchall()}

    @api.model
    def _open_mails(self):
        """Return how many mails wait or failed, as ``{(company id, state): count}``."""
        self.env["mail.mail"].flush_model(["route_company_id", "state"])
        self.env["mail.message"].flush_model(["record_company_id"])
        self.env.cr.execute(_OPEN_MAILS)
        return {row[:2]: row[2] for row in self.env.cr.fetchall()}

    @api.model
    def _unrouted_mails(self):
        """Return how many incoming mails wait among the unrouted ones, by company id."""
        groups = self.env["mail.unrouted.message"].read_group(
            [("state", "=", "waiting")], ["company_id"], ["company_id"]
        )
        return {group["company_id"] and group["company_id"][0]: group["company_id_count"] for group in groups}
