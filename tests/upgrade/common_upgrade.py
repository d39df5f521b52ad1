from odoo.tests import TransactionCase

# What Odoo 17.0's models make of the tables: mail.alias.domain, mail.alias, res.company.
ODOO_17 = """
    CREATE TABLE mail_alias_domain (
        id SERIAL PRIMARY KEY,
        name VARCHAR NOT NULL,
        sequence INTEGER,
        bounce_alias VARCHAR NOT NULL,
        catchall_alias VARCHAR NOT NULL,
        default_from VARCHAR,
        CONSTRAINT mail_alias_domain_bounce_email_uniques UNIQUE (bounce_alias, name),
        CONSTRAINT mail_alias_domain_catchall_email_uniques UNIQUE (catchall_alias, name)
    );
    ALTER TABLE mail_alias
        ADD COLUMN alias_domain_id INTEGER REFERENCES mail_alias_domain ON DELETE RESTRICT,
        ADD COLUMN alias_full_name VARCHAR,
        ADD COLUMN alias_incoming_local BOOLEAN;
    ALTER TABLE res_company
        ADD COLUMN alias_domain_id INTEGER REFERENCES mail_alias_domain ON DELETE SET NULL,
        ADD COLUMN alias_domain_name VARCHAR;
    CREATE UNIQUE INDEX mail_alias_name_domain_unique ON mail_alias (alias_name, COALESCE(alias_domain_id, 0));
"""
KEYS = ("mail.catchall.domain", "mail.catchall.alias", "mail.bounce.alias", "mail.default.from")


class UpgradeCommon(TransactionCase):
    """Three companies, two of which have a domain; the system parameters name a third domain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domains = cls.env["mail.routing.domain"]
        cls.domains.with_context(active_test=False).search([]).unlink()
        for key, value in zip(KEYS, ("Global.example", "answers", "undeliverable", "robot"), strict=True):
            cls.env["ir.config_parameter"].set_param(key, value)
        cls.companies = cls.env["res.company"].create([{"name": name} for name in ("A", "B", "C")])
        cls.company_a, cls.company_b, cls.company_c = cls.companies
        cls.domain_a = cls.domains.create(
            {
                "name": "a.example",
                "sequence": 3,
                "company_id": cls.company_a.id,
                "bounce_alias": "returns",
                "catchall_alias": "all",
                "default_from": "office@elsewhere.example",
            }
        )
        cls.domain_b = cls.domains.create(
            {"name": "例子.cn", "sequence": 5, "bounce_alias": False, "catchall_alias": "bounce", "default_from": False}
        )
        cls.domains.create({"name": "archived.example", "active": False})
        cls.company_a.mail_domain_id = cls.domain_a
        cls.company_b.mail_domain_id = cls.domain_b
        cls.alias_a = cls.alias("orders-17", cls.domain_a)
        cls.alias_b = cls.alias("orders-17", cls.domain_b)
        cls.alias_all = cls.alias("everywhere")

    @classmethod
    def alias(cls, name, domain=None, company=None):
        """Return a new alias, of a record of the company."""
        model = cls.env["ir.model"]._get_id("res.partner")
        values = {"alias_name": name, "alias_model_id": model, "mail_domain_id": domain and domain.id}
        if company:
            owner = cls.env["res.partner"].create({"name": "Owner", "company_id": company.id})
            values |= {"alias_parent_model_id": model, "alias_parent_thread_id": owner.id}
        return cls.env["mail.alias"].create(values)

    def become_17(self):
        """Let the tables become those of Odoo 17, as its upgrade does."""
        self.env.flush_all()
        self.cr.execute(ODOO_17)

    def rows(self, query, *values):
        self.cr.execute(query, values)
        return self.cr.fetchall()

    def carried_domains(self):
        query = "SELECT name, sequence, bounce_alias, catchall_alias, default_from FROM mail_alias_domain ORDER BY id"
        return self.rows(query)

    def carried_companies(self):
        query = """
            SELECT company.name, domain.name, company.alias_domain_name FROM res_company company
              LEFT JOIN mail_alias_domain domain ON domain.id = company.alias_domain_id
             WHERE company.id = ANY(%s) ORDER BY company.id
        """
        return self.rows(query, self.companies.ids)

    def carried_aliases(self, *aliases):
        """Return name, domain, address and whether it answers for all domains, of each."""
        query = """
            SELECT alias.alias_name, domain.name, alias.alias_full_name, alias.alias_incoming_local
              FROM mail_alias alias LEFT JOIN mail_alias_domain domain ON domain.id = alias.alias_domain_id
             WHERE alias.id = ANY(%s) ORDER BY alias.id
        """
        return self.rows(query, [alias.id for alias in aliases])
