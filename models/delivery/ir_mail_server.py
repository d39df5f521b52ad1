import logging

import psycopg2

from odoo import api, fields, models, tools

from ...routing.delivery.answer import parse
from ...routing.delivery.retry import rest
from ..setup.mail_routing import CONFIG_SERVER_ID

_logger = logging.getLogger(__name__)

# Whoever sends does not wait for somebody who writes on a server, perhaps until all mails of a user are sent.
_LOCK = "SELECT FROM ir_mail_server WHERE id IN %s FOR NO KEY UPDATE NOWAIT"
OK, RESTING, STOPPED = "ok", "resting", "stopped"
# What a server is reached with: where one of these changes, what was wrong before says nothing any more.
CONNECTION_FIELDS = frozenset(
    {
        "active",
        "smtp_authentication",
        "smtp_encryption",
        "smtp_host",
        "smtp_pass",
        "smtp_port",
        "smtp_ssl_certificate",
        "smtp_ssl_private_key",
        "smtp_user",
        "google_gmail_refresh_token",
        "microsoft_outlook_refresh_token",
    }
)


class IrMailServer(models.Model):
    """A server in trouble is left alone for a while; its mails wait, and one of them tries whether it is well again."""

    _inherit = "ir.mail_server"

    delivery_state = fields.Selection(
        [(OK, "In use"), (RESTING, "Resting"), (STOPPED, "Stopped")],
        string="Delivery",
        default=OK,
        required=True,
        readonly=True,
        copy=False,
        help="Resting: Odoo could not reach the server, or the server asked for less mail. Its mails wait until Odoo "
        "tries it again. Stopped: the server refused the login. Nothing is sent until the login changes or somebody "
        "presses Try Now.",
    )
    delivery_rest_until = fields.Datetime("Rests Until", readonly=True, copy=False)
    delivery_failing_since = fields.Datetime("In Trouble Since", readonly=True, copy=False)
    delivery_failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    delivery_class = fields.Char("Kind of Trouble", readonly=True, copy=False)
    delivery_failure = fields.Char(
        "Last Trouble",
        readonly=True,
        copy=False,
        help="The answer of the mail server, or why Odoo could not reach it, e.g. 535 Authentication failed.",
    )
    delivery_info = fields.Char("What Is Wrong", compute="_compute_delivery_info", compute_sudo=True)
    delivery_probe_harms = fields.Boolean(
        compute="_compute_delivery_probe_harms",
        compute_sudo=True,
        help="Whether each try makes the provider hold back the mails for longer.",
    )
    no_pipelining = fields.Boolean(
        "One Command at a Time",
        copy=False,
        help="Odoo sends several commands at once to mail servers that offer it (SMTP pipelining). Odoo ticks this for "
        "a server that offers pipelining but fails at it.",
    )

    def init(self):
        """Let SQL that does not know the addon add a server, as Odoo's neutralization does."""
        self.env.cr.execute("ALTER TABLE ir_mail_server ALTER COLUMN delivery_state SET DEFAULT %s", [OK])
        return super().init()

    @api.depends(
        "delivery_state", "delivery_rest_until", "delivery_failing_since", "delivery_class", "delivery_failure"
    )
    @api.depends_context("lang", "tz")
    def _compute_delivery_info(self):
        """Say in the reader's language what is wrong, since when, and what happens next."""
        for server in self:
            in_trouble = server.delivery_state != OK
            server.delivery_info = in_trouble and self.env["mail.routing.words"]._server_trouble_message(server)

    @api.depends("delivery_state", "delivery_rest_until", "delivery_failure")
    def _compute_delivery_probe_harms(self):
        """Read it from the server's words, as long as it means them."""
        for server in self:
            rests = server.delivery_state == RESTING and not server._may_be_asked()
            server.delivery_probe_harms = rests and parse(server.delivery_failure).probe_harms

    def write(self, vals):
        """Use a server again when what it is reached with changes."""
        result = super().write(vals)
        if not CONNECTION_FIELDS.isdisjoint(vals):
            self.filtered(lambda server: server.delivery_state != OK)._wake()
        return result

    def action_try_now(self):
        """Ask servers in trouble again at once, with one of their mails."""
        self._wake()
        return True

    def _wake(self):
        """Let the mails of these servers leave: the first of them is a probe."""
        now = fields.Datetime.now()
        self.write({"delivery_state": RESTING, "delivery_rest_until": now})
        waiting = [
            ("state", "=", "outgoing"),
            ("scheduled_date", ">", now),
            ("delivery_since", "!=", False),
            ("route_server_id", "in", self.ids),
        ]
        self.env["mail.mail"].sudo().search(waiting).write({"scheduled_date": False})
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _server_record(self, server_id):
        """Return the server of a run or a route by its id; an empty one for that in odoo.conf, which has no state.

        Every mail of a company is sent through its servers, not only those of administrators.
        """
        return self.sudo().browse(None if server_id == CONFIG_SERVER_ID else server_id)

    def _may_be_asked(self):
        """Tell whether the server is well, or has rested long enough to be asked again."""
        until = self.delivery_rest_until
        return self.delivery_state != STOPPED and (
            self.delivery_state != RESTING or not until or until <= fields.Datetime.now()
        )

    def _may_pipeline(self):
        """Tell whether the server did not fail at SMTP pipelining yet."""
        return not self.no_pipelining

    def _connection_arguments(self):
        """Return host, port and encryption, or None where only core can connect: it makes the TLS context."""
        if not self:
            config = tools.config
            return config.get("smtp_server"), config.get("smtp_port", 25), "none"
        if self.smtp_authentication == "certificate" or not self.smtp_host:
            return None
        return self.smtp_host, self.smtp_port, self.smtp_encryption

    def _set_in_trouble(self, run, server_id, answer):
        """Leave a server alone, in this run and for a while after it; one that refused the login, until it changes."""
        run.troubles[server_id] = answer
        now = fields.Datetime.now()
        failures = self.delivery_failures + 1
        self._write_state(
            {
                "delivery_state": STOPPED if answer.server_stops else RESTING,
                "delivery_rest_until": not answer.server_stops and rest(failures, now, answer.rest, self.smtp_host),
                "delivery_failing_since": self.delivery_failing_since or now,
                "delivery_failures": failures,
                "delivery_class": answer.answer_class.value,
                "delivery_failure": str(answer),
            }
        )
        self._tell_administrators()

    def _set_well(self):
        """Take a server that delivers for well."""
        if self.delivery_state != OK:
            self._write_state(
                {
                    "delivery_state": OK,
                    "delivery_rest_until": False,
                    "delivery_failing_since": False,
                    "delivery_failures": 0,
                    "delivery_class": False,
                    "delivery_failure": False,
                }
            )
            self._close_activities()

    def _forbid_pipelining(self):
        """Remember that the server announces pipelining and cannot do it."""
        self._write_state({"no_pipelining": True})

    def _write_state(self, values):
        """Write, unless somebody else writes on the server in this moment: mails are more important."""
        try:
            with self.env.cr.savepoint():
                if self:
                    self.env.cr.execute(_LOCK, [tuple(self.ids)], log_exceptions=False)
                self.write(values)
        except psycopg2.OperationalError:
            _logger.info("The state of mail server %s is noted by somebody else", self.name)
            self.invalidate_recordset(list(values), flush=False)
