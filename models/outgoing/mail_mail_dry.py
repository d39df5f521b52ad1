from odoo import api, models, tools

from ..setup.mail_routing import CONFIG_SERVER_ID
from .dry_session import DrySession, Prepared


class MailMail(models.Model):
    """A mail is built and prepared as it would leave, and stays here."""

    _inherit = "mail.mail"

    def _prepare_dry(self):
        """Return the mail as its first recipient would get it, by all that core and other addons do on the way.

        The caller rolls back: core writes on a mail before it sends it.

        :return Prepared: None if the mail has no recipient, or fails before; it then tells the reason
        """
        self.ensure_one()
        for server_id, smtp_from, _mail_ids in self._split_by_mail_configuration():
            try:
                self._send(smtp_session=self.env["ir.mail_server"]._dry_session(server_id, smtp_from))
            except Prepared as prepared:
                return prepared
        return None


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _dry_session(self, server_id, smtp_from):
        """Return what ``connect`` would return, without a connection."""
        record = self.sudo().browse([] if server_id in (False, CONFIG_SERVER_ID) else server_id)
        get_param = self.env["ir.config_parameter"].sudo().get_param
        from_filter = (
            record.from_filter if record else get_param("mail.default.from_filter", tools.config.get("from_filter"))
        )
        return DrySession(self.env["mail.routing"]._server(record.id), from_filter, smtp_from)

    @api.model
    def _stop_dry_session(self, message, session):
        """Prepare a message as always, and stop where a dry session would have to send it.

        :raises Prepared: the message is ready
        """
        if isinstance(session, DrySession):
            raise Prepared(*self._prepare_email_message(message, session))
