from odoo import _, api, fields, models
from odoo.exceptions import UserError


class MailUnroutedPlace(models.TransientModel):
    """Asks a person where unrouted mails belong."""

    _name = "mail.unrouted.place"
    _description = "Place of an Unrouted Mail"

    unrouted_ids = fields.Many2many("mail.unrouted.message", required=True, string="Mails")
    task = fields.Selection([("attach", "Attach to a document"), ("create", "Create a document")], required=True)
    record = fields.Reference(
        selection="_selection_record",
        string="Document",
        help="The document that the mails go to, e.g. the contact Anna.",
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Create a New",
        domain="[('is_mail_thread', '=', True), ('transient', '=', False), ('model', '!=', 'mail.thread')]",
        ondelete="cascade",
        help="The kind of document to create from each mail, e.g. Contact.",
    )

    @api.model
    def _selection_record(self):
        """Return the models whose documents take mails."""
        found = self.env["ir.model"].search([("is_mail_thread", "=", True), ("transient", "=", False)])
        return [
            (model.model, model.name)
            for model in found
            if model.model in self.env and not self.env[model.model]._abstract
        ]

    def action_place(self):
        """Put each mail where the person said; if one does not go there, say why, and change nothing."""
        self.ensure_one()
        target = self._target()
        self.unrouted_ids.check_access_rights("write")
        self.unrouted_ids.check_access_rule("write")
        for row in self.unrouted_ids:
            if not row._try(*target):
                raise UserError(
                    _('Odoo could not place the mail "%(subject)s": %(reason)s', subject=row.subject, reason=row.reason)
                )
        if len(self.unrouted_ids) == 1:
            return self.unrouted_ids.action_open_record()
        return {"type": "ir.actions.act_window_close"}

    def _target(self):
        """Return model and id of the chosen place; this user must be allowed to write there."""
        if self.task == "attach":
            if not self.record:
                raise UserError(_("Choose the document that the mail belongs to."))
            self.record.check_access_rights("write")
            self.record.check_access_rule("write")
            return self.record._name, self.record.id
        if not self.model_id:
            raise UserError(_("Choose what to create from the mail."))
        self.env[self.model_id.model].check_access_rights("create")
        return self.model_id.model, None
