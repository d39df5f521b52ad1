import json

from odoo import _, api, models
from odoo.exceptions import AccessError, UserError

from ...upgrade.to_17 import read


class MailRoutingDomain(models.Model):
    """Alias domains leave for Odoo 17 as a file."""

    _inherit = "mail.routing.domain"

    @api.model
    def action_export_for_17(self):
        """Return a download of all alias domains, for ``load`` of ``upgrade/to_17``.

        :raises AccessError: the user does not administer Odoo
        :raises UserError: the user does not belong to a company whose domains are in the file
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(_("Only administrators (Settings) can export alias domains."))
        # the names of companies that the user does not see, for the message alone
        owned = self.sudo().with_context(active_test=False).search([("company_id", "!=", False)])
        others = owned.company_id - self.env.user.company_ids
        if others:
            raise UserError(
                _(
                    "The export holds the alias domains of all companies. Allow these companies on your user first: %s",
                    ", ".join(others.mapped("name")),
                )
            )
        self.env.flush_all()
        content = json.dumps(read(self.env.cr), ensure_ascii=False, indent=2).encode()
        file = self.env["ir.attachment"].create({"name": "alias_domains_for_odoo_17.json", "raw": content})
        return {"type": "ir.actions.act_url", "target": "self", "url": f"/web/content/{file.id}?download=true"}
