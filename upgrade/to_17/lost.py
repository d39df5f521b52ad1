"""Says what Odoo 17 has no place for, and what it does otherwise."""

from collections import Counter

from .sql import rows

DOMAINS = """
    SELECT domain.name, company.name AS company, server.name AS mail_server, mailbox.name AS fetchmail_server,
           reply.name AS reply_domain
      FROM mail_routing_domain domain
      LEFT JOIN res_company company ON company.id = domain.company_id
      LEFT JOIN ir_mail_server server ON server.id = domain.mail_server_id
      LEFT JOIN fetchmail_server mailbox ON mailbox.id = domain.fetchmail_server_id
      LEFT JOIN mail_routing_domain reply ON reply.id = domain.reply_to_domain_id
     WHERE domain.active ORDER BY domain.sequence, domain.id
"""
# The option of a company, and the state of it that Odoo 17 does not know.
OPTIONS = {
    "mail_catchall_supported": False,
    "mail_restrict_username": True,
    "mail_reply_to_by_company": True,
    "mail_from_by_company": True,
    "mail_server_by_alias_domain": True,
    "mail_server_by_reply_to": True,
}
SERVERS = """
    SELECT server.name, company.name AS company, server.sender_policy
      FROM ir_mail_server server JOIN res_company company ON company.id = server.company_id
     WHERE server.active ORDER BY server.sequence, server.id
"""


def lost_settings(cr):
    """Return the settings that Odoo 17 has no place for, by kind, each with the name of what it belongs to."""
    companies = rows(cr, f"SELECT name, {', '.join(OPTIONS)} FROM res_company ORDER BY id")
    found = {
        "domains": rows(cr, DOMAINS),
        "companies": [{"name": row["name"], **_options(row)} for row in companies],
        "servers": rows(cr, SERVERS),
    }
    return {kind: [kept for row in found[kind] if len(kept := _said(row)) > 1] for kind in found}


def _options(row):
    return {option: row[option] for option, unknown in OPTIONS.items() if bool(row[option]) == unknown}


def _said(row):
    return {field: value for field, value in row.items() if value is not None}


def notes_of(data):
    """Return sentences: what Odoo 17 does otherwise, and what to do."""
    domains = {domain["name"]: domain for domain in data["domains"]}
    companies = {company["id"]: company for company in data["companies"]}
    no_catchall = {row["name"] for row in data["not_carried"]["companies"] if "mail_catchall_supported" in row}
    notes = []
    for company in companies.values():
        domain = domains.get(company["domain"])
        if not domain and domains:
            notes.append(
                f"The company {company['name']} has no domain. Odoo 17 then lets its mails bounce to that of another"
                " company. Give it one in Odoo 17: Settings > Companies > Email Domain."
            )
        elif domain and company["name"] in no_catchall:
            notes.append(
                f"The company {company['name']} has no catch-all. Odoo 17 asks for replies at"
                f" {domain['catchall_alias']}@{domain['name']}, and for bounces at"
                f" {domain['bounce_alias']}@{domain['name']}. Make both addresses reach the mailbox that Odoo fetches."
            )
    users = Counter(company["domain"] for company in companies.values())
    for alias in data["aliases"]:
        if alias["name"]:
            notes += _notes_of_alias(alias, companies.get(alias["company"]), users)
    return notes


def _notes_of_alias(alias, company, users):
    address = f"{alias['name']}@{alias['domain']}"
    if alias["narrowed"] and alias["domain"]:
        yield (
            f"The alias {alias['name']} ({alias['model']}) answered for all domains that have no alias of this name."
            f" In Odoo 17 it answers for {address} alone. Add aliases for other domains where you need them."
        )
    elif alias["narrowed"]:
        yield (
            f"The alias {alias['name']} ({alias['model']}) has no domain to answer for: each has an alias of this"
            " name. Delete it, or rename it in Odoo 17."
        )
    elif company and users[alias["domain"]] and company["domain"] != alias["domain"]:
        yield (
            f"The alias {address} belongs to a record of {company['name']}, but its domain to another company."
            " It works; Odoo 17 refuses when you change it. Give the alias the company's domain then."
        )
