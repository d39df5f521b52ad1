from types import SimpleNamespace

from odoo import _, api, models

from ...routing import address
from ...routing.health.checks import find_faults
from ...routing.health.fault import DANGER, SEVERITIES
from ...routing.health.flow import usual_flow
from .mail_health_places import DOMAIN, MAILBOX, PLACES, SERVER

GOOD = "success"


class MailHealth(models.AbstractModel):
    """The health page: a row for each company that is switched on, in words, with links."""

    _inherit = "mail.health"

    @api.model
    def get_page(self):
        """Return what the page shows, in a number of queries that does not grow with the companies.

        :raises AccessError: for everybody but administrators
        """
        servers = self.env["ir.mail_server"].search([("active", "=", True)])
        incoming = self.env["fetchmail.server"].search([("active", "=", True)])
        # with core's type Local Server, a script hands mail over
        scripts = incoming.filtered(lambda server: server.server_type == "local")
        mailboxes = incoming - scripts
        table = self.env["mail.routing"]._routing_table()
        companies = self.env.companies
        config = self.env["mail.routing"]._config_server()
        flows = {
            company.id: usual_flow(
                table, company.id, config, self._author(company), self._is_scripted(company, scripts)
            )
            for company in companies
        }
        found = find_faults(table, self._facts(servers, mailboxes), flows)
        shown = {*companies.ids, None}
        faults = [self._fault_values(fault, servers, mailboxes) for fault in found if fault.company_id in shown]
        known = SimpleNamespace(
            flows=flows,
            servers=servers,
            mailboxes=mailboxes,
            sent=self._last_sent(companies),
            mails=self._open_mails(),
            unrouted=self._unrouted_mails(),
        )
        rows = [self._row(company, known, faults) for company in companies]
        return {
            "faults": [fault for fault in faults if not fault["company_id"]],
            "rows": sorted(rows, key=lambda row: (*SEVERITIES, GOOD).index(row["severity"])),
        }

    @api.model
    def _author(self, company):
        """Return the address of a colleague in a company without a domain."""
        return address.first(company.email or "")

    @api.model
    def _is_scripted(self, company, scripts):
        """Tell whether a script hands a company's mail to Odoo."""
        return any(script.company_id <= company for script in scripts)

    @api.model
    def _fault_values(self, fault, servers, mailboxes):
        """Return a fault in words, with the button that mends it."""
        server, mailbox = (records & records.browse(fault.record_id or ()) for records in (servers, mailboxes))
        domain = self.env["mail.routing"]._routing_table().domains.get(fault.record_id)
        is_of_domain = domain and PLACES[fault.kind] == DOMAIN
        button, action = self._fault_button(fault)
        return {
            "kind": fault.kind.name,
            "company_id": fault.company_id or False,
            "severity": fault.severity,
            "text": self.env["mail.routing.words"]._fault_message(
                fault, server, mailbox, domain.name if is_of_domain else ""
            ),
            "button": button,
            "action": action,
        }

    @api.model
    def _row(self, company, known, faults):
        """Return the row of a company."""
        flow = known.flows[company.id]
        mine = [fault for fault in faults if fault["company_id"] == company.id]
        mailboxes = self._mailboxes_of(company, known.mailboxes)
        severity = mine[0]["severity"] if mine else GOOD
        return {
            "id": company.id,
            "name": company.name,
            "severity": severity,
            "summary": self._summary(severity),
            "faults": mine,
            "sends": self._sends(flow, known.servers),
            "replies": self._goes_to(flow.reply, flow.is_reply_fetched, flow.is_scripted),
            "bounces": self._goes_to(flow.bounce, flow.is_bounce_fetched, flow.is_scripted),
            "fetched": self._fetched(mailboxes),
            **self._moments_out(company, known.sent),
            **self._moments_in(mailboxes),
            **self._mails(company, known),
        }

    @api.model
    def _summary(self, severity):
        """Return in a word or two how a company's mail is."""
        if severity == GOOD:
            return _("All is well")
        return _("Something does not work") if severity == DANGER else _("Needs a look")

    @api.model
    def _sends(self, flow, servers):
        """Return which server a usual mail leaves through, and as what."""
        if not flow.server:
            return {"text": _("No mail server"), "severity": DANGER}
        server = servers & servers.browse(flow.server.id or ())
        return {
            "text": flow.server.name,
            "note": server._sender_policy_sentence(flow.route.policy, flow.server.sender),
            "action": server.id and self._open_action(SERVER, server.id),
        }

    @api.model
    def _goes_to(self, email, is_fetched, is_scripted):
        """Return where answers go, and whether Odoo gets them there."""
        if not email:
            return {"text": _("The author")}
        domain = self.env["mail.routing"]._routing_table().domain_of(email)
        note = _("A script hands it to Odoo.") if is_scripted else _("Odoo does not fetch it.")
        return {
            "text": email,
            "severity": GOOD if is_fetched or is_scripted else "warning",
            "note": _("Odoo fetches it.") if is_fetched else note,
            "action": domain and self._open_action(DOMAIN, domain.id),
        }

    @api.model
    def _mailboxes_of(self, company, mailboxes):
        """Return the mailboxes that Odoo fetches for a company, its own first, then those of all companies."""
        fetched = mailboxes.filtered(lambda box: box.state == "done" and box.company_id <= company)
        return fetched.sorted(lambda box: not box.company_id)

    @api.model
    def _fetched(self, mailboxes):
        """Return the names of the mailboxes that Odoo fetches for a company."""
        if not mailboxes:
            return {"text": _("No mailbox")}
        return {
            "text": ", ".join(box.user or box.name for box in mailboxes),
            "action": self._open_action(MAILBOX, mailboxes[0].id),
        }

    @api.model
    def _moments_out(self, company, sent):
        """Return when a mail last left, and when one last did not, with the reason."""
        words = self.env["mail.routing.words"]
        well, trouble = sent.get((company.id, True)), sent.get((company.id, False))
        is_over = well and trouble and well["last_date"] >= trouble["last_date"]
        said = trouble and words._said(
            SimpleNamespace(name=trouble["server_name"]), trouble["answer_class"], trouble["last_answer"]
        )
        return {
            "sent": {"text": words._moment(well["last_date"]) if well else _("Not yet")},
            "send_trouble": trouble
            and {
                "text": words._moment(trouble["last_date"]),
                "note": said,
                "severity": "muted" if is_over else DANGER,
            },
        }

    @api.model
    def _moments_in(self, mailboxes):
        """Return when a mailbox was last fetched, and when one last was not, with the reason."""
        words = self.env["mail.routing.words"]
        well = max(filter(None, mailboxes.mapped("last_success_date")), default=None)
        trouble = max(mailboxes.filtered("last_error_date"), key=lambda box: box.last_error_date, default=None)
        return {
            "received": {"text": words._moment(well) if well else _("Not yet")},
            "receive_trouble": trouble
            and {
                "text": words._moment(trouble.last_error_date),
                "note": trouble.last_error or "",
                "severity": DANGER if trouble.last_error else "muted",
            },
        }

    @api.model
    def _mails(self, company, known):
        """Return how many mails wait, failed or found no place, with the lists of them."""
        open_ = {"waiting": ("outgoing", _("Waiting Mails")), "failed": ("exception", _("Failed Mails"))}
        counts = {
            key: {
                "count": known.mails.get((company.id, state), 0),
                "action": self._list_action("mail.mail", name, [("state", "=", state), *self._mails_of(company)]),
            }
            for key, (state, name) in open_.items()
        }
        domain = [("state", "=", "waiting"), ("company_id", "=", company.id)]
        counts["unrouted"] = {
            "count": known.unrouted.get(company.id, 0),
            "action": self._list_action("mail.unrouted.message", _("Unrouted Mails"), domain),
        }
        return counts

    @api.model
    def _mails_of(self, company):
        """Return the domain of a company's mails; before the first attempt, the one that was active counts."""
        return [
            "|",
            ("route_company_id", "=", company.id),
            "&",
            ("route_company_id", "=", False),
            ("record_company_id", "=", company.id),
        ]

    @api.model
    def _list_action(self, model, name, domain):
        """Return the action that lists records."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": domain,
            "views": [[False, "list"], [False, "form"]],
        }
