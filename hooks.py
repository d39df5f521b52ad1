from odoo import SUPERUSER_ID, api, tools


def post_init_hook(cr, _registry):
    """Show what the system parameters say as the first alias domain."""
    api.Environment(cr, SUPERUSER_ID, {})["mail.routing.domain"]._create_first()


def uninstall_hook(cr, _registry):
    """Leave nothing behind that Odoo would not remove by itself, nor know without the addon.

    Alias names get core's constraint back, before anything is dropped.

    :raises UserError: names that exist in several alias domains stand in its way; the addon then stays installed
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["mail.alias"]._check_names_unique()
    tools.drop_constraint(cr, "mail_alias", "mail_alias_alias_unique")
    tools.add_constraint(cr, "mail_alias", "mail_alias_alias_unique", "UNIQUE(alias_name)")
    env["ir.config_parameter"].search([("key", "=like", "mail_company_routing.%")]).unlink()
    # without the addon a mail server takes no activities, and has no form to open them on
    env["mail.activity"].search([("res_model", "=", "ir.mail_server")]).unlink()
    # Odoo gives these to the module of the mixin, and would keep them
    choices = [("module", "=", "mail"), ("name", "=like", r"selection\_\_ir\_mail\_server\_\_activity\_%")]
    env["ir.model.data"].search(choices).unlink()
