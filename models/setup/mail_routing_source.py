from odoo import api, models


class MailRoutingSource(models.AbstractModel):
    """A model whose rows go into the routing table; a change of a field that the table holds drops it."""

    _name = "mail.routing.source"
    _description = "Source of the Routing Table"

    # The fields that the table is built from; others (a last fetch date, an OAuth token) leave it alone.
    _routing_fields = frozenset()

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the company once: OCA's ``mail_multicompany`` adds the same field to the same views."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for double in arch.xpath("//field[@name='company_id'][not(ancestor::field)][not(@invisible)]")[1:]:
            double.getparent().remove(double)
        return arch, view

    @api.model_create_multi
    def create(self, vals_list):
        """Drop the routing table: it does not know the new rows.

        PostgreSQL refuses a NUL before a constraint can name the field, so such values are checked first.
        """
        if ours := {name for vals in vals_list for name in vals if name in self._added_fields()}:
            # core asks for the groups of a field only when it is written
            self.check_field_access_rights("write", ours)
        for vals in vals_list:
            if any("\0" in value for value in vals.values() if isinstance(value, str)):
                self.new(vals)._validate_fields(vals)
        records = super().create(vals_list)
        self.env["mail.routing"]._drop_table()
        return records

    def write(self, vals):
        """Drop the routing table if it holds one of the written fields."""
        result = super().write(vals)
        if not self._routing_fields.isdisjoint(vals):
            self.env["mail.routing"]._drop_table()
        return result

    def unlink(self):
        """Drop the routing table: it still holds these rows."""
        result = super().unlink()
        self.env["mail.routing"]._drop_table()
        return result
