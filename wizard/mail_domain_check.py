from functools import partial

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..models.words.badge_list import badge_list
from ..routing.delivery.side_by_side import side_by_side
from ..routing.domain.findings import DKIM, DMARC, ERROR, MX, NOTE, OK, SPF, WARNING, examine

COLOURS = {OK: "success", NOTE: "secondary", WARNING: "warning", ERROR: "danger"}
# More domains would take longer than a reader waits.
MOST_DOMAINS = 100


class MailDomainCheck(models.TransientModel):
    """Shows the DNS of an alias domain beside the servers that send for it, and what to publish."""

    _name = "mail.domain.check"
    _description = "DNS of an Alias Domain"
    _order = "id"

    domain_id = fields.Many2one(
        "mail.routing.domain", string="Alias Domain", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="domain_id.company_id")
    level = fields.Selection(
        [(OK, "Good"), (NOTE, "Good as far as Odoo sees"), (WARNING, "Needs a look"), (ERROR, "Needs fixing")],
        string="State",
        readonly=True,
        help="The worst of what was found, e.g. Needs fixing.",
    )
    findings = fields.Html(readonly=True, sanitize=False, help="What was found in the DNS.")
    summary = fields.Char(string="Most Urgent", readonly=True, help="The worst of what was found, in a sentence.")
    spf_name = fields.Char(string="Name of the SPF Record", readonly=True, help="Where to publish it, e.g. b.com.")
    spf_value = fields.Char(
        string="SPF Record (TXT)",
        readonly=True,
        help="The record to publish, e.g. v=spf1 include:spf.mail.qq.com ~all.",
    )
    dmarc_name = fields.Char(
        string="Name of the DMARC Record", readonly=True, help="Where to publish it, e.g. _dmarc.b.com."
    )
    dmarc_value = fields.Char(
        string="DMARC Record (TXT)", readonly=True, help="The record to publish, e.g. v=DMARC1; p=none."
    )

    def name_get(self):
        """Tell a check from its domain where one leads to the other."""
        return [(check.id, _("DNS of %s", check.domain_id.display_name)) for check in self]

    @api.model
    def _check(self, domains):
        """Return a check of each domain.

        :raises AccessError: a domain belongs to another company
        :raises UserError: dnspython is not installed
        """
        domains.check_access_rights("read")
        domains.check_access_rule("read")
        checks = self.create([{"domain_id": domain.id} for domain in domains[:MOST_DOMAINS]])
        checks._look_up()
        return checks

    @api.model
    def action_check_all(self):
        """Check all alias domains of the current companies, and list them."""
        checks = self._check(self.env["mail.routing.domain"].search([], limit=MOST_DOMAINS))
        return {
            "type": "ir.actions.act_window",
            "name": _("DNS of Alias Domains"),
            "res_model": self._name,
            "view_mode": "tree,kanban,form",
            "domain": [("id", "in", checks.ids)],
        }

    def action_look_up(self):
        """Read the DNS again."""
        self.domain_id.check_access_rule("read")
        self._look_up()
        return True

    def _look_up(self):
        """Read the DNS of all domains side by side, and store what was found."""
        routing = self.env["mail.routing"]
        resolver = routing._resolver()
        if not resolver.available:
            raise UserError(
                _(
                    "Odoo cannot read the DNS, because the Python package dnspython is not installed. Install it where "
                    "Odoo runs (pip install dnspython), and restart Odoo."
                )
            )
        # what waits needs no database
        jobs = {check: partial(examine, resolver.lookup, routing._domain_question(check.domain_id)) for check in self}
        for check, report in side_by_side(jobs):
            check._store(report.result())

    def _store(self, report):
        """Store a report in the reader's language."""
        worst = next((finding for finding in report.findings if finding.level == report.level), None)
        values = {
            "level": report.level,
            "findings": badge_list([self._row(finding) for finding in report.findings]),
            "summary": worst and worst.level != OK and self.env["mail.routing.words"]._finding_message(worst),
        }
        for topic in (SPF, DMARC):
            name, value = report.publish.get(topic, (False, False))
            values |= {f"{topic}_name": name, f"{topic}_value": value}
        self.write(values)

    def _row(self, finding):
        """Return what is shown of a finding."""
        words = dict(self._fields["level"]._description_selection(self.env))
        topics = {MX: "MX", SPF: "SPF", DKIM: "DKIM", DMARC: "DMARC"}
        sentence = self.env["mail.routing.words"]._finding_message(finding)
        word = _("Note") if finding.level == NOTE else words[finding.level]
        return COLOURS[finding.level], word, topics[finding.topic], "", sentence
