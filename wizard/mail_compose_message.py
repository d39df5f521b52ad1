from odoo import api, fields, models

from ..models.context import TEMPLATE_SENDERS_KEY
from ..models.outgoing.mail_sender_identity_check import TemplateSenders
from ..routing import address


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    mail_identity_id = fields.Many2one(
        "mail.sender.identity",
        string="Send as",
        compute="_compute_mail_identity_id",
        inverse="_inverse_mail_identity_id",
        domain="[('id', 'in', mail_identity_ids)]",
        help="The address that the mail comes from, one of yours for this company, e.g. zy@b.com.",
    )
    mail_identity_ids = fields.Many2many("mail.sender.identity", compute="_compute_mail_identity_ids")
    can_choose_mail_identity = fields.Boolean(compute="_compute_mail_identity_ids")

    @api.depends("author_id", "composition_mode", "model", "res_id", "use_active_domain")
    @api.depends_context("active_ids", "uid")
    def _compute_mail_identity_ids(self):
        """Offer users their own identities for the company they write about; users without any cost no query."""
        identities = self.env["mail.sender.identity"]
        has_any = self.env.uid in self.env["mail.routing"]._routing_table().user_ids
        for composer in self:
            is_own = has_any and composer.author_id == self.env.user.partner_id
            composer.mail_identity_ids = identities._offered(composer._mail_company()) if is_own else identities
            composer.can_choose_mail_identity = len(composer.mail_identity_ids) > 1

    @api.depends("email_from", "mail_identity_ids")
    def _compute_mail_identity_id(self):
        """Follow the From field: the identity it names, else the first one, unless a template speaks for another."""
        self.mail_identity_id = False
        for composer in self.filtered("mail_identity_ids"):
            email = address.first(composer.email_from)
            offered = composer.mail_identity_ids
            named = offered.filtered(lambda identity, email=email: address.same(identity._routing_row().email, email))
            is_own = not composer.email_from or address.same(email, address.first(self.env.user.email))
            composer.mail_identity_id = named[:1] or (offered[:1] if is_own else named)

    @api.onchange("mail_identity_id")
    def _inverse_mail_identity_id(self):
        """Let the identity be the sender, in the chatter too."""
        for composer in self.filtered("mail_identity_id"):
            email_from = composer.mail_identity_id._formatted()
            if composer.email_from != email_from:
                composer.email_from = email_from

    def _mail_company(self):
        """Return the company of the records written about; none if there are several.

        Then each mail is sent from the author's first identity for its own company (rung 2 of the ladder).
        """
        if not self.env["mail.routing"]._has_company(self.model):
            return self.env.company
        is_mass = self.composition_mode != "comment"
        if is_mass and self.use_active_domain:
            return self.env["res.company"]
        ids = (is_mass and self.env.context.get("active_ids")) or [self.res_id]
        records = self.env[self.model].sudo().browse(filter(None, ids)).exists()
        companies = {record.company_id or self.env.company for record in records} or {self.env.company}
        return companies.pop() if len(companies) == 1 else self.env["res.company"]

    def _onchange_template_id(self, template_id, composition_mode, model, res_id):
        """Use the user's own address if the template renders somebody else's, e.g. the salesperson's.

        In mass mode the template is not rendered yet, see :meth:`get_mail_values`.
        """
        result = super()._onchange_template_id(template_id, composition_mode, model, res_id)
        identities = self.env["mail.sender.identity"]
        if identities._checks_senders():
            identities = identities._with_senders_of(self.env["mail.template"].browse(template_id or []))
            if identities._foreign_address(result["value"].get("email_from")):
                result["value"]["email_from"] = self.env.user.email_formatted
        return result

    def _action_send_mail(self, auto_commit=False):
        """Send as the identity, and pass on the addresses that the template lends."""
        self._inverse_mail_identity_id()
        composers = self
        if self.env["mail.sender.identity"]._checks_senders():
            composers = self.with_context(
                **{TEMPLATE_SENDERS_KEY: TemplateSenders(self.template_id._senders_of_templates())}
            )
        return super(MailComposeMessage, composers)._action_send_mail(auto_commit=auto_commit)

    def get_mail_values(self, res_ids):
        """Check the sender of each mail: in mass mode core creates them as superuser.

        An address that a template renders is replaced as in :meth:`_onchange_template_id`.
        """
        values_by_id = super().get_mail_values(res_ids)
        identities = self.env["mail.sender.identity"]
        if identities._checks_senders():
            is_rendered = self.template_id and self.email_from == self.template_id.email_from
            for values in values_by_id.values():
                if is_rendered and identities._foreign_address(values["email_from"]):
                    values["email_from"] = self.env.user.email_formatted
                author = self.env["res.partner"].browse(values.get("author_id") or [])
                identities._check_sender(values["email_from"], author)
        return values_by_id

    def _check_sender(self):
        """Wait until sending: only then are the addresses known that a template lends."""
