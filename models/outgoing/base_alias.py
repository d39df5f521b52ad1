from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _notify_get_reply_to(self, default=None):
        """Ask for replies at a record's alias in the domain of that alias, not in the company's default one.

        An alias in a domain of another company stays as Odoo has it: replies would go to that company.
        """
        result = super()._notify_get_reply_to(default=default)
        if not self or not self.env["mail.routing"]._routing_table().has_domain_aliases:
            return result
        for record_id, alias in self._first_aliases().items():
            record = self.browse(record_id)
            # everybody may answer about a record of any company; one deleted meanwhile has none
            owner = self.env["mail.routing"]._has_company(self._name) and record.sudo().exists()
            company = owner and owner.company_id
            domain = alias.mail_domain_id
            if domain and domain.company_id <= (company or self.env.company):
                email = f"{alias.alias_name}@{domain.name}"
                result[record_id] = record._notify_get_reply_to_formatted_email(email, record.display_name or "")
        return result

    def _first_aliases(self):
        """Return the alias that core uses for replies to a record, by id of each record that has one."""
        # everybody may write to an alias, but not everybody may read its owner
        aliases = self.env["mail.alias"].sudo()
        aliases = aliases.search(
            [
                ("alias_parent_model_id.model", "=", self._name),
                ("alias_parent_thread_id", "in", self.ids),
                ("alias_name", "!=", False),
            ]
        )
        return {alias.alias_parent_thread_id: alias for alias in reversed(aliases)}
