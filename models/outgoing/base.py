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
