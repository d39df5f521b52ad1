from odoo import _, api, fields, models

from ..models.words.badge_list import badge_list
from ..models.words.mail_routing_words_probe import MAILS, SENDERS, WHY
from ..routing.outgoing.policy import choose_policy
from ..routing.probe.facts import ARRIVED
from ..routing.probe.proposal import propose_catchall, propose_policy, propose_sub_addresses
from ..routing.rows import KEEP, ON_BEHALF, USERNAME

ON, OFF = "on", "off"
SWITCH = [(ON, "On"), (OFF, "Off")]


class MailServerProbe(models.TransientModel):
    """Shows what a probe found out and what it proposes, and applies what was chosen."""

    _inherit = "mail.server.probe"

    senders_html = fields.Html(
        string="Senders", compute="_compute_html", sanitize=False, help="What the server said to each sender."
    )
    mails_html = fields.Html(
        string="Test Mails", compute="_compute_html", sanitize=False, help="What became of each test mail."
    )
    can_send = fields.Boolean(compute="_compute_html")
    is_waiting = fields.Boolean(compute="_compute_html")
    policy = fields.Selection(
        [(KEEP, "Keep the author"), (ON_BEHALF, "Send on behalf of the author"), (USERNAME, "Only its own username")],
        string="Sender Policy",
        readonly=True,
        help="The sender policy that the server needs, e.g. Only its own username.",
    )
    catchall = fields.Selection(SWITCH, string="Catch All", readonly=True, help="Catch All of the company, e.g. Off.")
    sub_addresses = fields.Selection(
        SWITCH, string="Sub-addresses", readonly=True, help="Sub-addresses of the incoming mail server, e.g. On."
    )
    policy_why = fields.Char(compute="_compute_why")
    catchall_why = fields.Char(compute="_compute_why")
    sub_addresses_why = fields.Char(compute="_compute_why")
    set_policy = fields.Boolean("Set the Sender Policy", help="Set it on the outgoing mail server.")
    set_catchall = fields.Boolean("Set Catch All", help="Set it for the company.")
    set_sub_addresses = fields.Boolean("Set Sub-addresses", help="Set it on the incoming mail server.")
    changes_policy = fields.Boolean(compute="_compute_changes")
    changes_catchall = fields.Boolean(compute="_compute_changes")
    changes_sub_addresses = fields.Boolean(compute="_compute_changes")

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_html(self):
        """Write the answers and the mails in the reader's language."""
        for probe in self:
            facts = probe._read_facts()
            probe.senders_html = badge_list([probe._answer_row(facts, asked) for asked in facts.asked])
            probe.mails_html = badge_list([probe._mail_row(mail) for mail in facts.sent])
            probe.is_waiting = facts.is_waiting
            own = facts.answer_to("own")
            probe.can_send = own.is_taken if own else facts.is_anonymous and not facts.trouble

    def _answer_row(self, facts, asked):
        """Return what is shown of a server's answer to a sender."""
        colour, word = ("secondary", _("Not known"))
        if asked.is_taken:
            colour, word = "success", _("Accepted")
        elif facts.is_refused(asked.kind):
            colour, word = "danger", _("Refused")
        sentence = self.env["mail.routing.words"]._asked_message(self.server_id, facts, asked)
        return colour, word, str(SENDERS[asked.kind]), asked.address, sentence

    def _mail_row(self, mail):
        """Return what is shown of a test mail."""
        if mail.answer_class:
            badge = "danger", _("Refused")
        elif mail.is_pending:
            badge = "secondary", _("On its way")
        elif mail.state != ARRIVED:
            badge = "danger", _("Returned")
        else:
            badge = ("warning", _("Changed")) if mail.is_rewritten else ("success", _("Arrived"))
        sentence = self.env["mail.routing.words"]._sent_message(self.server_id, mail)
        return (*badge, str(MAILS[mail.kind]), mail.to, sentence)

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_why(self):
        """Say why something is proposed, or why nothing is."""
        for probe in self:
            facts = probe._read_facts()
            probe.policy_why = str(WHY[propose_policy(facts).why])
            probe.catchall_why = str(WHY[propose_catchall(facts).why])
            probe.sub_addresses_why = str(WHY[propose_sub_addresses(facts).why])

    @api.depends("policy", "catchall", "sub_addresses")
    def _compute_changes(self):
        """Tell what is proposed and not set yet."""
        for probe in self:
            row = probe.server_id._routing_row()
            present = choose_policy(row, probe.company_id._routing_row())[0]
            probe.changes_policy = probe.policy and probe.policy != present
            is_on = probe.company_id.mail_catchall_supported
            probe.changes_catchall = probe.catchall and (probe.catchall == ON) != is_on
            is_on = probe.fetchmail_server_id.reply_token
            probe.changes_sub_addresses = probe.sub_addresses and (probe.sub_addresses == ON) != is_on

    def _propose(self):
        """Propose what follows from the facts; what is in no doubt is chosen already."""
        facts = self._read_facts()
        policy = propose_policy(facts)
        catchall, sub_addresses = propose_catchall(facts), propose_sub_addresses(facts)
        self.write({"policy": policy.value, "catchall": _switch(catchall), "sub_addresses": _switch(sub_addresses)})
        self.write(
            {
                "set_policy": self.changes_policy and policy.is_sure,
                "set_catchall": self.changes_catchall and catchall.is_sure,
                "set_sub_addresses": self.changes_sub_addresses and sub_addresses.is_sure,
            }
        )

    def action_apply(self):
        """Set what was chosen, and say what will happen."""
        self._check_allowed()
        done = []
        if self.set_policy and self.policy:
            self.server_id.sender_policy = self.policy
            done.append(self.server_id.sender_policy_info)
        if self.set_catchall and self.catchall:
            self.company_id.mail_catchall_supported = self.catchall == ON
            done.append(self._done("catchall", self.company_id))
        if self.set_sub_addresses and self.sub_addresses:
            self.fetchmail_server_id.reply_token = self.sub_addresses == ON
            done.append(self._done("sub_addresses", self.fetchmail_server_id))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": "\n".join(done) or _("Nothing was chosen, so nothing changes."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _done(self, name, record):
        """Return what was set on a record."""
        description = self._fields[name].get_description(self.env, ["string", "selection"])
        return _(
            "%(field)s of %(record)s: %(value)s",
            field=description["string"],
            record=record.display_name,
            value=dict(description["selection"])[self[name]],
        )


def _switch(proposal):
    """Return a proposal as a value of a selection."""
    return False if proposal.value is None else ON if proposal.value else OFF
