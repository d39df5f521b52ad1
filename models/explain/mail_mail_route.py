from odoo import api, fields, models


class MailMail(models.Model):
    """Shows how a mail left, or why it did not; the route stays as long as Odoo keeps the mail."""

    _inherit = "mail.mail"

    route_trace = fields.Text(
        "Why", compute="_compute_route_trace", help="The rules that decided how the mail leaves, with their reasons."
    )

    @api.depends("route_reasons")
    @api.depends_context("lang")
    def _compute_route_trace(self):
        """Write the reasons in the reader's language; the queue that stored them has none."""
        for mail in self:
            pairs = (pair.split("=") for pair in (mail.route_reasons or "").split())
            lines = [self.env["mail.routing.words"]._trace_line(rule, reason) for rule, reason in pairs]
            mail.route_trace = "\n".join(filter(None, lines)) or False
