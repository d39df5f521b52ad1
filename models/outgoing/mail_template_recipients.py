from odoo import models

from ...routing import address


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def generate_recipients(self, results, res_ids):
        """Keep the composer from making contacts of the record's own company's addresses, such as an alias in Cc.

        Those of another company stay: the template's author means that company.
        """
        if self.env.context.get("tpl_partners_only"):
            self._remove_own(results)
        return super().generate_recipients(results, res_ids)

    def _remove_own(self, results):
        """Remove the addresses of each record's company from its rendered recipients."""
        rendered = [
            (res_id, name) for res_id in results for name in ("email_to", "email_cc") if name in results[res_id]
        ]
        entries = {place: address.parse(results[place[0]][place[1]]) for place in rendered}
        routing = self.env["mail.routing"]
        ours = routing._system_addresses({entry.email for found in entries.values() for entry in found})
        owners = routing._owner_companies((self.model, res_id) for res_id, _name in entries) if ours else {}
        for (res_id, name), found in entries.items() if ours else ():
            company_id = owners.get((self.model, res_id)) or self.env.company.id
            kept = [e for e in found if e.email not in ours or not ours[e.email].belongs_to(company_id)]
            if len(kept) < len(found):
                results[res_id][name] = ", ".join(map(str, kept))
