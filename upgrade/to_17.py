"""Carries alias domains from Odoo 16 with this addon over to Odoo 17, whose ``mail`` has them itself.

It imports nothing of Odoo or of the addon, so the file can be copied alone. There are two ways; both may run
twice:

- The database keeps our tables while it is upgraded. A post-migration script, or a shell of Odoo 17, calls
  ``migrate(cr)``. Where two aliases share a name, a pre-migration script of ``mail`` calls ``prepare(cr)`` first:
  Odoo 17 asks at once that name and domain together are unique.
- Odoo 16 writes a JSON file (*Alias Domains > Action > Export for Odoo 17*); in Odoo 17, ``load(cr, data)`` reads it.

What each field becomes (``mail.alias.domain``, ``res.company`` and ``mail.alias`` of Odoo 17.0):

===========================================  =========================================================================
Odoo 16 with the addon                       Odoo 17
===========================================  =========================================================================
mail.routing.domain: name, sequence          mail.alias.domain: name, sequence
bounce_alias, catchall_alias                 the same, which Odoo 17 requires: its defaults bounce, catchall if empty
default_from                                 the same; empty stays empty
res.company: mail_domain_id                  alias_domain_id; a company without one gets the domain of the parameters
mail.alias: mail_domain_id                   alias_domain_id; alias_incoming_local off: it answers for that domain only
an alias without a domain                    alias_domain_id of the parameters; alias_incoming_local on: for all domains
company_id, mail_server_id,                  nothing in Odoo 17; they stay in the JSON, under ``not_carried``
fetchmail_server_id, reply_to_domain_id
===========================================  =========================================================================
"""

PARAMETERS = {
    "name": "mail.catchall.domain",
    "bounce_alias": "mail.bounce.alias",
    "catchall_alias": "mail.catchall.alias",
    "default_from": "mail.default.from",
}
REQUIRED = {"bounce_alias": "bounce", "catchall_alias": "catchall"}
CARRIED = ("name", "sequence", "bounce_alias", "catchall_alias", "default_from")
NOT_CARRIED = ("company_id", "mail_server_id", "fetchmail_server_id", "reply_to_domain_id")


# What Odoo 17 would make later; it then finds it, and adds the rest.
ROOM = """
    CREATE TABLE IF NOT EXISTS mail_alias_domain (
        id SERIAL PRIMARY KEY,
        name VARCHAR,
        sequence INTEGER,
        bounce_alias VARCHAR,
        catchall_alias VARCHAR,
        default_from VARCHAR
    );
    ALTER TABLE mail_alias
        ADD COLUMN IF NOT EXISTS alias_domain_id INTEGER,
        ADD COLUMN IF NOT EXISTS alias_full_name VARCHAR,
        ADD COLUMN IF NOT EXISTS alias_incoming_local BOOLEAN;
    ALTER TABLE res_company ADD COLUMN IF NOT EXISTS alias_domain_id INTEGER
"""


def prepare(cr, version=None):
    """Put the aliases that share a name into their domains, before Odoo 17 asks for unique names.

    The domain of the parameters is left to Odoo's own upgrade where it can be: that makes it without looking for it.
    """
    if not _exists(cr, "mail_routing_domain"):
        return
    cr.execute(ROOM)
    data = read(cr)
    left_out = None if _shares_names(cr, data["default"]) else data["default"]
    domains = [domain for domain in data["domains"] if domain["name"] != left_out]
    aliases = {alias_id: name for alias_id, name in data["aliases"].items() if name != left_out}
    load(cr, {"domains": domains, "companies": {}, "aliases": aliases, "default": None})


def migrate(cr, version=None):
    """Bring over what our tables hold; do nothing in a database that never had them."""
    if _exists(cr, "mail_routing_domain"):
        load(cr, read(cr))


def read(cr):
    """Return all that Odoo 17 has a place for, as plain values for JSON.

    :return dict: ``domains``, ``companies`` (domain name by company id, None for none), ``aliases`` (domain name by
        alias id), ``default``: the domain of aliases without one, and ``not_carried``
    """
    columns = ", ".join(("id", *CARRIED, *NOT_CARRIED))
    rows = _rows(cr, f"SELECT {columns} FROM mail_routing_domain WHERE active ORDER BY sequence, id")
    parameters = _parameters(cr)
    domains = [_domain(row) for row in rows]
    if parameters["name"] and parameters["name"] not in [domain["name"] for domain in domains]:
        domains.append(_domain({**parameters, "sequence": 10}))
    names = {row["id"]: row["name"] for row in rows}
    aliases = _rows(cr, "SELECT id, mail_domain_id FROM mail_alias WHERE mail_domain_id IS NOT NULL")
    companies = _rows(cr, "SELECT id, mail_domain_id FROM res_company")
    return {
        "domains": domains,
        "companies": {str(row["id"]): _of_company(row, rows, names, parameters["name"]) for row in companies},
        "aliases": {str(row["id"]): names[row["mail_domain_id"]] for row in aliases if row["mail_domain_id"] in names},
        "default": parameters["name"] or None,
        "not_carried": [
            {"name": row["name"], **{field: row[field] for field in NOT_CARRIED if row[field]}}
            for row in rows
            if any(row[field] for field in NOT_CARRIED)
        ],
    }


