from odoo import fields, models

FAILED = [("state", "=", "exception"), ("delivery_doubt", "=", False)]


class IrMailServer(models.Model):
    """A server shows the mails that failed on it, and sends them again when its settings are right."""

    _inherit = "ir.mail_server"

    failed_mail_count = fields.Integer(
        "Failed Mails",
        compute="_compute_failed_mail_count",
        help="Mails that could not leave through this server, e.g. 12.",
    )

    def _compute_failed_mail_count(self):
        """Count in one query; what is in doubt waits for a person, one by one."""
        groups = self.env["mail.mail"].read_group(self._failed_mails(), ["route_server_id"], ["route_server_id"])
        counts = {group["route_server_id"][0]: group["route_server_id_count"] for group in groups}
        for server in self:
            server.failed_mail_count = counts.get(server.id, 0)

    def _failed_mails(self):
        """Return the domain of the mails that failed on these servers."""
        return [*FAILED, ("route_server_id", "in", self.ids)]

    def action_send_failed_again(self):
        """Send all mails that failed on these servers once more, with today's settings."""
        self.env["mail.mail"].search(self._failed_mails()).action_send_again()
        return True

    def action_open_failed(self):
        """Show the mails that failed on these servers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mail.action_view_mail_mail")
        return {**action, "domain": self._failed_mails(), "context": {}}
