"""Makes and drops databases, and knows which are complete.

A finished database carries a comment that says what it was made from. One without it was
interrupted half-way, and is made anew.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql

from .state import subfolder


@contextmanager
def _cursor() -> Iterator:
    """Work on the server itself; CREATE and DROP DATABASE refuse to run in a transaction."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def label(name: str) -> str | None:
    """Return what a finished database was made from; None for a missing or half-made one."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with _cursor() as cursor:
        cursor.execute(query, [name])
        found = cursor.fetchone()
    return found[0] if found else None


def set_label(name: str, text: str | None) -> None:
    """Declare a database finished (or, with None, under work)."""
    with _cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text)))


def create(name: str, template: str | None = None) -> None:
    """Create a database, empty or as a copy of `template` with its files; drop an old one."""
    drop(name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'unicode' LC_COLLATE 'C'")
    with _cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))
    if template and filestore(template).exists():
        shutil.copytree(filestore(template), filestore(name))


def say_without_demo(name: str, module: str) -> None:
    """Have Odoo believe that a module has no demo data, so that what is installed on top of it gets none."""
    with psycopg2.connect(dbname=name) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE ir_module_module SET demo = false WHERE name = %s", [module])


def drop(name: str) -> None:
    """Drop a database with its files, if it is there."""
    with _cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name: str) -> Path:
    """Return the folder in which Odoo keeps a database's attachments."""
    return subfolder("data", "filestore") / name
