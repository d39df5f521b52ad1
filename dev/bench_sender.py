"""Sends, or takes in, one scenario's mails with one database, as often as it is asked, and tells the seconds.

`python -m dev.bench_sender DATABASE PORT SCENARIO` runs in a process of its own, without test mode. Nothing is ever
committed: the database is as before when the process ends, and between two rounds the mails are outgoing again.
"""

import gc
import json
import os
import sys
import time

import odoo

from .bench_incoming import create_aliases, raw_mails, route
from .bench_scenario import LOGIN, RESTRICTED, ROUTED, Scenario, scenarios
from .odoo_command import config_file


def main(database: str, port: str, name: str) -> None:
    """Set up the scenario, then answer each line on stdin with the seconds that it took."""
    odoo.tools.config.parse_config(["--config", str(config_file()), "-d", database, "--log-level=critical"])
    scenario = scenarios(bool(os.environ.get("QUICK")))[name]
    with odoo.registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        set_up_servers(env, scenario, int(port))
        mails = raw_mails(scenario) if scenario.incoming else create_mails(env, scenario).ids
        env.flush_all()
        print(json.dumps(0), flush=True)
        for line in sys.stdin:
            print(json.dumps(seconds(env, mails, line.strip())), flush=True)
        cursor.rollback()


def seconds(env, mails: list, task: str) -> tuple[float, float]:
    """Return how long one task takes from a cold cache, and how long of it this process works; undo it."""
    env.cr.execute("SAVEPOINT bench")
    env.invalidate_all()
    few, _space, task = task.rpartition(" ")
    gc.collect()
    start, work = time.perf_counter(), time.process_time()
    TASKS[task](env, mails[:5] if few else mails)
    env.flush_all()
    taken = time.perf_counter() - start, time.process_time() - work
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    return taken


TASKS = {
    "split": lambda env, ids: list(env["mail.mail"].browse(ids)._split_by_mail_configuration()),
    "send": lambda env, ids: env["mail.mail"].browse(ids).send(),
    "route": route,
    "receive": lambda env, mails: [env["mail.thread"].message_process(None, mail) for mail in mails],
}


def set_up_servers(env, scenario: Scenario, port: int) -> None:
    """Give each domain its server: for stock Odoo by from_filter, with the addon also as an alias domain."""
    forget_set_up(env)
    env["ir.config_parameter"].set_param("mail.catchall.domain", scenario.domain(0))
    servers = env["ir.mail_server"].create([server_values(scenario, port, i) for i in range(scenario.domains)])
    if "mail.routing" in env and scenario.set_up == RESTRICTED:
        env.company.mail_restrict_username = True
    if "mail.routing" in env and scenario.set_up == ROUTED:
        servers.company_id = env.company
        domains = env["mail.routing.domain"].create(
            [
                {"name": server.from_filter, "company_id": env.company.id, "mail_server_id": server.id}
                for server in servers
            ]
        )
        env.company.write({"mail_domain_id": domains[0].id, "mail_server_by_alias_domain": True})
    if scenario.incoming:
        create_aliases(env, scenario)


def forget_set_up(env) -> None:
    """Leave nothing of the demo data or of an earlier command that would count."""
    if "mail.routing" in env:
        options = {"mail_domain_id": False, "mail_restrict_username": False, "mail_catchall_supported": True}
        switches = [name for name in env["res.company"]._fields if name.startswith("mail_") and "_by_" in name]
        env["res.company"].search([]).write(options | dict.fromkeys(switches, False))
        env["mail.sender.identity"].search([]).unlink()
        env["mail.routing.domain"].with_context(active_test=False).search([]).unlink()
    env["ir.mail_server"].with_context(active_test=False).search([]).unlink()


def server_values(scenario: Scenario, port: int, number: int) -> dict:
    """Return one server, which logs in on the benchmark's own."""
    return {
        "name": f"Server {number}",
        "sequence": number,
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": LOGIN,
        "smtp_pass": "secret",
        "smtp_encryption": scenario.tls,
        "from_filter": scenario.domain(number),
    }


def create_mails(env, scenario: Scenario):
    """Write all mails, each author an internal user with a partner, and the replies to the author as Odoo has it."""
    users = create_users(env, scenario)
    values = []
    for number in range(scenario.mails):
        partner = users[number % scenario.authors].partner_id
        author = partner.email_formatted
        values.append(
            {
                "subject": f"Order {number}",
                "body_html": "<p>Hello, here is the offer you asked for.</p>",
                "author_id": partner.id,
                "email_from": author,
                "reply_to": author,
                "email_to": f"customer{number}@elsewhere.example",
                "auto_delete": False,
            }
        )
    return env["mail.mail"].create(values)


def create_users(env, scenario: Scenario):
    """Create the authors."""
    authors = [scenario.author(number) for number in range(scenario.authors)]
    users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
    return users.create([{"name": name, "login": email, "email": email} for name, email in authors])


if __name__ == "__main__":
    main(*sys.argv[1:])
