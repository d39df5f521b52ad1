from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ...routing.delivery.limits import DAY, HOUR, MINUTE, Limits

_COUNT = """
    SELECT count(*) FILTER (WHERE date > %s), count(*) FILTER (WHERE date > %s), count(*)
      FROM mail_delivery
     WHERE server_id IN %s
       AND date > %s
       AND state != 'refused'
"""


class IrMailServer(models.Model):
    """How much a provider takes: what is over it waits, and nobody is locked out."""

    _inherit = "ir.mail_server"

    limit_per_minute = fields.Integer("Mails per Minute", help="Mails over this limit wait, e.g. 30. 0 means no limit.")
    limit_per_hour = fields.Integer("Mails per Hour", help="Mails over this limit wait, e.g. 500. 0 means no limit.")
    limit_per_day = fields.Integer("Mails per Day", help="Mails over this limit wait, e.g. 2000. 0 means no limit.")
    limit_per_session = fields.Integer(
        "Mails per Session", help="Odoo logs in again after this many mails, e.g. 50. 0 means no limit."
    )
    limit_server_id = fields.Many2one(
        "ir.mail_server",
        string="Shares the Limits Of",
        ondelete="set null",
        help="Choose another mail server if the provider counts the mails of both together, e.g. two mailboxes of one "
        "domain at Tencent Exmail. The limits of that server then hold for both.",
    )

    @api.constrains("limit_per_minute", "limit_per_hour", "limit_per_day", "limit_per_session")
    def _check_limits(self):
        """Refuse limits that nothing could be within."""
        for server in self:
            limits = ("limit_per_minute", "limit_per_hour", "limit_per_day", "limit_per_session")
            if any(server[name] < 0 for name in limits):
                raise ValidationError(
                    _('A limit of the mail server "%s" is negative. Set 0 for no limit.', server.name)
                )

    @api.constrains("limit_server_id")
    def _check_limit_server(self):
        """Refuse chains: the limits are on one server."""
        for server in self.filtered("limit_server_id"):
            if server.limit_server_id.limit_server_id or server.search_count([("limit_server_id", "=", server.id)]):
                raise ValidationError(
                    _(
                        'The mail server "%s" shares limits that are shared in turn. Choose the server that has them.',
                        server.name,
                    )
                )

    @api.onchange("smtp_host")
    def _onchange_smtp_host_limits(self):
        """Propose the limits of the provider; what somebody typed stays."""
        provider = self.env["mail.provider"]._of_host(self.smtp_host)
        if provider and not self.provider_id:
            self._fill([self._provider_limits(provider)])

    def _provider_values(self, provider):
        """Add the limits of the provider."""
        return [*super()._provider_values(provider), self._provider_limits(provider)]

    def _provider_limits(self, provider):
        """Return how many mails a provider takes."""
        names = ("limit_per_minute", "limit_per_hour", "limit_per_day", "limit_per_session")
        return {name: provider[name] for name in names}

    def _limits(self):
        """Return the limits of one server; the one in odoo.conf has none.

        :rtype: Limits
        """
        return Limits(self.limit_per_minute, self.limit_per_hour, self.limit_per_day)

    def _sharing(self):
        """Return all servers that share the limits of this one."""
        return self | self.with_context(active_test=False).search([("limit_server_id", "=", self.id)])

    def _room(self, now):
        """Return how many mails may leave now, None for any number, and after how long to look again for the rest."""
        return self._limits().room(self._sharing()._sent(now))

    def _sent(self, now):
        """Return how many mails these servers were handed in the last minute, hour and day.

        :rtype: Limits
        """
        self.env["mail.delivery"].flush_model()
        windows = [now - window for window, _pause in (MINUTE, HOUR, DAY)]
        self.env.cr.execute(_COUNT, [windows[0], windows[1], tuple(self.ids), windows[2]])
        return Limits(*self.env.cr.fetchone())
