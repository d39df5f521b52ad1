import smtplib

from odoo import _, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...routing import address
from ...routing.delivery.refusal import sender_refusal
from ...routing.rows import USERNAME


class SenderRefused(UserError):
    """The server refuses the sender; the web client offers the cure with the dialog of a ``RedirectWarning``."""

    context = {"exception_class": "odoo.exceptions.RedirectWarning"}

    def __init__(self, message, action_id, button_text, additional_context):
        """Take the arguments of ``odoo.exceptions.RedirectWarning``, in the dialog's order."""
        super().__init__(message)
        self.args = (message, action_id, button_text, additional_context)

    def __str__(self):
        return self.args[0]


class IrMailServer(models.Model):
    """Test Connection: send a mail as real mails are sent, which core's test does not."""

    _inherit = "ir.mail_server"

    def test_smtp_connection(self):
        """Send a mail to oneself with the sender that mails will have, then run core's test.

        A server that checks the From header only answers to a whole mail, so the test has to send one.

        :raises SenderRefused: the server wants another sender; the error offers the switch to it
        :raises UserError: anything else went wrong, in core's words if core notices it too
        """
        servers = [server.with_company(server.company_id) for server in self]
        failures = [failure for server in servers if (failure := server._send_test_mail())]
        notification = super().test_smtp_connection()
        if failures:
            raise UserError(failures[0])
        notification["params"]["message"] = "\n".join(
            [notification["params"]["message"], *self.mapped("sender_policy_info")]
        )
        return notification

    def _get_test_email_addresses(self):
        """Let core's test use the envelope that mails really have, if the server prescribes one."""
        routing = self.env["mail.routing"].with_company(self.company_id)
        route = routing._decide_message({"From": self.env.user.email, "Reply-To": ""}, self._routing_row())
        if route.envelope_from:
            # core asks for the user's address, which no mail leaves with
            return route.envelope_from, "noreply@odoo.com"
        return super()._get_test_email_addresses()

    def _send_test_mail(self):
        """Send a mail to the server's own mailbox.

        :return: the error text if it failed for another reason than its sender, else None
        :raises SenderRefused: see :meth:`test_smtp_connection`
        """
        try:
            self._deliver_test_mail()
        except Exception as error:  # pylint: disable=broad-except
            # send_email wraps smtplib's error in its own
            cause = (isinstance(error, MailDeliveryException) and error.__context__) or error
            refusal = _refusal_of(cause)
            if refusal:
                raise self._sender_refused(refusal) from error
            return str(cause)
        return None

    def _deliver_test_mail(self):
        """Send a mail to the server's own mailbox; what goes wrong is raised as core raises it."""
        self.ensure_one()
        author = self.env.user.email_formatted or self.env.company.email_formatted or self._routing_row().sender
        if not address.parse(author):
            return  # core's test asks for the user's address
        session = None
        try:
            session = self.connect(mail_server_id=self.id, smtp_from=self._test_sender(author), allow_archived=True)
            # it asks the person, who then decides; the server learns nothing from it
            session.mail_company_routing_is_test = True
            self.send_email(self._build_test_mail(author), smtp_session=session)
        finally:
            if session:
                session.close()

    def _test_sender(self, author):
        """Return the sender that core would keep on the session for this author, perhaps the default one."""
        if self.env["mail.routing"]._routing_table().chooses_servers:
            return author
        return self._find_mail_server(author, self)[1]

    def _build_test_mail(self, author):
        """Return a mail as ``mail.mail`` builds it, addressed to the mailbox it is sent from."""
        bounce = self._get_default_bounce_address()
        return self.build_email(
            email_from=author,
            email_to=[self._routing_row().sender or address.parse(author)[0].email],
            subject=_("Odoo test mail"),
            body=_("The outgoing mail server %s accepts mails from Odoo with this sender.", self.name),
            headers={"Auto-Submitted": "auto-generated", **({"Return-Path": bounce} if bounce else {})},
        )

    def _sender_refused(self, refusal):
        """Return the error for a refused sender; it offers Restrict Username unless that is already on."""
        sender = self._routing_row().sender
        route = self.env["mail.routing"]._decide_message({"From": sender or "", "Reply-To": ""}, self._routing_row())
        message = _(
            'The mail server "%(server)s" refused the sender: %(refusal)s',
            server=self.name,
            refusal=refusal,
        )
        if route.policy == USERNAME:
            cure = _("It should accept its own mailbox. Check that %s belongs to this login.", sender)
            return UserError(f"{message}\n\n{cure}")
        if not sender:
            cure = _("Its username is not an e-mail address: set the Sender Address and Restrict Username.")
            return UserError(f"{message}\n\n{cure}")
        cure = _('With Restrict Username, mails leave as "Author Name" <%s>.', sender)
        action = self.env.ref("mail_company_routing.action_restrict_username")
        return SenderRefused(
            f"{message}\n\n{cure}",
            action.id,
            _("Switch to Restrict Username"),
            {"active_model": self._name, "active_id": self.id, "active_ids": self.ids},
        )

    def action_restrict_username(self):
        """Let these servers send under their own username only, and show that."""
        self.sender_policy = USERNAME
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": "\n".join(self.mapped("sender_policy_info")),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _refusal_of(error):
    """Return the sender refusal in an smtplib error, or None.

    A server may refuse at MAIL FROM, at each RCPT TO (``SMTPRecipientsRefused``) or at the end of DATA.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        answers = []
    return next((refusal for answer in answers if (refusal := sender_refusal(*answer))), None)
