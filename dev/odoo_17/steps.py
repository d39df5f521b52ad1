"""The steps of the proof inside Odoo 16 or 17: `python -m dev.odoo_17.steps STEP OPTIONS`. A step prints JSON."""

import json
import sys

import odoo

from .put_to_use import forget_demo, put_to_use

COMPANIES = ("YourCompany", "Jade Harbor Trading", "Nordwind Machines", "Blue Mesa Coffee")
# Addresses at which an alias answers: its own, and that of any domain for one that answers for all.
WRITTEN_TO = (
    "orders@jadeharbor.example",
    "orders@nordwind.example",
    "orders@global.example",
    "spares@nordwind-parts.example",
    "desk@bluemesa.example",
    "everywhere@nordwind.example",
)
INCOMING = """From: New <new@elsewhere.example>
To: {to}
Message-Id: <{to}>
Subject: To {to}

Please.
"""


def main(step: str, options: str) -> None:
    """Run one step in a transaction of its own."""
    odoo.tools.config.parse_config(json.loads(options))
    with odoo.registry(odoo.tools.config["db_name"]).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        result = STEPS[step](env)
    print(json.dumps(result, default=str))


def addresses(env):
    """Return what is set up, by name: domains, and the address of each alias."""
    domains = env["mail.alias.domain" if "mail.alias.domain" in env else "mail.routing.domain"].search([])
    emails = ("bounce_email", "catchall_email", "default_from_email")
    aliases = env["mail.alias"].search([("alias_name", "!=", False)])
    return {
        "domains": {domain.name: [domain[email] or "" for email in emails] for domain in domains},
        "aliases": sorted(alias.display_name.lower() for alias in aliases),
    }


def send(env):
    """Write in the chatter of a record of each company, and of one with an alias."""
    customer = env["res.partner"].create({"name": "Customer", "email": "customer@example.net"})
    author = env.ref("base.user_admin")
    author.company_ids |= env["res.company"].search([])
    for company in env["res.company"].search([("name", "in", COMPANIES)]):
        owners = env["res.partner"].search([("name", "=", f"Desk of {company.name}")], limit=1)
        for record in (env["res.partner"].create({"name": company.name, "company_id": company.id}), owners):
            if record:
                record.with_user(author).message_post(
                    subject=f"From {record.name}", body="Hello", partner_ids=customer.ids, message_type="comment"
                )


def take_in(env):
    """Take in a mail to each address; return the aliases that made a record of it."""
    for alias in env["mail.alias"].search([("alias_name", "!=", False)]):
        alias.alias_contact = "everyone"
        alias.alias_defaults = repr({"comment": alias.display_name.lower()})
    found = {}
    for to in WRITTEN_TO:
        before = env["res.partner"].search([], order="id desc", limit=1).id
        env["mail.thread"].message_process(False, INCOMING.format(to=to).encode())
        made = env["res.partner"].search([("id", ">", before), ("comment", "!=", False)])
        found[to] = sorted(odoo.tools.html2plaintext(comment) for comment in made.mapped("comment"))
    return found


def faults(env):
    """Return what Odoo 17 would refuse: the constraints of each record, stored values, and screens."""
    found = []
    for model in ("mail.alias.domain", "mail.alias", "res.company"):
        for record in env[model].search([]):
            found += attempt(f"{record}", lambda record=record: record._validate_fields(list(record._fields)))
    for model, name in (("mail.alias", "alias_full_name"), ("res.company", "alias_domain_name")):
        records = env[model].search([])
        stored = records.mapped(name)
        env.add_to_compute(records._fields[name], records)
        found += [] if records.mapped(name) == stored else [f"{model}.{name} was {stored}"]
    models = ("res.config.settings", "ir.mail_server", "fetchmail.server", "mail.alias", "mail.mail", "res.company")
    for model in models:
        found += attempt(model, lambda model=model: env[model].get_views([(False, "form"), (False, "tree")]))
    return found


def attempt(what, action):
    """Return what goes wrong, if it does."""
    try:
        action()
    except Exception as error:
        return [f"{what}: {error}"]
    return []


def export(env):
    """Return what *Export for Odoo 17* writes."""
    env.user.company_ids |= env["res.company"].search([])
    url = env["mail.routing.domain"].action_export_for_17()["url"]
    return env["ir.attachment"].browse(int(url.split("/")[3].partition("?")[0])).raw.decode()


def make_companies(env):
    """Let companies and aliases be there in a new database, with other numbers."""
    first, *names = COMPANIES
    env.ref("base.main_company").name = first
    env.ref("base.user_admin").email = "admin@yourcompany.example.com"
    for name in reversed(names):
        company = env["res.company"].create({"name": name})
        env["res.partner"].create({"name": f"Desk of {name}", "company_id": company.id})
    model = env["ir.model"]._get_id("res.partner")
    for name in ("everywhere", "spares"):
        env["mail.alias"].create({"alias_name": name, "alias_model_id": model})


def uninstall(env):
    """Uninstall the addon as the button in Apps does."""
    env["ir.module.module"].search([("name", "=", "mail_company_routing")]).button_immediate_uninstall()


STEPS = {
    step.__name__: step
    for step in (put_to_use, forget_demo, addresses, send, take_in, faults, export, make_companies, uninstall)
}

if __name__ == "__main__":
    main(*sys.argv[1:])
