from odoo import _, api, fields, models

from ..models.explain.mail_routing_checked import KEPT_DAYS


class MailRoutingLeakReport(models.TransientModel):
    _name = "mail.routing.leak.report"
    _description = "Leak Report"

    days = fields.Integer(
        "Period (Days)", default=30, required=True, help=f"How many days to look back, e.g. 30; at most {KEPT_DAYS}."
    )
    checked = fields.Integer(compute="_compute_leaks", help="How many mails left and were looked at, e.g. 1234.")
    leaked = fields.Integer(compute="_compute_leaks", help="How many of them left with something of another company.")
    summary = fields.Char(compute="_compute_leaks")
    leak_ids = fields.Many2many("mail.routing.leak", compute="_compute_leaks", string="Leaked Mails")

    @api.depends("days")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_leaks(self):
        """Find the leaks of the companies that are switched on, and count what was looked at; rules do the rest."""
        for report in self:
            since = fields.Date.subtract(fields.Date.today(), days=max(0, min(report.days, KEPT_DAYS)))
            report.leak_ids = self.env["mail.routing.leak"].search([("date", ">=", since)])
            [counted] = self.env["mail.routing.checked"].read_group([("date", ">=", since)], ["checked:sum"], [])
            report.checked, report.leaked = counted["checked"] or 0, len(report.leak_ids)
            report.summary = report._summary(since)

    def _summary(self, since):
        """Return the result in one sentence."""
        language = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        words = {
            "checked": language.format("%d", self.checked, grouping=True),
            "leaked": language.format("%d", self.leaked, grouping=True),
            "since": since.strftime(language.date_format),
        }
        if not self.checked and not self.leaked:
            return _("No mail has left since %(since)s, so there was nothing to check.", **words)
        if not self.leaked:
            return _(
                "None of %(checked)s mails since %(since)s left through a server or with a domain of another company.",
                **words,
            )
        return _(
            "%(leaked)s of %(checked)s mails since %(since)s left through a server or with a domain of another "
            "company. Look at the mail's route and at the addons that change mails.",
            **words,
        )
