from odoo import _, _lt, api, fields, models

from ...routing.incoming.reader import decoded
from .mail_routing_checked import KEPT_DAYS

# What of a mail was another company's.
LEAKS = {
    "server": _lt("The mail server"),
    "from": _lt("The domain in From"),
    "sender": _lt("The domain in Sender"),
    "envelope": _lt("The domain of the envelope sender"),
    "reply_to": _lt("The domain in Reply-To"),
}


class MailRoutingLeak(models.Model):
    """A mail that left through a server, or with a domain, of another company. It should have no rows."""

    _name = "mail.routing.leak"
    _description = "Leaked Mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    date = fields.Datetime("Left", readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", "Mail's Company", readonly=True, index=True, ondelete="cascade", help="Whose mail it is, e.g. A."
    )
    what = fields.Char(readonly=True, help="What was another company's, and which, as stored.")
    description = fields.Text(
        "What Leaked",
        compute="_compute_description",
        help="What of the mail belongs to another company, e.g. the mail server.",
    )
    server_name = fields.Char("Sent Through", readonly=True, help="The outgoing mail server, e.g. Exmail b.com.")
    header_from = fields.Char("From", readonly=True, help="The From header on the wire, e.g. zy@b.com.")
    envelope_from = fields.Char("Envelope Sender", readonly=True, help="As on the wire, e.g. bounce@b.com.")
    reply_to = fields.Char("Reply-To", readonly=True, help="The header on the wire, e.g. catchall@b.com.")
    email_to = fields.Char("To", readonly=True, help="Who got the mail, e.g. customer@example.com.")
    subject = fields.Char(readonly=True, help="The mail's subject, e.g. Offer 17.")
    message_ref = fields.Char("Message-Id", readonly=True, help="The id by which the provider finds the mail.")

    @api.depends("what")
    @api.depends_context("lang")
    def _compute_description(self):
        """Say in the reader's language what was another company's."""
        companies = self.env["res.company"].sudo()
        for leak in self:
            pairs = (pair.split("=") for pair in (leak.what or "").split())
            lines = [
                _(
                    "%(what)s belongs to %(company)s.",
                    what=str(LEAKS[what]),
                    company=companies.browse(int(company_id)).name,
                )
                for what, company_id in pairs
                if what in LEAKS and companies.browse(int(company_id)).exists()
            ]
            leak.description = "\n".join(lines)

    @api.model
    def _note(self, company_id, server_id, leaks, wire, headers):
        """Store what was suspicious of a mail."""
        return self.create(
            {
                "date": fields.Datetime.now(),
                "company_id": company_id,
                "what": " ".join(f"{leak.what}={leak.company_id}" for leak in leaks),
                "server_name": self.env["mail.routing"]._server(server_id).name,
                "header_from": decoded(wire["from"]),
                "envelope_from": wire["envelope"],
                "reply_to": decoded(wire["reply_to"]),
                "email_to": decoded(headers["To"]),
                "subject": decoded(headers["Subject"]),
                "message_ref": headers["Message-Id"],
            }
        )

    @api.autovacuum
    def _gc_leaks(self):
        """Forget what no report asks for."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("date", "<", old)]).unlink()
