from odoo import _, _lt, api, models

from ...routing import address
from ...routing.health.fault import Kind

# What each fault means, why, and what to do. Servers in trouble and mails that cannot leave have sentences already.
SENTENCES = {
    Kind.QUEUE_OFF: _lt(
        "Mails in the queue do not leave, because the scheduled action that sends them is switched off. Switch it on."
    ),
    Kind.FETCHING_OFF: _lt(
        "Odoo fetches no mail, because the scheduled action that does it is switched off. Switch it on."
    ),
    Kind.MAILBOX_TROUBLE: _lt('Odoo could not fetch all mail of "%(mailbox)s" on %(moment)s. %(error)s'),
    Kind.MAILBOX_UNCONFIRMED: _lt(
        'Odoo does not fetch "%(mailbox)s", because it is not confirmed. Press Test & Confirm there.'
    ),
    Kind.MAILBOX_TWICE: _lt(
        "Incoming mail servers of different companies fetch the mailbox %(email)s, so each mail reaches only one of "
        "them. Give each company a mailbox of its own, or keep one incoming mail server, without a company."
    ),
    Kind.NO_MAILBOX: _lt(
        "Replies to %(company)s go to the author and do not reach Odoo, because Catch All is off and Odoo fetches no "
        "mailbox for it. Add an incoming mail server, or switch Catch All on."
    ),
    Kind.REPLY_NOT_FETCHED: _lt(
        "Replies to %(company)s go to %(email)s, but no incoming mail server fetches mail of this domain. Set the "
        "Incoming Mail Server of the alias domain. If a script hands this mail to Odoo, add an incoming mail server of "
        "the type Local Server, which says so."
    ),
    Kind.NO_DOMAIN: _lt(
        "%(company)s writes from or asks for replies at its own domain, but none is set. Set its Default Alias Domain."
    ),
    Kind.NO_PREFIX: _lt(
        "Replies to %(company)s go to the catchall, because Mail Reply-To By Company is on without a prefix. Set the "
        "Reply-To Prefix, e.g. info."
    ),
    Kind.DOMAIN_SERVER_FOREIGN: _lt(
        "No mail from %(domain)s leaves through the outgoing mail server of this alias domain, because the server "
        "belongs to another company. Set a server of %(company)s."
    ),
    Kind.DOMAIN_SERVER_OFF: _lt(
        "No mail from %(domain)s leaves through the outgoing mail server of this alias domain, because the server is "
        "archived. Set another one."
    ),
    Kind.SERVER_MAILBOX_FOREIGN: _lt(
        'No mail through "%(server)s" asks for replies at its Reply Mailbox, because the mailbox belongs to another '
        "company. Set a mailbox of %(company)s."
    ),
    Kind.DOMAIN_WITHOUT_COMPANY: _lt(
        "Mails from %(domain)s leave through the servers of whichever company writes them, because this alias domain "
        "belongs to no company. Set its Company."
    ),
    Kind.SERVER_UNUSED: _lt(
        'No mail leaves through "%(server)s", because another mail server always comes first. Archive it, or set its '
        "FROM Filtering, its company or its priority."
    ),
    Kind.BOUNCE_NOT_FETCHED: _lt(
        "Nobody sees in Odoo which mails of %(company)s did not arrive, because undeliverable mails return to "
        "%(email)s, which Odoo does not fetch. Add an incoming mail server for this address."
    ),
}


class MailRoutingWords(models.AbstractModel):
    """Says what is wrong with the mail of a company."""

    _inherit = "mail.routing.words"

    @api.model
    def _fault_message(self, fault, server, mailbox, domain=""):
        """Return what is wrong, why, and what to do.

        :param server: the ``ir.mail_server`` record that the fault is about, else an empty one
        :param mailbox: the same for ``fetchmail.server``
        :param str domain: the name of the alias domain that it is about
        """
        if fault.kind is Kind.CANNOT_SEND:
            return self._failure_message(fault.route)
        if fault.kind in (Kind.SERVER_STOPPED, Kind.SERVER_RESTS):
            return _("%(server)s: %(trouble)s", server=server.name, trouble=self._server_trouble_message(server))
        return str(SENTENCES[fault.kind]) % {
            "company": self.env["res.company"].sudo().browse(fault.company_id or ()).name,
            "domain": domain and address.typed_domain(domain),
            "email": fault.email,
            "error": mailbox.last_error,
            "mailbox": mailbox.name,
            "moment": self._moment(mailbox.last_error_date),
            "server": server.name,
        }
