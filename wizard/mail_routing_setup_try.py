from markupsafe import Markup

from odoo import _, api, fields, models
from odoo.exceptions import UserError

from ..routing import address

SENT, ANSWERED = "sent", "answered"


class MailRoutingSetup(models.TransientModel):
    """Sends a real mail to a person, and fetches the answer."""

    _inherit = "mail.routing.setup"

    try_email = fields.Char(
        string="Send a Mail To",
        compute="_compute_try_email",
        store=True,
        readonly=False,
        help="An address whose mail you read, e.g. your own. Answer the mail, and fetch the answer here.",
    )
    try_state = fields.Selection([(SENT, "Sent"), (ANSWERED, "Answered")], readonly=True)
    try_result = fields.Html(readonly=True, sanitize=False)
    try_message_id = fields.Many2one("mail.message", readonly=True)

    @api.depends("server_id")
    def _compute_try_email(self):
        """Propose the user's own address, unless that is the mailbox itself."""
        own = address.find(self.env.user.email)
        for setup in self:
            setup.try_email = setup.try_email or (own and not address.same(own, setup.email) and own)

    def action_send(self):
        """Send a mail about the company's own contact, so that its answer has a place to come to."""
        setup = self._for_company()
        setup.env["mail.routing"]._check_address(setup, "try_email")
        if address.same(address.find(setup.try_email), address.find(setup.email)):
            raise UserError(_("This is the mailbox itself. Choose an address elsewhere."))
        mail = setup._make_mail()
        mail.send()
        if mail.state == "sent":
            text = _("The mail has left for %s. Answer it there, then press Fetch the Answer.", setup.try_email)
            text = f"{text} {setup._other_server(mail.route_server_id)}".strip()
        else:
            text = mail.failure_reason or _("The mail has not left.")
        setup.try_result = Markup("<p>%s</p>") % text
        setup.try_state = SENT if mail.state == "sent" else False
        setup.try_message_id = mail.mail_message_id
        return setup._reopen()

    def _other_server(self, server):
        """Say that the mail left through another server than the new one, as all others will; empty if it did not."""
        if not server or server == self.server_id:
            return ""
        return _(
            'It left through "%(server)s", which comes before "%(own)s". If mails of %(company)s shall leave through '
            "the new one, archive the other.",
            server=server.name,
            own=self.server_id.name,
            company=self.company_id.name,
        )

    def action_probe(self):
        """Ask the outgoing server for more: which senders it takes, and what arrives."""
        return self.server_id.action_probe()

    def _make_mail(self):
        """Return the mail, which stays to be looked at."""
        text = _(
            "Odoo sends the mails of %s this way. Answer this mail: the answer comes to Odoo.", self.company_id.name
        )
        return self.env["mail.mail"].create(
            {
                "auto_delete": False,
                "author_id": self.env.user.partner_id.id,
                "body": Markup("<p>%s</p>") % text,
                "body_html": Markup("<p>%s</p>") % text,
                "email_from": self.env.user.email_formatted or self.email,
                "email_to": address.check(self.try_email),
                "message_type": "comment",
                "model": "res.partner",
                "res_id": self.company_id.partner_id.id,
                "subject": _("Company mail is set up"),
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )

    def action_fetch(self):
        """Fetch the mailbox, and show the answer, or why there is none."""
        setup = self._for_company()
        setup.fetchmail_server_id.fetch_mail()
        answer = setup._answer()
        if answer:
            setup.try_state = ANSWERED
            text = _(
                "The answer of %(sender)s has arrived in the chatter of %(contact)s. Company mail is set up.",
                sender=answer.email_from,
                contact=setup.company_id.partner_id.display_name,
            )
        else:
            text = setup._missing()
        setup.try_result = Markup("<p>%s</p>") % text
        return setup._reopen()

    def _answer(self):
        """Return the newest mail that came in for the contact since the mail was sent."""
        return self.env["mail.message"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "=", self.company_id.partner_id.id),
                ("message_type", "=", "email"),
                ("id", ">", self.try_message_id.id),
            ],
            limit=1,
        )

    def _missing(self):
        """Say why there is no answer."""
        unrouted = self.env["mail.unrouted.message"].search(
            [
                ("fetchmail_server_id", "=", self.fetchmail_server_id.id),
                ("email_from", "ilike", address.find(self.try_email)),
                ("create_date", ">=", self.try_message_id.create_date),
            ],
            limit=1,
        )
        if unrouted:
            return _(
                "A mail of %(sender)s has come, and is among the Unrouted Mails. %(reason)s",
                sender=unrouted.email_from,
                reason=unrouted.reason,
            )
        return self.fetchmail_server_id.last_error or _(
            "No answer has come yet. Some providers take a minute. Answer the mail, then fetch again."
        )

    def action_open_contact(self):
        """Open the company's contact, where the mail and its answer are."""
        return self._open(self.company_id.partner_id)
