import ast
import re
from contextlib import suppress

from odoo import SUPERUSER_ID, _, api, models, tools
from odoo.exceptions import AccessError

from ...routing import address

# Keys of ``email_values`` with which a mail says something else than its template.
OWN_WORDS = frozenset({"attachment_ids", "body", "body_html", "email_from", "headers", "subject"})
# Headers that say who sends a mail (RFC 5322, section 3.6.2 and 3.6.6), or whom it comes back to.
SENDING_HEADER = re.compile(r"(resent-)?(from|sender)|return-path", re.IGNORECASE)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model_create_multi
    def create(self, vals_list):
        """Flush at once: whoever causes a later flush counts as the last writer, see :meth:`_is_trusted`."""
        templates = super().create(vals_list)
        templates.flush_recordset()
        return templates

    def _update_field_translations(self, field_name, translations, digest=None):
        """Record the translator as the last writer: core does not, and a translation can say anything."""
        result = super()._update_field_translations(field_name, translations, digest)
        self.write({"name": self.name})
        return result

    def send_mail(self, res_id, force_send=False, raise_exception=False, email_values=None, email_layout_xmlid=False):
        """Check the template's sender before core creates the mail as superuser.

        An administrator's template may speak for anybody, as long as nobody changes its words.
        """
        words = email_values or {}
        if not self.env.su:
            self._check_values(words)
        identities = self.env["mail.sender.identity"]
        if identities._checks_senders() and not (self._is_trusted() and OWN_WORDS.isdisjoint(words)):
            sender = words.get("email_from") or self._render_field("email_from", [res_id], compute_lang=True)[res_id]
            author = self.env["res.partner"].browse(words.get("author_id") or [])
            identities = identities._with_senders_of(self)
            identities._check_sender(sender, author)
            for header in _sender_headers(words.get("headers")):
                identities._check_sender(header)
        return super().send_mail(
            res_id,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )

    @api.model
    def _check_values(self, values):
        """Refuse to send another message in the template's place, and to say how a mail left.

        :param dict values: those that core hands on as superuser
        :raises AccessError: it names the field
        """
        known = self.env["mail.mail"]._fields
        refused = [name for name in values if name in known and known[name]._module == "mail_company_routing"]
        refused += [name for name in ("id", "mail_message_id", "mail_message_id_int") if name in values]
        if refused:
            raise AccessError(_("Only Odoo itself writes the field %s of a mail.", refused[0]))

    def _is_trusted(self):
        """Tell whether an administrator, or a module, wrote the template last."""
        writer = self.sudo().write_uid
        return writer.id == SUPERUSER_ID or (bool(writer) and writer.has_group("base.group_system"))

    def _senders_of_templates(self):
        """Return the addresses, in lower case, that trusted templates lend to users who write the words themselves.

        Only literal ones: a rendered one, such as the salesperson of an order, depends on a record that an ordinary
        user may change.
        """
        trusted = self.filtered(lambda template: template.email_from and template._is_trusted())
        return {address.key(entry.email) for template in trusted for entry in address.parse(template.email_from)}


def _sender_headers(headers):
    """Return the sending headers of ``mail.mail``, read as core reads them: it drops broken ones."""
    with suppress(Exception):
        items = dict(ast.literal_eval(str(headers))).items()
        return [tools.ustr(value) for name, value in items if SENDING_HEADER.fullmatch(tools.ustr(name).strip())]
    return []
