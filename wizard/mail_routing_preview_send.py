from odoo import _, models
from odoo.exceptions import UserError


class MailRoutingPreview(models.TransientModel):
    """Sends the mail for real, to the administrator, and shows what was on the wire."""

    _inherit = "mail.routing.preview"

    def _send_to_me(self):
        """Send the mail by its route, and return what the form shows of it; it does not stay in Odoo."""
        email = self.env.user.email_formatted
        if not self.env.user.email_normalized:
            raise UserError(_("You have no e-mail address. Set it in your preferences."))
        mail = self._write_mail([], email)
        self._check_switched_on(self.env["mail.routing"]._decide(mail)[mail.id])
        mail.send()
        has_left = mail.state == "sent"
        values = {
            "has_sent": True,
            "has_left": has_left,
            "sent_result": self._arrived_message(mail) if has_left else mail.failure_reason,
            "sent_server": self._sent_server_name(mail),
            "sent_from": mail.route_from,
            "sent_envelope_from": mail.route_envelope_from,
            "sent_reply_to": mail.route_reply_to,
        }
        mail.unlink()
        return values

    def _arrived_message(self, mail):
        """Say that a mail left, and where to look for it."""
        return _("The mail server accepted it. Look into the mailbox %s.", self.env.user.email_normalized)

    def _sent_server_name(self, mail):
        """Return the name of the server that a mail left through; empty where Odoo noted no route."""
        if not mail.route_from:
            return False
        server = mail.route_server_id
        if not self._is_visible(server.id):
            return _("a mail server of another company")
        return self.env["mail.routing"]._server(server.id).name
