from odoo import api, fields, models

# With another one of these it is another provider or mailbox, or somebody has decided: what was learned is void.
ASKED_AS = frozenset({"sender_address", "sender_policy", "smtp_authentication", "smtp_host", "smtp_user"})


class IrMailServer(models.Model):
    """What a server has shown about the senders that it accepts."""

    _inherit = "ir.mail_server"

    sender_refusal = fields.Char(
        "Refused a Sender",
        readonly=True,
        copy=False,
        help="The answer with which the mail server refused a sender other than its own mailbox, e.g. 501 mail from "
        "address must be same as authorization user. With As the company says, mails leave under its own username "
        "since then.",
    )
    sender_refusal_date = fields.Datetime(
        "Refused On", readonly=True, copy=False, help="When the mail server refused that sender."
    )
    sender_refusal_info = fields.Char(
        "What It Refused", compute="_compute_sender_refusal_info", compute_sudo=True, groups="base.group_system"
    )

    @api.depends("sender_refusal", "sender_refusal_date", "sender_address", "smtp_user")
    @api.depends_context("lang", "tz")
    def _compute_sender_refusal_info(self):
        """Say in the reader's language what was refused, what that means, and what to do."""
        for server in self:
            words, sender = self.env["mail.routing.words"], server._routing_row().sender
            server.sender_refusal_info = server.sender_refusal and words._refusal_message(server, sender)

    def write(self, vals):
        """Forget what was learned with another login, host or policy."""
        result = super().write(vals)
        if not ASKED_AS.isdisjoint(vals):
            self.filtered("sender_refusal")._forget_refusal()
        return result

    def action_forget_refusal(self):
        """Ask these servers once more whether they accept the author as the sender."""
        self._forget_refusal()
        return True

    def _forget_refusal(self):
        """Let mails leave again as the company says."""
        self.write({"sender_refusal": False, "sender_refusal_date": False})
