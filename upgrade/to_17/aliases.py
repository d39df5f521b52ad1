"""Finds the domain of each alias in Odoo 17, where an alias without one has no address for replies."""

from collections import Counter, defaultdict

from .sql import exists, rows

QUERY = """
    SELECT alias.id, alias.alias_name AS name, alias.mail_domain_id, fed.model,
           owner.model AS owner_model, alias.alias_parent_thread_id AS owner_id, alias.alias_force_thread_id AS fed_id
      FROM mail_alias alias
      JOIN ir_model fed ON fed.id = alias.alias_model_id
      LEFT JOIN ir_model owner ON owner.id = alias.alias_parent_model_id
     ORDER BY alias.id
"""


def read_aliases(cr, domains, domain_of, default):
    """Return each alias with its domain, and whether it answers for the others, too.

    Odoo 17 gives a mail to each alias that answers. So one that shares its name answers for its own domain alone.

    :param list domains: the domains, in their order, each a dict
    :param dict domain_of: the domain of each company, by id
    :param default: the domain of aliases that belong to no company, or None
    """
    found = rows(cr, QUERY)
    companies = _companies(cr, found)
    names = {row["id"]: row["name"] for row in domains if row["id"]}
    count = Counter(row["name"] for row in found if row["name"])
    taken = {(row["name"], names[row["mail_domain_id"]]) for row in found if row["mail_domain_id"] in names}
    aliases = []
    for row in found:
        company = companies.get((row["owner_model"], row["owner_id"])) or companies.get((row["model"], row["fed_id"]))
        shared = count[row["name"]] > 1
        own = names.get(row["mail_domain_id"])
        wished = [domain_of.get(company) or default, default, *(names.values() if shared else ())]
        domain = own or _first_free(row["name"], wished, taken)
        taken.add((row["name"], domain))
        aliases.append(
            {
                "id": row["id"],
                "name": row["name"],
                "model": row["model"],
                "owner": f"{row['owner_model']},{row['owner_id']}" if row["owner_model"] and row["owner_id"] else None,
                "company": company,
                "domain": domain,
                "everywhere": not own and not shared,
                "narrowed": shared and not own,
            }
        )
    return aliases


def _first_free(name, domains, taken):
    """Return the first domain without an alias of this name, or None."""
    return next((domain for domain in domains if domain and (not name or (name, domain) not in taken)), None)


def _companies(cr, aliases):
    """Return the company of each record that owns an alias, or is fed by one, by (model, id)."""
    ids_by_model = defaultdict(set)
    for row in aliases:
        ids_by_model[row["owner_model"]].add(row["owner_id"])
        ids_by_model[row["model"]].add(row["fed_id"])
    found = {}
    for model, ids in ids_by_model.items():
        table = (model or "").replace(".", "_")
        if any(ids) and exists(cr, table, "id", "company_id"):
            query = f'SELECT id, company_id FROM "{table}" WHERE id = ANY(%s) AND company_id IS NOT NULL'
            records = rows(cr, query, [list(filter(None, ids))])
            found.update(((model, record["id"]), record["company_id"]) for record in records)
    return found
