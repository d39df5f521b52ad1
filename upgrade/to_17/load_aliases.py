"""Writes each alias of Odoo 16 into the alias of Odoo 17 that it became."""

from collections import Counter

from .sql import rows

HERE = """
    SELECT alias.id, alias.alias_name AS name, alias.alias_domain_id AS domain_id, fed.model,
           owner.model || ',' || alias.alias_parent_thread_id AS owner
      FROM mail_alias alias
      JOIN ir_model fed ON fed.id = alias.alias_model_id
      LEFT JOIN ir_model owner ON owner.id = alias.alias_parent_model_id AND alias.alias_parent_thread_id != 0
"""
WRITE = """
    UPDATE mail_alias
       SET alias_name = %s, alias_domain_id = %s, alias_incoming_local = %s, alias_full_name = %s
     WHERE id = %s
"""


def write_aliases(cr, aliases, ids):
    """Give each alias its name and its domain; yield a sentence for each that cannot have them.

    :param dict ids: the id of each domain, by name
    """
    # Odoo 16's own, or ours; Odoo 17 has an index on name and domain, and its upgrade may leave this one behind
    cr.execute("ALTER TABLE mail_alias DROP CONSTRAINT IF EXISTS mail_alias_alias_unique")
    here = rows(cr, HERE)
    found = _matches(aliases, here)
    cr.execute("UPDATE mail_alias SET alias_name = NULL WHERE id = ANY(%s)", [list(found.values())])
    others = {(row["name"], row["domain_id"]) for row in here if row["id"] not in found.values()}
    for alias in aliases:
        address = "@".join(filter(None, (alias["name"], alias["domain"])))
        domain_id, id_ = ids.get(alias["domain"]), found.get(alias["id"])
        if not id_:
            if alias["name"]:
                yield (
                    f"There is no alias {alias['name']} for {alias['model']} here to become {address}. Create it"
                    " in Odoo 17, with this domain."
                )
        elif alias["name"] and (alias["name"], domain_id) in others:
            cr.execute(WRITE, [None, domain_id, alias["everywhere"], None, id_])
            yield (
                f"The alias {address} for {alias['model']} has lost its name, because another alias here has this"
                " address. Rename that one, or give this one another name."
            )
        else:
            cr.execute(WRITE, [alias["name"], domain_id, alias["everywhere"], alias["name"] and address, id_])


def _matches(aliases, here):
    """Return the id that each alias has here, by the id that it had.

    It is the same id where the alias is the same (it may have lost its name); else that of its only namesake.
    """
    rows_by_id = {row["id"]: row for row in here}
    same = {alias["id"] for alias in aliases if _is_same(alias, rows_by_id.get(alias["id"]))}
    left = {(row["name"], row["model"]): row["id"] for row in here if row["id"] not in same}
    once = [Counter((row["name"], row["model"]) for row in kind) for kind in (aliases, here)]
    found = {id_: id_ for id_ in same}
    for alias in aliases:
        key = (alias["name"], alias["model"])
        if alias["id"] not in same and alias["name"] and key in left and all(count[key] == 1 for count in once):
            found[alias["id"]] = left[key]
    return found


def _is_same(alias, row):
    """Tell whether an alias is that of the same id here."""
    if not row or row["name"] not in (alias["name"], None):
        return False
    return (row["model"], row["owner"]) == (alias["model"], alias["owner"])
