from odoo import _, api, models
from odoo.exceptions import ValidationError

from ...routing import address


class MailRouting(models.AbstractModel):
    """Refuses to save addresses and names that no mail server would accept."""

    _inherit = "mail.routing"

    @api.model
    def _check_address(self, record, field_name):
        """Refuse a field's value that is not one single bare address.

        :raises ValidationError: it names the record, the field and what is wrong
        """
        try:
            address.check(record[field_name])
        except address.BadAddress as error:
            problem = {
                "control": _("it contains a line break or another control character"),
                "at": _("it must contain exactly one @"),
                "local": _("the part before the @ is empty or has characters that no mail server accepts"),
                "domain": _("the part after the @ is not a domain"),
            }[error.problem]
            raise ValidationError(
                _(
                    '%(field)s of "%(record)s" is not an e-mail address: %(problem)s.',
                    field=self._field_label(record, field_name),
                    record=record.display_name,
                    problem=problem,
                )
            ) from error

    @api.model
    def _check_local_part(self, record, field_name):
        """Refuse a field's value that cannot come before the @ of an address; an empty one is fine.

        :raises ValidationError: it names the record and the field
        """
        value = record[field_name]
        if value and not address.find(f"{value}@example.com"):
            raise ValidationError(
                _(
                    '%(field)s of "%(record)s" cannot come before the @ of an e-mail address. Use only letters '
                    "without accents, digits and . _ + -, on one line.",
                    field=self._field_label(record, field_name),
                    record=record.display_name,
                )
            )

    @api.model
    def _check_domain(self, record, field_name):
        """Refuse a field's value that is not a domain.

        :raises ValidationError: it names the record and the field
        """
        try:
            address.wire_domain(record[field_name] or "")
        except address.BadAddress as error:
            raise ValidationError(
                _(
                    '%(field)s: "%(value)s" is not a domain. Write it like example.com, without @ and on one line.',
                    field=self._field_label(record, field_name),
                    value=record[field_name],
                )
            ) from error

    @api.model
    def _check_member(self, user, company):
        """Refuse a user who does not belong to a company.

        :raises ValidationError: it names both
        """
        if company not in user.sudo().company_ids:
            raise ValidationError(
                _(
                    "%(user)s does not belong to %(company)s. Allow the company on the user first.",
                    user=user.name,
                    company=company.name,
                )
            )

    @api.model
    def _field_label(self, record, field_name):
        """Return a field's label in the user's language."""
        return record._fields[field_name].get_description(self.env, ["string"])["string"]
