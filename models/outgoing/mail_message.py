from odoo import _, api, fields, models
from odoo.exceptions import AccessError


class MailMessage(models.Model):
    _inherit = "mail.message"

    record_company_id = fields.Many2one(
        "res.company",
        string="Company",
        readonly=True,
        ondelete="set null",
        help="The company that was active when somebody wrote the message. If the record has no company, Odoo sends "
        "the mail for this one.",
    )

    @api.model_create_multi
    def create(self, values_list):
        """Remember the company: the queue sends later, as another user and in the main company.

        Not a default of the field, which would claim all existing messages for one company on installation.
        """
        named = self.env.context.get("default_record_company_id")
        company_id = named if named and self._may_write_for(named) else self.env.company.id
        for values in values_list:
            # a mail that is created has the one in the context among its values
            if values.get("record_company_id", named) == named:
                values["record_company_id"] = company_id
        return super().create(values_list)

    @api.constrains("record_company_id")
    def _check_record_company(self):
        """Refuse a company that the user does not belong to: the mail would leave through its server."""
        if not self.env.su and not all(map(self._may_write_for, self.record_company_id.ids)):
            raise AccessError(_("You do not belong to this company. Choose one of your companies."))

    @api.model
    def _may_write_for(self, company_id):
        """Tell whether the user may write for a company, also where core goes on as superuser: a context names any."""
        user = self.env.user
        return company_id in user._get_company_ids() or user._is_system()

    @api.constrains("author_id", "email_from")
    def _check_sender(self):
        """Refuse a message that speaks for somebody else, whether it was posted, imported or sent by RPC."""
        identities = self.env["mail.sender.identity"]
        for message in self if identities._guards_senders() else ():
            identities._check_sender(message.email_from, message.author_id)