def load(cr, data):
    """Write what :func:`read` returned into a database of Odoo 17."""
    ids = {domain["name"]: _write_domain(cr, domain) for domain in data["domains"]}
    for company_id, name in data["companies"].items():
        cr.execute("UPDATE res_company SET alias_domain_id = %s WHERE id = %s", [ids.get(name), int(company_id)])
    for name in sorted(set(data["aliases"].values())):
        own = [int(alias_id) for alias_id, domain in data["aliases"].items() if domain == name]
        _write_aliases(cr, ids[name], own)
    if data["default"]:
        _write_other_aliases(cr, ids[data["default"]], [int(alias_id) for alias_id in data["aliases"]])


def _domain(row):
    """Return the values of Odoo 17's domain; what it requires gets its default, but never the other's name."""
    values = {field: row.get(field) or None for field in CARRIED}
    values["sequence"] = row.get("sequence") or 0
    taken = {values[field] for field in REQUIRED}
    for field, default in REQUIRED.items():
        values[field] = values[field] or (default if default not in taken else f"{default}-odoo")
    return values


def _of_company(company, rows, names, parameter):
    """Return the name of the domain that a company sends from and gets replies at, or None.

    Without one of its own the parameters apply to it, unless they name a domain of another company.
    """
    own = names.get(company["mail_domain_id"])
    owner = next((row["company_id"] for row in rows if row["name"] == parameter), None)
    return own or (parameter if parameter and owner in (None, company["id"]) else None)


def _parameters(cr):
    """Return what the system parameters say, by field; the domain as mail servers write it."""
    found = _rows(cr, "SELECT key, value FROM ir_config_parameter WHERE key = ANY(%s)", [list(PARAMETERS.values())])
    values = {row["key"]: (row["value"] or "").strip() for row in found}
    said = {field: values.get(key, "") for field, key in PARAMETERS.items()}
    return {**said, "name": said["name"].lower().encode("idna").decode() if said["name"] else ""}


def _write_domain(cr, domain):
    """Write one domain, also where Odoo's own upgrade made it already; return its id."""
    values = [domain[field] for field in CARRIED]
    cr.execute("SELECT id FROM mail_alias_domain WHERE lower(name) = %s ORDER BY id LIMIT 1", [domain["name"]])
    found = cr.fetchone()
    if found:
        assigned = ", ".join(f"{field} = %s" for field in CARRIED)
        cr.execute(f"UPDATE mail_alias_domain SET {assigned} WHERE id = %s", [*values, found[0]])
        return found[0]
    places = ", ".join(["%s"] * len(CARRIED))
    cr.execute(f"INSERT INTO mail_alias_domain ({', '.join(CARRIED)}) VALUES ({places}) RETURNING id", values)
    return cr.fetchone()[0]


def _write_aliases(cr, domain_id, alias_ids):
    """Put aliases into the one domain that they answer for."""
    cr.execute(
        """
        UPDATE mail_alias alias
           SET alias_domain_id = domain.id,
               alias_incoming_local = FALSE,
               alias_full_name = alias.alias_name || '@' || domain.name
          FROM mail_alias_domain domain
         WHERE domain.id = %s AND alias.id = ANY(%s)
        """,
        [domain_id, alias_ids],
    )


def _write_other_aliases(cr, domain_id, own_ids):
    """Put all other aliases into the domain of the parameters, and let them answer for each domain.

    One whose name an alias of that domain has already stays without a domain, and answers for the others.
    """
    cr.execute("UPDATE mail_alias SET alias_incoming_local = TRUE WHERE NOT id = ANY(%s)", [own_ids])
    cr.execute(
        """
        UPDATE mail_alias alias
           SET alias_domain_id = domain.id,
               alias_full_name = alias.alias_name || '@' || domain.name
          FROM mail_alias_domain domain
         WHERE domain.id = %s AND NOT alias.id = ANY(%s) AND NOT EXISTS (
               SELECT FROM mail_alias own
                WHERE own.id = ANY(%s) AND own.alias_name = alias.alias_name AND own.alias_domain_id = domain.id
         )
        """,
        [domain_id, own_ids, own_ids],
    )


def _shares_names(cr, name):
    """Tell whether an alias of this domain has the name of another alias."""
    query = """
        SELECT FROM mail_alias alias
          JOIN mail_routing_domain domain ON domain.id = alias.mail_domain_id
          JOIN mail_alias other ON other.alias_name = alias.alias_name AND other.id != alias.id
         WHERE domain.name = %s
    """
    cr.execute(query, [name])
    return bool(cr.rowcount)


def _rows(cr, query, values=None):
    """Return the rows of a query as dicts."""
    cr.execute(query, values)
    names = [column[0] for column in cr.description]
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]


def _exists(cr, table):
    """Tell whether a table is there."""
    cr.execute("SELECT to_regclass(%s)", [table])
    return bool(cr.fetchone()[0])
