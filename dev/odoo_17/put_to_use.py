"""What is set up in Odoo 16 before it leaves for Odoo 17: the demo data's companies, and what is hard to carry."""

PARAMETERS = {
    "mail.catchall.domain": "Global.example",
    "mail.catchall.alias": "answers",
    "mail.bounce.alias": "undeliverable",
    "mail.default.from": "robot",
}
# What Odoo 17 cannot do: with these, mails would differ.
OPTIONS = ("mail_reply_to_by_company", "mail_from_by_company", "mail_server_by_alias_domain", "mail_restrict_username")


def put_to_use(env):
    """Set up names that two domains share, aliases without a domain, a domain without a bounce name."""
    for key, value in PARAMETERS.items():
        env["ir.config_parameter"].set_param(key, value)
    # the server in odoo.conf is the strict one
    env["ir.mail_server"].search([]).active = False
    companies = env["res.company"].search([])
    companies.write({**dict.fromkeys(OPTIONS, False), "mail_catchall_supported": True})
    domains = {name: _domain(env, name) for name in ("jade", "nordwind", "nordwind_parts", "mesa")}
    domains["jade"].default_from = f"office@{domains['jade'].name}"
    domains["mesa"].bounce_alias = False
    env["mail.routing.domain"].create({"name": "例子.cn", "bounce_alias": "returns", "catchall_alias": "all"})
    for name, domain, company in (
        ("orders", "jade", "jade"),
        ("orders", "nordwind", "nordwind"),
        ("orders", None, None),
        ("desk", None, "mesa"),
        (False, None, "mesa"),
        ("bounce", "mesa", None),
        ("everywhere", None, None),
    ):
        _alias(env, name, domains.get(domain), company and env.ref(f"mail_company_routing.company_{company}"))


def _domain(env, name):
    return env.ref(f"mail_company_routing.domain_{name}")


def _alias(env, name, domain, company):
    """Create an alias, of a record of the company."""
    model = env["ir.model"]._get_id("res.partner")
    values = {"alias_name": name, "alias_model_id": model, "mail_domain_id": domain and domain.id}
    if company:
        owner = {"name": f"Desk of {company.name}", "company_id": company.id}
        found = env["res.partner"].search([("name", "=", owner["name"])]) or env["res.partner"].create(owner)
        values |= {"alias_parent_model_id": model, "alias_parent_thread_id": found.id}
    env["mail.alias"].create(values)


def forget_demo(env):
    """Make the demo data's companies, users and aliases the administrator's own: uninstalling would delete them."""
    own = ("res.company", "res.users", "res.partner", "mail.alias", "ir.mail_server", "fetchmail.server", "mail.mail")
    env["ir.model.data"].search([("module", "=", "mail_company_routing"), ("model", "in", own)]).unlink()
