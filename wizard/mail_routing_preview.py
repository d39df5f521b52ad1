from odoo import _, api, fields, models

from .rolled_back import rolled_back

_INPUTS = ("user_id", "email_from", "resource_ref", "company_id", "email_to", "template_id", "mail_server_id")


class MailRoutingPreview(models.TransientModel):
    _name = "mail.routing.preview"
    _description = "Preview a Mail"

    user_id = fields.Many2one(
        "res.users",
        string="Who Writes",
        default=lambda self: self.env.user,
        help="The user who writes the mail, e.g. Zhang Yi; empty: Odoo itself.",
    )
    email_from = fields.Char(
        "From Another Address",
        help="The address that the mail is written from, e.g. zy@gmail.com; empty: the user's own, or the template's.",
    )
    resource_ref = fields.Reference(
        selection="_selection_models",
        string="About",
        help="The record that the mail is about, e.g. a customer of B. Its company is the mail's company.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Written For",
        required=True,
        default=lambda self: self.env.company,
        help="The company that is active when the mail is written, e.g. My Trading Co. It counts where the record has "
        "none.",
    )
    email_to = fields.Char(
        "To",
        required=True,
        default=lambda self: self.env.user.email_normalized or "customer@example.com",
        help="Who gets the mail, e.g. customer@example.com.",
    )
    template_id = fields.Many2one("mail.template", help="The template that makes the mail, e.g. Sales: Send Quotation.")
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        string="Through This Server",
        help="The outgoing mail server that is set on the mail, e.g. Exmail b.com; empty: the rules choose.",
    )

    has_result = fields.Boolean(readonly=True)
    problems = fields.Text("What Stops It", readonly=True, help="Why the mail would not leave, and what to do.")
    mail_company = fields.Char("Mail's Company", readonly=True, help="The company that the mail belongs to, e.g. B.")
    why_company = fields.Char("Rule of the Company", readonly=True)
    server_name = fields.Char("Mail Server", readonly=True, help="The outgoing mail server, e.g. Exmail b.com.")
    why_server = fields.Char("Rule of the Mail Server", readonly=True)
    header_from = fields.Char("From", readonly=True, help='What the recipient sees, e.g. "ZY" <office@b.com>.')
    why_from = fields.Char("Rule of From", readonly=True)
    sender = fields.Char(readonly=True, help="Who sends on behalf of the author, e.g. office@b.com.")
    envelope_from = fields.Char(
        "Envelope Sender",
        readonly=True,
        help="The sender that the mail server is told first (MAIL FROM), e.g. bounce@b.com. Bounces go there.",
    )
    return_path = fields.Char("Return-Path", readonly=True, help="Who is told if it bounces, e.g. bounce@b.com.")
    why_envelope = fields.Char("Rule of the Envelope Sender", readonly=True)
    why_sender = fields.Char("Rule of the Sender", readonly=True)
    reply_to = fields.Char("Reply-To", readonly=True, help="Where replies go, e.g. catchall@b.com.")
    why_reply_to = fields.Char("Rule of Reply-To", readonly=True)

    has_sent = fields.Boolean(readonly=True)
    has_left = fields.Boolean(readonly=True)
    sent_result = fields.Text("What the Mail Server Said", readonly=True)
    sent_server = fields.Char("Sent Through", readonly=True)
    sent_from = fields.Char("From on the Wire", readonly=True)
    sent_envelope_from = fields.Char("Envelope Sender on the Wire", readonly=True)
    sent_reply_to = fields.Char("Reply-To on the Wire", readonly=True)

    @api.model
    def _selection_models(self):
        """Return what a mail can be about: all that has a chatter, or a template."""
        models_ = self.env["ir.model"].sudo().search([("transient", "=", False), ("is_mail_thread", "=", True)])
        models_ |= self.env["mail.template"].sudo().search([("model_id", "!=", False)]).model_id
        return sorted(((model.model, model.name) for model in models_), key=lambda pair: pair[1])

    @api.onchange(*_INPUTS)
    def _onchange_inputs(self):
        """Hide a result that belongs to other inputs."""
        self.has_result = self.has_sent = False

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Propose a record of the template's model."""
        model = self.template_id.sudo().model
        if model and (not self.resource_ref or self.resource_ref._name != model):
            self.resource_ref = self._sample(model)

    @api.model
    def _sample(self, model):
        """Return a record of a model that the administrator may read, as a reference; False if there is none."""
        records = self.env.get(model)
        if records is None or not records.check_access_rights("read", raise_exception=False):
            return False
        record = records.search([], limit=1)
        return f"{model},{record.id}" if record else False

    @api.model
    def _open(self, values):
        """Return the action that shows the preview of a mail of which something is known."""
        preview = self.create(values)
        return preview.action_preview()

    def action_preview(self):
        """Show how the mail would leave; nothing is stored, and nothing is sent."""
        self.ensure_one()
        self.write({"has_sent": False, **self._preview()})
        return self._show()

    def action_send_to_me(self):
        """Send one for real, to the administrator, by the same route, and show what was on the wire."""
        self.ensure_one()
        self.write({**self._preview(), **self._send_to_me()})
        return self._show()

    def _show(self):
        """Return the action that shows this form."""
        return {
            "type": "ir.actions.act_window",
            "name": _("Preview a Mail"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview(self):
        """Return the values to show, found out in a savepoint that is always rolled back."""
        with rolled_back(self.env.cr):
            values = self._values()
        self.env.invalidate_all(flush=False)
        return values
