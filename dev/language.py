"""Makes the people of a demo database speak another language than English."""

import re

import psycopg2

from .console import Failure, say
from .odoo_command import install

VARIABLE = "ODOO_LANG"


def check_language(code: str) -> None:
    """Fail early if this is no language of Odoo's by its form."""
    if code and not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?(@[a-z]+)?", code):
        raise Failure(f"{VARIABLE}={code} is no language: give its code in Odoo, such as zh_CN or de_DE.")


def speak(database: str, code: str) -> None:
    """Load a language, unless it is there, and give it to every user."""
    connection = psycopg2.connect(dbname=database)
    # Reads and writes end with the block each; Odoo loads the language in between.
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM res_lang WHERE code = %s AND active", [code])
        loaded = cursor.fetchone()
    if not loaded:
        say(f"Loading {code} in {database}")
        install(database, f"--load-language={code}")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE res_partner SET lang = %s WHERE id IN (SELECT partner_id FROM res_users WHERE active)", [code]
        )
    connection.close()
