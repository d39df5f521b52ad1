from odoo import _, api, models, tools


class MailRoutingWords(models.AbstractModel):
    """Says in the reader's language why a mail cannot be sent; other files add what else is said.

    All rooms use these sentences; they use no room.
    """

    _name = "mail.routing.words"
    _description = "Sentences about Mail"

    @api.model
    def _failure_message(self, route, server=None):
        """Return in the user's language why a route cannot be sent, and what to set.

        :param Server server: the one that the route would take, where it is known
        """
        if route.failure == "unknown_sender":
            record = self.env["ir.mail_server"].sudo().browse(route.server_id or ())
            name, login = (server.name, server.login) if server else (record.name, record.smtp_user)
            return self._unknown_sender_message(name, login)
        company = self.env["res.company"].sudo().browse(route.company_id).name
        if route.failure == "foreign_server":
            record = self.env["ir.mail_server"].sudo().browse(route.server_id)
            return _(
                'The mail of %(company)s is set to leave through the mail server "%(server)s", which belongs to '
                "%(other)s. Set another server on its template, mailing or mail, or clear the server's company.",
                company=company,
                server=record.name,
                other=record.company_id.name,
            )
        if route.failure == "no_sender":
            return _(
                "The author's address belongs to another company, and %s has no address to send from instead. Set its "
                "Default Alias Domain, with a Default From.",
                company,
            )
        if route.failure == "bad_name":
            return _(
                "%s has an address that no mail can carry, with a line break, a second @ or another forbidden "
                "character. Check its Reply-To Prefix, and the names of its alias domain.",
                company,
            )
        return _(
            "%s has no outgoing mail server. Set it as the Company of a server, or add a server without a company.",
            company,
        )

    @api.model
    def _unknown_sender_message(self, name, login):
        """Return in the user's language why a server cannot send, and what to set."""
        return _(
            'The mail server "%(server)s" accepts only its own mailbox as sender, but its username "%(login)s" is '
            "not an e-mail address. Set its Sender Address (for the server in odoo.conf: email_from).",
            server=name or "odoo.conf",
            login=login or tools.config.get("smtp_user") or "",
        )
