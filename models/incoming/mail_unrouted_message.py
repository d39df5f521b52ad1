import base64

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import UserError

from ...routing.mailbox import raw_mail
from ..setup.res_config_settings import UNROUTED_DAYS, UNROUTED_DAYS_PARAMETER

WAITING, DONE, ANSWERED, IGNORED = "waiting", "done", "answered", "ignored"


class MailUnroutedMessage(models.Model):
    _name = "mail.unrouted.message"
    _description = "Unrouted Mail"
    _order = "id desc"
    _rec_name = "subject"

    subject = fields.Char(readonly=True, help="The subject as the sender wrote it, e.g. Order 7.")
    email_from = fields.Char(string="From", readonly=True, help="The sender, e.g. Anna <anna@example.com>.")
    email_to = fields.Char(string="To", readonly=True, help="The recipients, e.g. info@b.com.")
    date = fields.Datetime(readonly=True, help="The date that the sender put on it.")
    message_id = fields.Char(string="Message-Id", readonly=True, index="btree_not_null")
    checksum = fields.Char(readonly=True, index=True, help="SHA-256 of the message, which identifies it.")
    fetchmail_server_id = fields.Many2one(
        "fetchmail.server",
        string="Incoming Mail Server",
        readonly=True,
        ondelete="set null",
        help="The mailbox it was fetched from, e.g. Exmail b.com.",
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index=True,
        ondelete="set null",
        help="The company whose administrators see it: that of the recipient's address, else that of the mailbox.",
    )
    eml = fields.Binary(
        string="Original", attachment=True, readonly=True, help="The whole mail as it came, e.g. for a mail program."
    )
    eml_name = fields.Char(compute="_compute_eml_name")
    attempts = fields.Integer(readonly=True, default=1, help="How often Odoo tried to process it, e.g. 2.")
    state = fields.Selection(
        [
            (WAITING, "Waiting"),
            (DONE, "Done"),
            (ANSWERED, "Answered"),
            (IGNORED, "Ignored"),
        ],
        readonly=True,
        required=True,
        default=WAITING,
        index=True,
        help="- Waiting: somebody must decide what to do with it.\n"
        "- Done: it has its place.\n"
        "- Answered: its sender got an automatic answer, e.g. that the address accepts no mail from unknown senders.\n"
        "- Ignored: there is nothing to do.",
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    record_name = fields.Char(string="Went To", compute="_compute_record_name", help="The document it is in now.")
    settled_by_id = fields.Many2one("res.users", readonly=True)
    settled_date = fields.Datetime(string="Settled On", readonly=True)

    def _compute_eml_name(self):
        """Name the file to download."""
        for row in self:
            row.eml_name = f"unrouted-{row.id}.eml"

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        """Show where the mail went; the document may be deleted by now."""
        for row in self:
            record = row._record()
            row.record_name = record.display_name if record else False

    def _record(self):
        """Return the document that the mail went to, if it exists and this user may see it."""
        if not self.res_id or self.res_model not in self.env:
            return None
        record = self.env[self.res_model].browse(self.res_id).exists()
        visible = record and record.check_access_rights("read", raise_exception=False)
        return record._filter_access_rules("read") if visible else None

    @api.model
    def _keep(self, server, raw, outcome, error=None, state=WAITING):
        """Keep a fetched message whole; the same message of the same mailbox is kept once."""
        key = raw_mail.checksum(raw)
        known = self.search([("checksum", "=", key), ("fetchmail_server_id", "=", server.id)], limit=1)
        reason = self._reason_values(outcome, error)
        if known:
            known._record_attempt(reason)
            return known
        return self.create(
            {
                **raw_mail.summary(raw_mail.with_message_id(raw)),
                **reason,
                "checksum": key,
                "company_id": outcome.get("company_id") or server.company_id.id,
                "eml": base64.b64encode(raw),
                "fetchmail_server_id": server.id,
                "state": state,
            }
        )

    def _record_attempt(self, reason):
        """Count one more failure; what a person has settled stays settled."""
        # the field with the technical details is for developer mode only
        for row in self.sudo():
            row.write({"attempts": row.attempts + 1, **(reason if row.state == WAITING else {})})

    def _process(self, model=None, res_id=None):
        """Process the message again, as fetching does, and return its outcome.

        Runs as superuser: a mail goes to the same place whoever presses the button.

        :param model: the model that a person chose
        :param res_id: the document that a person chose; without one, a new one is created
        """
        self.ensure_one()
        env = self.env(user=SUPERUSER_ID, context={})
        server = env["fetchmail.server"].browse(self.fetchmail_server_id.id)
        forced = model and (model, res_id)
        return server._process_message(base64.b64decode(self.eml), forced=forced, company=self.sudo().company_id)

    def _try(self, model=None, res_id=None):
        """Process the message again and store the result; tell whether it is settled."""
        try:
            with self.env.cr.savepoint():
                outcome = self._process(model, res_id)
        except Exception as error:
            if self.env["fetchmail.server"]._is_transient(error):
                # Odoo repeats the whole request
                raise
            self._record_attempt(self._reason_values({}, error))
            return False
        kind = outcome.get("kind")
        if model and kind in ("duplicate", "own"):
            raise UserError(self._duplicate_text(outcome))
        if kind in (None, "loop"):
            self._record_attempt(self._reason_values(outcome))
            return False
        self._settle(ANSWERED if kind == "answered" else DONE, self._place(outcome))
        return True

    def _place(self, outcome):
        """Return the values that name the document of the message; a bounce and own mail have none."""
        domain = [("message_id", "=", outcome.get("message_id"))]
        message = outcome.get("message_id") and self.env["mail.message"].sudo().search(domain, limit=1)
        return {"res_model": message.model, "res_id": message.res_id} if message else {}

    def _duplicate_text(self, outcome):
        """Return a sentence that names the document the mail is in already, if this user may see it."""
        found = self.new(self._place(outcome))._record()
        record = found.display_name if found else _("another document")
        return _('The mail "%(subject)s" is already in %(record)s.', subject=self.subject, record=record)

    def _settle(self, state, values=None):
        """Store how the messages ended, who settled them and when."""
        now = fields.Datetime.now()
        self.write({"state": state, "settled_by_id": self.env.uid, "settled_date": now, **(values or {})})

    @api.autovacuum
    def _purge(self):
        """Delete old settled messages; waiting ones are kept for ever."""
        parameter = self.env["ir.config_parameter"].sudo().get_param(UNROUTED_DAYS_PARAMETER)
        days = int(parameter) if str(parameter).isdecimal() else UNROUTED_DAYS
        before = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        # when it was settled, or stored where Odoo answered it at once
        self.search([("state", "!=", WAITING), ("write_date", "<", before)]).unlink()
