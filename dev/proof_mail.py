"""Sends one mail by one author out of one database, the way Odoo sends it, and tells the result.

`python -m dev.proof_mail DATABASE PORT` runs in a process of its own, with Odoo's registry and
without test mode: there Odoo would not send at all.
"""

import json
import sys

import odoo

from .correspondent import CUSTOMER
from .mail_server import ACCOUNTS
from .odoo_command import config_file

SERVER_NAME = "Strict mail server (make run)"
AUTHOR = '"Marc Demo" <mark.brown23@example.com>'


def main(database: str, port: str) -> None:
    """Print the sent mail's state and failure as JSON."""
    options = ["--config", str(config_file()), "-d", database, "--log-level=critical"]
    odoo.tools.config.parse_config(options)
    with odoo.registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        server = set_up_server(env, int(port))
        if "mail_restrict_username" in env.company:
            env.company.mail_restrict_username = True
        mail = send_mail(env, server)
        print(json.dumps({"state": mail.state, "reason": mail.failure_reason or ""}))


def set_up_server(env, port: int):
    """Return the database's first mail server, pointed at the strict server, wherever it listens today."""
    values = {
        "name": SERVER_NAME,
        "sequence": 0,
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": ACCOUNTS[0].login,
        "smtp_pass": ACCOUNTS[0].password,
    }
    server = env["ir.mail_server"].search([("name", "=", SERVER_NAME)])
    if server:
        server.write(values)
    return server or env["ir.mail_server"].create(values)


def send_mail(env, server):
    """Send a mail whose author is not the login; return it.

    It names its server, because by now the company may have one of its own.
    """
    mail = env["mail.mail"].create(
        {
            "subject": "The offer you asked for",
            "body_html": "<p>Hello, here is the offer you asked for.</p>",
            "email_from": AUTHOR,
            "reply_to": AUTHOR,
            "email_to": CUSTOMER,
            "mail_server_id": server.id,
        }
    )
    mail.send()
    return mail


if __name__ == "__main__":
    main(*sys.argv[1:])
