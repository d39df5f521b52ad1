from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.tools.misc import hmac

from ...routing import token
from ...routing.incoming.group import copy_id
from .incoming_mail import incoming_of

_COPY_SCOPE = "mail_company_routing-copy"
_REPLY_SCOPE = "mail_company_routing-reply"


class MailMessage(models.Model):
    """Is found by the token in a reply's address, and may be the copy of a mail from another company."""

    _inherit = "mail.message"

    sender_company_id = fields.Many2one(
        "res.company",
        string="Sent By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The company that sent this mail to another company of this database, e.g. A Trading.",
    )
    answer_to = fields.Char(
        string="Answers To",
        readonly=True,
        copy=False,
        help="The reply address of that company, e.g. catchall@a.com. Answers to the author go there, so that they "
        "reach the document that the mail is about.",
    )

    @api.model_create_multi
    def create(self, values_list):
        """Drop the cache of :meth:`_has_copies`, and with it all others, when the first copy is stored."""
        messages = super().create(values_list)
        if any(values.get("sender_company_id") for values in values_list) and not self._has_copies():
            self.env["mail.routing"]._drop_table()
        return messages

    @api.model
    def _fields_of_code(self):
        """Only a copy that is being taken in says whose it is, and where answers go."""
        is_copy = self.env.uid == SUPERUSER_ID or bool(incoming_of(self.env).copy)
        return super()._fields_of_code() | dict.fromkeys(("answer_to", "sender_company_id"), is_copy)

    @api.model
    def _is_odoo_writing(self):
        """The mail gateway hands on what somebody wrote, as a user who may have written nothing."""
        return super()._is_odoo_writing() or incoming_of(self.env).place is not None

    @api.model
    @tools.ormcache()
    def _has_copies(self):
        """Tell whether there are copies at all; most databases have none, and need no further query."""
        return bool(self.sudo().search([("sender_company_id", "!=", False)], limit=1))

    @api.model
    def _copy_id(self, message_id, company_id):
        """Return the Message-Id of a company's copy of a mail from another company."""
        return copy_id(message_id, hmac(self.env(su=True), _COPY_SCOPE, f"{message_id} {company_id}"))

    def _companies(self):
        """Return each message's company: that of its record, else the one it was written in, or None.

        :return dict: company id by message
        """
        owners = self.env["mail.routing"]._owner_companies((message.model, message.res_id) for message in self)
        return {
            message: owners.get((message.model, message.res_id)) or message.record_company_id.id or None
            for message in self
        }

    def _reply_token(self):
        """Return the token that leads a reply to this message; empty where a reply starts a new record."""
        self.ensure_one()
        if self.reply_to_force_new or not (self.model and self.res_id):
            return ""
        return token.make_token(self.id, self._reply_signature(self.id))

    @api.model
    def _of_reply_token(self, text):
        """Return the message that a token leads to; none if this database did not sign the token."""
        number = token.read_number(text)
        if number is None or not token.is_genuine(text, self._reply_signature(number)):
            return self.browse()
        return self.browse(number).exists()

    @api.model
    def _reply_signature(self, number):
        """Return this database's signature of a message's id; only a superuser can read the secret."""
        return hmac(self.env(su=True), _REPLY_SCOPE, number)
