from contextlib import contextmanager

from psycopg2 import sql

from odoo import SUPERUSER_ID, api


@contextmanager
def committed(registry):
    """Open an environment on a cursor of its own, which is committed at the end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def in_use(registry):
    """Take away the mark of a finished database, and return what gives it back; so a killed test spoils no other run.

    ``make test KEEP=1`` makes a database without that mark anew.
    """
    with registry.cursor() as cr:
        name = cr.dbname
        cr.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        [label] = cr.fetchone()

    def mark(text):
        with registry.cursor() as cr:
            statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
            cr.execute(statement.format(sql.Identifier(name), sql.Literal(text)))

    mark(None)
    return lambda: mark(label)
