import json
import logging

import psycopg2

from odoo import _, api, fields, models, tools

from odoo.addons.base.models.ir_mail_server import extract_rfc2822_addresses

_logger = logging.getLogger(__name__)
# What a mail has that was not tried yet.
_NO_HISTORY = {
    "failure_reason": False,
    "delivery_attempts": 0,
    "delivery_since": False,
    "delivery_class": False,
    "delivery_answer": False,
    "delivery_refused": False,
    "delivery_over_limit": False,
}


def wire_addresses(partner):
    """Return a partner's addresses as core writes them on the wire, in lower case."""
    emails = ", ".join(tools.email_normalize_all(partner.email))
    return {email.lower() for email in extract_rfc2822_addresses(emails)}


class MailMail(models.Model):
    """A mail waits where something temporary stands in its way, and leaves exactly once."""

    _inherit = "mail.mail"

    delivery_attempts = fields.Integer(
        "Attempts", readonly=True, copy=False, help="How many times Odoo tried to send this mail, e.g. 3."
    )
    delivery_since = fields.Datetime(
        "Waiting Since",
        readonly=True,
        copy=False,
        help="When this mail first had to wait. It fails if it waits too long.",
    )
    delivery_class = fields.Char(
        "Kind of Answer", readonly=True, copy=False, help="The class of the last answer, e.g. temporary."
    )
    delivery_answer = fields.Char(
        "Last Answer",
        readonly=True,
        copy=False,
        help="The last answer of the mail server, e.g. 451 4.7.1 Try again later.",
    )
    delivery_refused = fields.Text(
        readonly=True, copy=False, help="The addresses that the mail server refused for good, as stored."
    )
    delivery_over_limit = fields.Boolean(
        "Over the Limit",
        readonly=True,
        copy=False,
        help="This mail waits because its mail server has sent as many mails as its limit allows.",
    )
    delivery_done = fields.Text(readonly=True, copy=False, help="The addresses that have received the mail, as stored.")
    delivery_doubt = fields.Char(
        "Perhaps Delivered To",
        readonly=True,
        copy=False,
        help="The connection ended while this mail was handed over: the mail server may have it for these addresses, "
        "or not.",
    )

    @api.model
    def _recover_mails(self):
        """Look after mails of runs that were killed, so that this run does not send them a second time."""
        try:
            with self.env.cr.savepoint():
                recovered = self.env["mail.delivery"]._recover()
        except psycopg2.OperationalError:
            _logger.info("Another worker looks after the mails of killed runs")
            return
        if recovered:
            # other runs, and the journal of this one, see it only then
            self._transactions().commit()

    def _add_done(self, emails):
        """Note addresses that have the mail; it leaves to the others only."""
        self.ensure_one()
        self.delivery_done = json.dumps(sorted(self._done() | {email.lower() for email in emails}))

    def _done(self):
        """Return the addresses, in lower case, that have the mail already."""
        return set(json.loads(self.delivery_done or "[]"))

    def _set_in_doubt(self, emails, reason):
        """Stop a mail that its server may have, or not: it waits for a person to say which."""
        self.ensure_one()
        doubt = ", ".join(dict.fromkeys([*filter(None, (self.delivery_doubt or "").split(", ")), *emails]))
        reason = _(
            "%(reason)s The mail server may have it for %(recipients)s, or not. Ask them, or look into the mailbox; "
            "then choose It Arrived or Send Again.",
            reason=reason,
            recipients=doubt,
        )
        self.write({"state": "exception", "failure_reason": reason, "delivery_doubt": doubt})
        done = self._done()
        self._notify_failure(reason, self.recipient_ids.filtered(lambda partner: wire_addresses(partner) <= done))

    def action_has_arrived(self):
        """Take a mail in doubt for delivered; it goes on to those who were not tried yet."""
        doubtful = self.filtered("delivery_doubt")
        for mail in doubtful:
            mail._add_done(mail.delivery_doubt.split(", "))
        doubtful._send_anew()

    def action_send_again(self):
        """Send mails that failed, wait or are in doubt once more, with today's settings, to all who have not got them.

        What left stays as it is, whatever a person selects; so does a mail that was scheduled on purpose.
        """
        self.filtered(
            lambda mail: mail.state == "exception" or (mail.state == "outgoing" and mail.failure_reason)
        )._send_anew()

    def _send_anew(self):
        """Put mails into the queue as if they were new."""
        self.env["mail.delivery"]._decided(self)
        self.write({"state": "outgoing", "scheduled_date": False, "delivery_doubt": False, **_NO_HISTORY})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def mark_outgoing(self):
        """Begin anew, where core's Retry asks for it; what is in doubt stays, for a person to decide."""
        mails = self.filtered(lambda mail: not mail.delivery_doubt)
        # what was sent and is sent once more on purpose goes to all
        mails.filtered(lambda mail: mail.state == "sent").write({"delivery_done": False})
        mails.write(_NO_HISTORY)
        return super(MailMail, mails).mark_outgoing()


class MailNotification(models.Model):
    _inherit = "mail.notification"

    failure_type = fields.Selection(selection_add=[("mail_waits", "Waits, and is tried again")])
