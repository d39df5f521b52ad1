from collections import defaultdict

from odoo import models
from odoo.exceptions import MissingError

from .ir_config_parameter import DOMAIN_KEY


class Base(models.AbstractModel):
    _inherit = "base"

    def _notify_get_reply_to(self, default=None):
        """Ask core once for each company that has an alias domain of its own, with that domain.

        Reads no more than the companies, which are in the cache: core asks for each message that is logged.
        """
        has_company = self.env["mail.routing"]._has_company(self._name)
        ids_by_domain = defaultdict(list)
        for record in self:
            company = (has_company and record._owner_company()) or self.env.company
            ids_by_domain[company.mail_domain_id.id].append(record.id)
        if not self:
            ids_by_domain[self.env.company.mail_domain_id.id] = []
        result = {}
        for domain_id, ids in ids_by_domain.items():
            # also where it is none: what a caller has in the context is not for these records
            records = self.browse(ids).with_context(**{DOMAIN_KEY: domain_id or None})
            result.update(super(Base, records)._notify_get_reply_to(default=default))
        return result

    def _owner_company(self):
        """Return the company of a record; of one that was deleted meanwhile, nothing."""
        try:
            return self.sudo().company_id
        except MissingError:
            return None
