from odoo import api, fields, models

from ...routing.delivery.answer_class import AnswerClass
from ...routing.outgoing.decision import Route

# What is wrong with the server, or with what is set on it; all other answers are about the mail.
OF_SERVER = {
    member.value
    for member in (
        AnswerClass.SENDER,
        AnswerClass.TEMPORARY,
        AnswerClass.RATE,
        AnswerClass.ACCOUNT,
        AnswerClass.LOGIN,
        AnswerClass.CONNECTION,
    )
}
OF_RECIPIENT = {AnswerClass.RECIPIENT.value, AnswerClass.MAILBOX_FULL.value}


class MailMail(models.Model):
    """A mail that failed or waits says in the reader's language what happened, why, and what to do, and leads there."""

    _inherit = "mail.mail"

    failure_info = fields.Text(
        "What Went Wrong",
        compute="_compute_failure_info",
        help="What happened, what it means, and what to do about it.",
    )
    can_open_setting = fields.Boolean(
        compute="_compute_can_open_setting", help="Whether something can be set that lets this mail leave."
    )

    @api.depends(
        "state",
        "failure_reason",
        "delivery_answer",
        "delivery_attempts",
        "delivery_class",
        "delivery_doubt",
        "delivery_over_limit",
        "delivery_refused",
        "delivery_since",
        "route_failure",
        "route_server_id",
        "scheduled_date",
    )
    @api.depends_context("lang", "tz")
    def _compute_failure_info(self):
        """Write anew what was stored in the author's language; what core or another addon said stays as it is."""
        for mail in self:
            said = {"exception": mail._explained, "outgoing": mail._explained_wait}.get(mail.state)
            mail.failure_info = said and (said() or mail.failure_reason)

    def _explained_wait(self):
        """Return why the mail waits, empty where it does not or only its text tells."""
        if not self.failure_reason or not self.scheduled_date:
            return ""
        words, server = self.env["mail.routing.words"], self.sudo().route_server_id
        if self.delivery_over_limit:
            return words._limit_message(server.limit_server_id or server, self.scheduled_date)
        if words._mail_trouble(self, server):
            return words._waits_message(self, server, self.scheduled_date)
        return ""

    def _explained(self):
        """Return why the mail failed, empty where only core knows."""
        words = self.env["mail.routing.words"]
        if self.delivery_doubt:
            return self.failure_reason
        if self.route_failure:
            return words._failure_message(self._stored_route())
        # no person has to have access to the server to read what it said
        server = self.sudo().route_server_id
        if self.delivery_since:
            return words._gave_up_message(self, server)
        return words._failed_message(self, server)

    def _stored_route(self):
        """Return as much of the route as tells why it leads nowhere."""
        failure, _separator, company_id = self.route_failure.partition("=")
        return Route(int(company_id or 0), self.sudo().route_server_id.id or None, failure=failure)

    @api.depends("state", "delivery_class", "route_failure", "route_server_id")
    def _compute_can_open_setting(self):
        """Show the button where it leads somewhere."""
        for mail in self:
            mail.can_open_setting = mail.state == "exception" and bool(mail._setting())

    def action_open_setting(self):
        """Open what has to change before the mail can leave."""
        self.ensure_one()
        record = self._setting()
        if self.route_failure and self._stored_route().failure == "no_server":
            servers = self.env["ir.actions.act_window"]._for_xml_id("base.action_ir_mail_server_list")
            return {**servers, "context": {"default_company_id": record.id}}
        return record and {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _setting(self):
        """Return the record to change: the server, the company, the recipient or the document; empty if none."""
        route = self.route_failure and self._stored_route()
        if route and route.failure in ("no_server", "no_sender", "bad_name"):
            return self.env["res.company"].browse(route.company_id).exists()
        if route or self.delivery_class in OF_SERVER:
            return self.route_server_id
        if self.delivery_class in OF_RECIPIENT and len(self.recipient_ids) == 1:
            return self.recipient_ids
        if self.delivery_class and self.model in self.env and self.res_id:
            return self.env[self.model].browse(self.res_id).exists()
        return self.env["ir.mail_server"]
