"""Carries alias domains from Odoo 16 with this addon over to Odoo 17, whose ``mail`` has them itself.

It imports nothing of Odoo or of the addon, so this folder can be copied alone. ``python3 -m to_17`` runs it
(``__main__.py``); a migration script or a shell of Odoo calls the functions with its cursor. There are two ways:

- The database is upgraded: ``prepare(cr)`` in Odoo 16, ``migrate(cr)`` in Odoo 17. In between the addon can be
  uninstalled, since no two aliases share a name then.
- It becomes another database: Odoo 16 writes a JSON file (*Alias Domains > Action > Export for Odoo 17*);
  ``load(cr, data)`` reads it in Odoo 17. Companies and aliases that are not there, it names.

What each field becomes (``mail.alias.domain``, ``res.company`` and ``mail.alias`` of Odoo 17.0):

===========================================  =========================================================================
Odoo 16 with the addon                       Odoo 17
===========================================  =========================================================================
mail.routing.domain: name, sequence          mail.alias.domain: name, sequence
bounce_alias, catchall_alias                 the same, which Odoo 17 requires: its defaults bounce, catchall if empty
default_from                                 the same, without this very domain; empty stays empty
res.company: mail_domain_id                  alias_domain_id; a company without one gets the domain of the parameters
mail.alias: mail_domain_id                   alias_domain_id; alias_incoming_local off: it answers for that domain only
an alias without a domain                    alias_domain_id of its record's company, else of the parameters;
                                             alias_incoming_local on: it answers for all domains
company_id, mail_server_id,                  nothing in Odoo 17; they stay in the data, under ``not_carried``
fetchmail_server_id, reply_to_domain_id
===========================================  =========================================================================
"""

import json

from .load import load
from .read import read
from .sql import exists

STORE = "mail_routing_to_17"

__all__ = ["load", "migrate", "prepare", "read"]


def prepare(cr, version=None):
    """Store in Odoo 16 what :func:`migrate` needs, and take the names off aliases that share one.

    Odoo 17 asks for unique names before it knows of alias domains, and puts all aliases into one.

    :return list: what Odoo 17 does otherwise, in sentences
    """
    if not exists(cr, "mail_routing_domain") or exists(cr, STORE):
        return []
    data = read(cr)
    cr.execute("CREATE TABLE mail_routing_to_17 (data TEXT NOT NULL)")
    cr.execute("INSERT INTO mail_routing_to_17 VALUES (%s)", [json.dumps(data)])
    cr.execute(
        """
        UPDATE mail_alias alias SET alias_name = NULL WHERE EXISTS (
               SELECT FROM mail_alias other WHERE other.alias_name = alias.alias_name AND other.id != alias.id
        )
        """
    )
    return data["notes"]


def migrate(cr, version=None):
    """Bring over what :func:`prepare` stored, else what our tables hold; do nothing where neither is there.

    :return list: what could not be carried over, and what Odoo 17 does otherwise, in sentences
    """
    if exists(cr, STORE):
        cr.execute("SELECT data FROM mail_routing_to_17")
        found = load(cr, json.loads(cr.fetchone()[0]))
        cr.execute("DROP TABLE mail_routing_to_17")
        return found
    return load(cr, read(cr)) if exists(cr, "mail_routing_domain") else []
