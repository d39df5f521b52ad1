from odoo import api, fields, models


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
        company_id = self.env.context.get("default_record_company_id") or self.env.company.id
        for values in values_list:
            values.setdefault("record_company_id", company_id)
        return super().create(values_list)

    @api.constrains("author_id", "email_from")
    def _check_sender(self):
        """Refuse a message that speaks for somebody else, whether it was posted, imported or sent by RPC."""
        identities = self.env["mail.sender.identity"]
        for message in self if identities._guards_senders() else ():
            identities._check_sender(message.email_from, message.author_id)
