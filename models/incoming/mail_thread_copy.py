from dataclasses import replace
from xmlrpc.client import Binary

from odoo import _, api, models

from ...routing.incoming import group, reader
from ...routing.mailbox import raw_mail
from ...routing.outgoing.header import set_address_header
from ..context import ARRIVAL_KEY
from .arrival import arrival_of, record_outcome


class MailThread(models.AbstractModel):
    """Mail from one company of this database to another is incoming mail there."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False, thread_id=None
    ):
        """Process a mail of another company once for each company it is for, each under the Message-Id of its copy."""
        result = None
        for copy in self._copies(message) or (None,):
            arrival = replace(arrival_of(self.env), copy=copy)
            thread = self.with_context(**{ARRIVAL_KEY: arrival}) if copy else self
            taken = super(MailThread, thread).message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
            result = result or taken
        return result

    @api.model
    def message_parse(self, message, save_original=False):
        """Parse a copy for its company: its author, this company's recipients, and what it answers there."""
        message_dict = super().message_parse(message, save_original=save_original)
        copy = arrival_of(self.env).copy
        if copy:
            self._record_copy(copy)
            self._address_copy(copy, message, message_dict)
            self._thread_copy(copy, message_dict)
        return message_dict

    @api.model
    def _copies(self, message):
        """Return the copies to take in of a mail that this database sent; none for own mail and mail from outside."""
        table = self.env["mail.routing"]._routing_table()
        if table.is_idle or len(table.companies) < 2:
            return ()
        raw = message.data if isinstance(message, Binary) else message
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        sent = self._sent_mail(raw_mail.head(raw))
        if not sent:
            return ()
        answered = self._answered(table, sent)
        doors = self._doors(table, sent, answered)
        company_ids = group.receivers(table, sent.mail, sent.recipients, doors, self._mailbox_company_id())
        if arrival_of(self.env).forced:
            company_ids = sorted(company_ids, key=lambda company_id: company_id != self.env.company.id)[:1]
        return tuple(self._copy(table, sent, answered, company_id) for company_id in company_ids)

    @api.model
    def _address_copy(self, copy, message, message_dict):
        """Set the author of a copy, and leave out recipients in other companies, which get their own copy."""
        table = self.env["mail.routing"]._routing_table()
        reader.keep_recipients(message, group.own_recipients(table, reader.recipients(message), copy.company_id))
        for name in ("to", "recipients"):
            message_dict[name] = group.own_addresses(table, message_dict[name], copy.company_id)
        if copy.author_id:
            # aliases that only take mail from employees read the header itself
            set_address_header(message, "From", copy.email_from)
            message_dict.update({"author_id": copy.author_id, "email_from": copy.email_from, "from": copy.email_from})

    @api.model
    def _thread_copy(self, copy, message_dict):
        """Give a copy its Message-Id, and attach it to the message that it answers in its company."""
        for name in ("parent_id", "is_internal"):
            message_dict.pop(name, None)
        parent = self.env["mail.message"].sudo().browse(copy.parent_id)
        message_dict.update(
            self._message_parse_extract_from_parent(parent),
            message_id=copy.message_id,
            references=copy.references,
            in_reply_to=parent.message_id or "",
            sender_company_id=copy.sender_id,
            answer_to=copy.answer_to,
        )

    @api.model
    def _record_copy(self, copy):
        """Record why a mail that this database sent is taken in."""
        companies = self.env["res.company"].sudo()
        names = {"sender": companies.browse(copy.sender_id).name, "company": companies.browse(copy.company_id).name}
        record_outcome(
            self.env, rule="group", reason=_("%(sender)s sent it to %(company)s, which receives it.", **names)
        )
