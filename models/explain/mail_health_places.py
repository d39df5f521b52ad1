from odoo import _, _lt, api, models

from ...routing.health.fault import Kind

SERVER, MAILBOX, DOMAIN, COMPANY = "ir.mail_server", "fetchmail.server", "mail.routing.domain", "res.company"
QUEUE, FETCHING = "mail.ir_cron_mail_scheduler_action", "mail.ir_cron_mail_gateway_action"
# Where each fault is mended. Without a record of its own, a fault is mended by adding one.
PLACES = {
    Kind.QUEUE_OFF: QUEUE,
    Kind.FETCHING_OFF: FETCHING,
    Kind.CANNOT_SEND: SERVER,
    Kind.SERVER_STOPPED: SERVER,
    Kind.SERVER_RESTS: SERVER,
    Kind.MAILBOX_TROUBLE: MAILBOX,
    Kind.MAILBOX_UNCONFIRMED: MAILBOX,
    Kind.MAILBOX_TWICE: MAILBOX,
    Kind.NO_MAILBOX: MAILBOX,
    Kind.REPLY_NOT_FETCHED: DOMAIN,
    Kind.NO_DOMAIN: COMPANY,
    Kind.NO_PREFIX: COMPANY,
    Kind.DOMAIN_SERVER_FOREIGN: DOMAIN,
    Kind.DOMAIN_SERVER_OFF: DOMAIN,
    Kind.SERVER_MAILBOX_FOREIGN: SERVER,
    Kind.DOMAIN_WITHOUT_COMPANY: DOMAIN,
    Kind.SERVER_UNUSED: SERVER,
    Kind.BOUNCE_NOT_FETCHED: MAILBOX,
}
OPEN = {
    SERVER: _lt("Open Mail Server"),
    MAILBOX: _lt("Open Incoming Mail Server"),
    DOMAIN: _lt("Open Alias Domain"),
    COMPANY: _lt("Open Company"),
}
ADD = {SERVER: _lt("Add Mail Server"), MAILBOX: _lt("Add Incoming Mail Server")}


class MailHealth(models.AbstractModel):
    """The health page leads to where each fault is mended."""

    _name = "mail.health"
    _description = "Mail Health"

    @api.model
    def _fault_button(self, fault):
        """Return the words on the button that leads to where a fault is mended, and its action."""
        place = PLACES[fault.kind]
        if place in (QUEUE, FETCHING):
            return _("Open Scheduled Action"), self._open_action("ir.cron", self.env.ref(place).id)
        if fault.kind is Kind.CANNOT_SEND and fault.route.failure in ("no_sender", "bad_name"):
            place = COMPANY
        if place == COMPANY:
            return str(OPEN[COMPANY]), self._open_action(COMPANY, fault.company_id)
        if fault.record_id:
            return str(OPEN[place]), self._open_action(place, fault.record_id)
        place = SERVER if place == SERVER else MAILBOX
        return str(ADD[place]), self._open_action(place, company_id=fault.company_id)

    @api.model
    def _open_action(self, model, res_id=None, company_id=None):
        """Return the action that opens a record, else a new one of a company."""
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id or False,
            "views": [[False, "form"]],
            "context": {"default_company_id": company_id} if company_id else {},
        }
