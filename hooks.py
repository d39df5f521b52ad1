from odoo import SUPERUSER_ID, api, tools


def post_init_hook(cr, _registry):
    """Show what the system parameters say as the first alias domain."""
    api.Environment(cr, SUPERUSER_ID, {})["mail.routing.domain"]._create_first()


def uninstall_hook(cr, _registry):
    """Give alias names core's constraint back, before anything is dropped.

    :raises UserError: names that exist in several alias domains stand in its way; the addon then stays installed
    """
    api.Environment(cr, SUPERUSER_ID, {})["mail.alias"]._check_names_unique()
    tools.drop_constraint(cr, "mail_alias", "mail_alias_alias_unique")
    tools.add_constraint(cr, "mail_alias", "mail_alias_alias_unique", "UNIQUE(alias_name)")
