from collections import defaultdict

from odoo import api, models

from ..context import in_domain


class MailAlias(models.Model):
    _inherit = "mail.alias"

    @api.depends("alias_parent_model_id", "alias_parent_thread_id", "alias_model_id", "alias_force_thread_id")
    @api.depends_context("company", "uid")
    def _compute_alias_domain(self):
        """Show each alias in the alias domain of its company, else of the current one.

        The domain of a company that the user does not belong to stays unknown: everybody may read aliases.
        """
        if not self.env["mail.routing"]._routing_table().domains:
            return super()._compute_alias_domain()
        users_companies = self.env.user.company_ids
        ids_by_domain = defaultdict(list)
        for alias, company in self._companies():
            is_known = self.env.su or company in users_companies
            ids_by_domain[(company.mail_domain_id.id or None) if is_known else 0].append(alias.id)
        for domain_id, ids in ids_by_domain.items():
            aliases = self.browse(ids).with_context(**in_domain(domain_id))
            super(MailAlias, aliases)._compute_alias_domain()
        return None

    def _companies(self):
        """Return pairs of an alias and the company of the record it belongs to or feeds, else the current one."""
        browse = self.env["res.company"].sudo().browse
        own = self._company_ids()
        return [(alias, browse(own.get(alias.id) or self.env.company.id)) for alias in self]

    def _company_ids(self):
        """Return the company of the record that each alias belongs to or feeds, if any, by the alias's id."""
        owners = {
            alias: (
                (alias.alias_parent_model_id.model, alias.alias_parent_thread_id),
                (alias.alias_model_id.model, alias.alias_force_thread_id),
            )
            for alias in self.sudo()
        }
        found = self.env["mail.routing"]._owner_companies(owner for pair in owners.values() for owner in pair)
        return {alias.id: found.get(parent) or found.get(fed) for alias, (parent, fed) in owners.items()}
