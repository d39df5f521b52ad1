from collections import defaultdict

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError

# Whoever changes these says something new, or about another record.
PLACE = frozenset({"model", "record_company_id", "res_id"})
WORDS = PLACE | {"author_id", "body", "email_from", "mail_server_id", "reply_to", "subject"}


class MailMessage(models.Model):
    """A message knows who wrote it for which company; the caller's values never say so.

    Core goes on as superuser with values of users (templates, composers, notifications), so what a decision trusts is
    taken from the user behind that, and code alone writes it.
    """

    _inherit = "mail.message"

    record_company_id = fields.Many2one(
        "res.company",
        string="Company",
        readonly=True,
        ondelete="set null",
        help="The company that was active when somebody wrote the message. If the record has no company, Odoo sends "
        "the mail for this one.",
    )
    writer_id = fields.Many2one(
        "res.users",
        string="Written By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The user who wrote the message, or changed what it says or is about. Empty: whoever created it.",
    )
    permitted_company_id = fields.Many2one(
        "res.company",
        string="May Leave As",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The company of the record, if the writer belonged to it or could change the record at that moment; or "
        "the company that Odoo itself wrote for, e.g. My Trading Co.",
    )

    @api.model_create_multi
    def create(self, values_list):
        """Remember the company, and what the writer may do: the queue sends later, as another user.

        Not defaults of the fields, which would claim all existing messages for one company on installation.
        """
        named = self.env.context.get("default_record_company_id")
        company_id = named if named and self._may_write_for(named) else self._writing_company_id()
        untrusted = [name for name, is_vouched in self._fields_of_code().items() if not is_vouched]
        for values in values_list:
            # a mail that is created has the one in the context among its values
            wanted = values.get("record_company_id", named)
            if wanted == named or (wanted and not self._may_write_for(wanted)):
                values["record_company_id"] = company_id
            values.update(dict.fromkeys(untrusted, False), **self._writer_values(values))
            if wanted and self._is_odoo_writing():
                # code names it on purpose; else it only is the company in which Odoo happens to run
                values["permitted_company_id"] = values["record_company_id"]
        return super().create(values_list)

    def write(self, vals):
        """Refuse what code alone writes; whoever changes the words, or what they are about, is the writer now.

        :raises AccessError: the user tries to say who wrote the message, or for which company
        """
        changed = WORDS if not self.env.su else PLACE
        is_said_anew = not changed.isdisjoint(vals) and self._is_restricted()
        if self.env.uid != SUPERUSER_ID:
            self._check_values(vals, is_said_anew)
        result = super().write(vals)
        if is_said_anew and not self.env.user.share:
            by_company = defaultdict(self.browse)
            for message in self.sudo():
                values = self._writer_values({"model": message.model, "res_id": message.res_id})
                by_company[values["permitted_company_id"]] += message
            for company_id, messages in by_company.items():
                values = {"writer_id": self.env.uid, "permitted_company_id": company_id}
                super(MailMessage, messages).write(values)
        return result

    @api.model
    def _check_values(self, vals, is_said_anew):
        """Refuse values that the user may not write on a message.

        :raises AccessError: it says what
        """
        fields_of_code = self._fields_of_code()
        refused = [name for name in vals if not fields_of_code.get(name, True)]
        if refused:
            raise AccessError(_("Only Odoo itself writes the field %s of a message.", refused[0]))
        company_id = vals.get("record_company_id")
        if company_id and not self._may_write_for(company_id):
            raise AccessError(_("You do not belong to this company. Choose one of your companies."))
        if is_said_anew and not self.env.su and self.env.user.share and not PLACE.isdisjoint(vals):
            raise AccessError(_("You cannot move a message to another record."))

    @api.model
    def _fields_of_code(self):
        """Return the fields that code alone writes; a hook for rooms that have some.

        :return dict: by name, whether the code that is running now may write it
        """
        return dict.fromkeys(("permitted_company_id", "writer_id"), self.env.uid == SUPERUSER_ID)

    @api.model
    def _is_odoo_writing(self):
        """Tell whether Odoo itself writes, whatever user it does it as; a hook for whoever hands on words of others."""
        return self.env.uid == SUPERUSER_ID

    @api.model
    def _is_restricted(self):
        """Tell whether it matters who writes for which company."""
        table = self.env["mail.routing"]._routing_table()
        return not table.is_idle and len(table.companies) > 1 and not self._is_odoo_writing()

    @api.model
    def _may_write_for(self, company_id):
        """Tell whether the user may write for a company, also where core goes on as superuser: a context names any."""
        return self._is_odoo_writing() or company_id in self.env.user._get_company_ids()

    @api.model
    def _writing_company_id(self):
        """Return the id of the company for which the user writes: the active one, if it is one of the user's.

        As superuser, Odoo takes any company that a context names.
        """
        company_id = self.sudo().env.company.id
        is_free = self._is_odoo_writing() or self.env.user.share or self._may_write_for(company_id)
        return company_id if is_free else self.env.user.company_id.id

    @api.model
    def _writer_values(self, values):
        """Return what is recorded about the writer of a message, as of now.

        :param dict values: its ``model`` and ``res_id``
        """
        if self._is_odoo_writing() and self.env.uid != SUPERUSER_ID:
            return {"writer_id": SUPERUSER_ID}
        if not self._is_restricted() or self.env.user.share:
            return {}
        model, res_id = values.get("model"), values.get("res_id")
        has_owner = res_id and self.env["mail.routing"]._has_company(model)
        company = has_owner and self.env[model].browse(res_id)._owner_company("company_id")
        is_permitted = company and (self._may_write_for(company.id) or self._may_change(model, res_id))
        return {"permitted_company_id": is_permitted and company.id}

    @api.model
    def _may_change(self, model, res_id):
        """Tell whether the user may write on a record, in any of the user's own companies."""
        user = self.env.user
        record = self.env[model].with_user(user).with_context(allowed_company_ids=user._get_company_ids())
        record = record.browse(res_id)
        return bool(record.check_access_rights("write", raise_exception=False) and record._filter_access_rules("write"))

    @api.constrains("author_id", "email_from")
    def _check_sender(self):
        """Refuse a message that speaks for somebody else, whether it was posted, imported or sent by RPC."""
        identities = self.env["mail.sender.identity"]
        for message in self if identities._checks_senders() else ():
            identities._check_sender(message.email_from, message.author_id)
