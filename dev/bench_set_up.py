"""Sets up a database for a scenario, stock Odoo's and the addon's the same as far as both can be."""

from .bench_incoming import create_aliases
from .bench_scenario import LOGIN, RESTRICTED, ROUTED, Scenario


def set_up(env, scenario: Scenario, ports: list[int]):
    """Give domains their servers and return the companies.

    Stock Odoo tells servers apart by from_filter; the addon has alias domains beside it.

    :param ports: that of the mail server; a second one is that of the first domain
    """
    forget_set_up(env)
    env["ir.config_parameter"].set_param("mail.catchall.domain", scenario.domain(0))
    port_of = {0: ports[-1]}
    servers = env["ir.mail_server"].create(
        [server_values(scenario, port_of.get(number, ports[0]), number) for number in range(scenario.server_count)]
    )
    companies = create_companies(env, scenario)
    if "mail.routing" in env and scenario.set_up == RESTRICTED:
        env.company.mail_restrict_username = True
    if "mail.routing" in env and scenario.set_up == ROUTED:
        own_servers(env, scenario, servers, companies)
    if scenario.incoming:
        create_aliases(env, scenario)
    return companies


def create_companies(env, scenario: Scenario):
    """Return the companies, the main one where there are no others."""
    values = [{"name": f"Company {number}"} for number in range(scenario.companies)]
    return env["res.company"].create(values) if values else env.company


def own_servers(env, scenario: Scenario, servers, companies) -> None:
    """Give the companies their domains and servers; several companies share one that belongs to none of them."""
    if len(companies) == 1:
        servers.company_id = companies
    domains = env["mail.routing.domain"].create(
        [
            {
                "name": scenario.domain(number),
                "company_id": companies[number % len(companies)].id,
                "mail_server_id": servers[number % len(servers)].id,
            }
            for number in range(scenario.domains)
        ]
    )
    for company, domain in zip(companies, domains, strict=False):
        company.write({"mail_domain_id": domain.id, "mail_server_by_alias_domain": True})


def forget_set_up(env) -> None:
    """Leave nothing of the demo data or of an earlier command that would count."""
    if "mail.routing" in env:
        options = {"mail_domain_id": False, "mail_restrict_username": False, "mail_catchall_supported": True}
        switches = [name for name in env["res.company"]._fields if name.startswith("mail_") and "_by_" in name]
        env["res.company"].search([]).write(options | dict.fromkeys(switches, False))
        env["mail.sender.identity"].search([]).unlink()
        domains = env["mail.routing.domain"].with_context(active_test=False).search([])
        env["mail.alias"].search([("mail_domain_id", "in", domains.ids)]).unlink()
        domains.unlink()
    for model in ("ir.mail_server", "fetchmail.server"):
        env[model].with_context(active_test=False).search([]).unlink()


def server_values(scenario: Scenario, port: int, number: int) -> dict:
    """Return one server, which logs in on the benchmark's own."""
    return {
        "name": f"Server {number}",
        "sequence": number,
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": LOGIN,
        "smtp_pass": "secret",
        "smtp_encryption": scenario.tls,
        "from_filter": scenario.domain(number),
    }


def create_mails(env, scenario: Scenario, companies):
    """Write all mails, each author an internal user with a partner, and the replies to the author as Odoo has it."""
    users = create_users(env, scenario, companies)
    values = []
    for number in range(scenario.mails):
        partner = users[number % scenario.authors].partner_id
        author = partner.email_formatted
        values.append(
            {
                "subject": f"Order {number}",
                "body_html": "<p>Hello, here is the offer you asked for.</p>",
                "author_id": partner.id,
                "email_from": author,
                "reply_to": author,
                "email_to": f"customer{number}@elsewhere.example",
                "auto_delete": False,
                **in_company(env, companies, number % scenario.authors),
            }
        )
    return env["mail.mail"].create(values)


def in_company(env, companies, number: int) -> dict:
    """Return what a mail says of the company that its author works for; stock Odoo does not ask."""
    field = "record_company_id"
    return {field: companies[number % len(companies)].id} if field in env["mail.message"]._fields else {}


def create_users(env, scenario: Scenario, companies):
    """Create the authors, each in the company of the domain."""
    values = []
    for number in range(scenario.authors):
        name, email = scenario.author(number)
        company = companies[number % len(companies)]
        values.append({"name": name, "login": email, "email": email, "company_id": company.id})
        values[-1]["company_ids"] = company.ids
    return env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create(values)
