"""Reads in Odoo 16 all that Odoo 17 has a place for."""

from .aliases import read_aliases
from .lost import lost_settings, notes_of
from .sql import rows

PARAMETERS = {
    "name": "mail.catchall.domain",
    "bounce_alias": "mail.bounce.alias",
    "catchall_alias": "mail.catchall.alias",
    "default_from": "mail.default.from",
}
REQUIRED = {"bounce_alias": "bounce", "catchall_alias": "catchall"}
CARRIED = ("name", "sequence", "bounce_alias", "catchall_alias", "default_from")


def read(cr):
    """Return all that Odoo 17 has a place for, as plain values for JSON.

    :return dict: ``domains``; ``companies`` and ``aliases``, each with the name of its domain in Odoo 17;
        ``not_carried``: settings that Odoo 17 has no place for; ``notes``: what it does otherwise, in sentences
    """
    columns = ", ".join(("id", "company_id", *CARRIED))
    found = rows(cr, f"SELECT {columns} FROM mail_routing_domain WHERE active ORDER BY sequence, id")
    parameters = _parameters(cr)
    if parameters["name"] and parameters["name"] not in [row["name"] for row in found]:
        found.append({**parameters, "sequence": 10, "id": None, "company_id": None})
    companies = _companies(cr, found, parameters["name"])
    domain_of = {company["id"]: company["domain"] for company in companies}
    aliases = read_aliases(cr, found, domain_of, parameters["name"] or None)
    taken = {alias["name"] for alias in aliases}
    data = {
        "domains": [_domain(row, taken) for row in found],
        "companies": companies,
        "aliases": aliases,
        "not_carried": lost_settings(cr),
    }
    return {**data, "notes": notes_of(data)}


def _parameters(cr):
    """Return what the system parameters say, by field; the domain as mail servers write it."""
    found = rows(cr, "SELECT key, value FROM ir_config_parameter WHERE key = ANY(%s)", [list(PARAMETERS.values())])
    values = {row["key"]: (row["value"] or "").strip() for row in found}
    said = {field: values.get(key, "") for field, key in PARAMETERS.items()}
    return {**said, "name": said["name"].lower().encode("idna").decode() if said["name"] else ""}


def _companies(cr, domains, parameter):
    """Return each company with the name of the domain that it sends from and gets replies at, or None.

    Without one of its own the parameters apply to it, unless they name a domain of another company.
    """
    names = {row["id"]: row["name"] for row in domains if row["id"]}
    owner = next((row["company_id"] for row in domains if row["name"] == parameter), None)
    companies = rows(cr, "SELECT id, name, mail_domain_id FROM res_company ORDER BY id")
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "domain": names.get(row["mail_domain_id"])
            or (parameter if parameter and owner in (None, row["id"]) else None),
        }
        for row in companies
    ]


def _domain(row, aliases):
    """Return the values of Odoo 17's domain.

    What it requires gets its default, but never a name that the domain's other address or an alias has.
    """
    values = {field: row.get(field) or None for field in CARRIED}
    values["sequence"] = row.get("sequence") or 0
    taken = aliases | {values[field] for field in REQUIRED}
    for field, default in REQUIRED.items():
        values[field] = values[field] or (default if default not in taken else f"{default}-odoo")
    # the first states of Odoo 17.0 add the domain to a whole address, too
    values["default_from"] = (values["default_from"] or "").removesuffix(f"@{row['name']}") or None
    return values
