"""Writes into a database of Odoo 17 what was read in Odoo 16."""

from .load_aliases import write_aliases
from .sql import exists, rows

CARRIED = ("name", "sequence", "bounce_alias", "catchall_alias", "default_from")


def load(cr, data):
    """Write what ``read`` returned.

    :return list: what could not be carried over, and what Odoo 17 does otherwise, in sentences
    """
    ids = {domain["name"]: _write_domain(cr, domain) for domain in data["domains"]}
    lost = [*_write_companies(cr, data["companies"], ids), *write_aliases(cr, data["aliases"], ids)]
    # Odoo 17.0 stores the domain's name beside it
    if exists(cr, "res_company", "alias_domain_name"):
        cr.execute(
            """
            UPDATE res_company company SET alias_domain_name = (
                   SELECT name FROM mail_alias_domain domain WHERE domain.id = company.alias_domain_id
            )
            """
        )
    return [*lost, *data["notes"]]


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


def _write_companies(cr, companies, ids):
    """Give each company its domain; yield a sentence for each that is not there."""
    there = {row["id"]: row["name"] for row in rows(cr, "SELECT id, name FROM res_company")}
    by_name = {name: id_ for id_, name in there.items()}
    for company in companies:
        # in another database a company may have another id
        id_ = company["id"] if there.get(company["id"]) == company["name"] else by_name.get(company["name"])
        if id_:
            cr.execute("UPDATE res_company SET alias_domain_id = %s WHERE id = %s", [ids.get(company["domain"]), id_])
        elif company["domain"]:
            yield (
                f"There is no company {company['name']} here to get the domain {company['domain']}. Create a company"
                " of this name and load again, or set the domain on the company that it became."
            )
