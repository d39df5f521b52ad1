from collections import defaultdict

from odoo import models
from odoo.exceptions import MissingError

from ..context import in_domain


class Base(models.AbstractModel):
    _inherit = "base"

    def _notify_get_reply_to(self, default=None):
        """Ask core once for each alias domain of a company, and once for the companies that have none.

        Reads only the companies, which are in the cache, because core asks for each message that is logged.
        """
        path = "company_id" if self.env["mail.routing"]._has_company(self._name) else None
        result = {}
        for records in self._split_by_alias_domain(path):
            result.update(super(Base, records)._notify_get_reply_to(default=default))
        return result | self._replies_to_own_domains()

    def _replies_to_own_domains(self):
        """Return the replies at aliases that answer in one domain: in that, not in the company's default one.

        An alias in a domain of another company stays as Odoo has it: replies would go to that company.
        """
        if not self or not self.env["mail.routing"]._routing_table().has_domain_aliases:
            return {}
        result = {}
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

    def _split_by_alias_domain(self, path):
        """Return the records in parts, each with the system parameters of its company; one part if there are none.

        Always sets the context key: the caller's value is not for these records.

        :param path: dotted name of a field with the company; if it is empty, the current company counts
        """
        ids_by_domain = defaultdict(list)
        for record in self:
            company = (path and record._owner_company(path)) or self.env.company
            ids_by_domain[company.mail_domain_id.id].append(record.id)
        if not self:
            ids_by_domain[self.env.company.mail_domain_id.id] = []
        return [self.browse(ids).with_context(**in_domain(domain_id)) for domain_id, ids in ids_by_domain.items()]

    def _owner_company(self, path):
        """Return the company at the end of a dotted path, None for a record that was deleted meanwhile."""
        try:
            return self.sudo().mapped(path)[:1]
        except MissingError:
            return None

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
