from collections import defaultdict

from odoo import SUPERUSER_ID, _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.osv import expression

from ..context import DOMAINS_KEY, SHOWN_KEY, DomainIds, Shown, carried, in_domain


class MailAlias(models.Model):
    """One alias name may exist once in each alias domain, and once without a domain."""

    _inherit = "mail.alias"

    mail_domain_id = fields.Many2one(
        "mail.routing.domain",
        string="Alias Domain",
        index=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_system,base.group_erp_manager",
        help="The only domain this alias answers for, e.g. b.com for info@b.com; empty: every domain without an "
        "alias of this name.",
    )

    _sql_constraints = [
        # the name is core's, whose constraint on the name alone it replaces; UNIQUE takes no expression
        (
            "alias_unique",
            "EXCLUDE USING btree (alias_name WITH =, COALESCE(mail_domain_id, 0) WITH =)",
            "This alias already exists in this alias domain. Choose another name or another alias domain.",
        )
    ]

    @api.constrains("alias_name", "mail_domain_id")
    def _check_domain_names(self):
        """Refuse an alias that a mail to a bounce or catchall address would reach."""
        domains = self.env["mail.routing"]._routing_table().domains.values()
        for alias in self.sudo().filtered("alias_name"):
            own = alias.mail_domain_id.id
            taken = [row for row in domains if own in (False, row.id) and alias.alias_name in _names(row)]
            if taken:
                raise ValidationError(
                    _(
                        'The alias "%(name)s" is the bounce or catchall name of the alias domain %(domain)s. Choose '
                        "another name, or another alias domain.",
                        name=alias.alias_name,
                        domain=taken[0].name,
                    )
                )

    @api.constrains("mail_domain_id")
    def _check_domain_allowed(self):
        """Refuse a domain from somebody who may not choose it: core creates aliases as superuser, with a user's values.

        :raises AccessError: the user may not set domains, or not those of this company
        """
        if self.env.uid == SUPERUSER_ID:
            return
        may_choose = self._may_set(self._fields["mail_domain_id"])
        for domain in self.sudo().mail_domain_id:
            if not may_choose or domain.company_id not in (*self.env.user.company_ids, domain.browse().company_id):
                raise AccessError(_("You cannot choose the alias domain of this alias. Ask an administrator."))

    @api.depends(
        "alias_name",
        "mail_domain_id.name",
        "alias_parent_model_id",
        "alias_parent_thread_id",
        "alias_model_id",
        "alias_force_thread_id",
    )
    @api.depends_context("company", "uid")
    def _compute_alias_domain(self):
        """Show an alias in its own alias domain, but not to users outside that domain's company."""
        own = self.sudo().filtered("mail_domain_id").with_env(self.env)
        super(MailAlias, self - own)._compute_alias_domain()
        for alias in own:
            domain = alias.sudo().mail_domain_id
            is_known = self.env.su or not domain.company_id or domain.company_id in self.env.user.company_ids
            alias.alias_domain = is_known and domain.name
        return None

    @api.model_create_multi
    def create(self, vals_list):
        """Let names be checked within the domain of each alias."""
        default = self.default_get(["mail_domain_id"]).get("mail_domain_id")
        domain_ids = [vals.get("mail_domain_id", default) or False for vals in vals_list]
        if not self._has_domains(domain_ids):
            return super().create(vals_list)
        named = [domain_id for domain_id, vals in zip(domain_ids, vals_list, strict=True) if vals.get("alias_name")]
        aliases = super(MailAlias, self.with_context(**{DOMAINS_KEY: DomainIds(named)})).create(vals_list)
        if any(domain_ids):
            self.env["mail.routing"]._drop_table()
        return aliases.with_env(self.env)

    def write(self, vals):
        """Let a name be checked within the domain of its alias."""
        aliases = self
        if vals.get("alias_name") and len(self) == 1:
            domain_id = vals.get("mail_domain_id", self.sudo().mail_domain_id.id) or False
            if self._has_domains([domain_id]):
                aliases = self.with_context(**{DOMAINS_KEY: DomainIds([domain_id])})
        result = super(MailAlias, aliases).write(vals)
        if "mail_domain_id" in vals:
            self.env["mail.routing"]._drop_table()
        return result

    def unlink(self):
        """Drop the routing table if it may know these aliases."""
        had_domain = bool(self.sudo().mail_domain_id)
        result = super().unlink()
        if had_domain:
            self.env["mail.routing"]._drop_table()
        return result

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, count=False, access_rights_uid=None):
        """Find only the aliases that an incoming mail was sent to, while it is being routed."""
        shown = carried(self.env, SHOWN_KEY, Shown)
        if shown:
            domain = expression.AND([domain, list(shown)])
        return super()._search(domain, offset, limit, order, count, access_rights_uid)

    def _clean_and_check_unique(self, names):
        """Let core compare each name with those of its own domain only.

        Names of callers without a domain, such as the setting of the catchall, are compared with all.
        """
        domain_ids = carried(self.env, DOMAINS_KEY, DomainIds)
        if domain_ids is None:
            return super()._clean_and_check_unique(names)
        positions = defaultdict(list)
        for position, domain_id in enumerate(domain_ids):
            positions[domain_id].append(position)
        cleaned = list(names)
        for domain_id, places in positions.items():
            shown = {SHOWN_KEY: Shown([("mail_domain_id", "=", domain_id)])}
            aliases = self.sudo().with_context(**shown, **(in_domain(domain_id) if domain_id else {}))
            own = super(MailAlias, aliases)._clean_and_check_unique([names[place] for place in places])
            for place, name in zip(places, own, strict=True):
                cleaned[place] = name
        return cleaned

    @api.model
    def _check_names_unique(self):
        """Refuse to uninstall the addon while its aliases could not exist without it, and say which.

        :raises UserError: it names each alias that shares its name with another
        """
        aliases = self.sudo().search([("alias_name", "!=", False)])
        ids_by_name = defaultdict(list)
        for alias in aliases:
            ids_by_name[alias.alias_name].append(alias.id)
        shared = self.sudo().browse([id_ for ids in ids_by_name.values() if len(ids) > 1 for id_ in ids])
        if shared:
            raise UserError(
                _(
                    "Without Company Mail Routing an alias name can exist only once. Rename or delete these aliases "
                    "first (Settings > Technical > Email > Aliases):\n%s",
                    "\n".join(f"- {alias.display_name} ({alias.alias_model_id.name})" for alias in shared),
                )
            )

    @api.model
    def _has_domains(self, domain_ids):
        """Tell whether one of these domains, or that of any alias, is set."""
        return any(domain_ids) or self.env["mail.routing"]._routing_table().has_domain_aliases


def _names(row):
    """Return the names in a domain that no alias may have."""
    return {name.lower() for name in (row.bounce, row.catchall) if name}
