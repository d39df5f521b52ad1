"""The steps of the addon's life inside Odoo: `python -m dev.life_step STEP DATABASE SMTP_PORT IMAP_PORT ADDONS_PATH`.

A step runs with Odoo's registry, out of test mode, where Odoo would not send at all. It prints its result as JSON.
"""

import json
import sys

import odoo

from .odoo_command import config_file

# The strict server lets this account send as anybody.
OPEN = "anybody@example.info"
INCOMING = b"""From: New <new@elsewhere.example>
To: orders@corp.example
Message-Id: <life-1@elsewhere.example>
Subject: An order

Please.
"""


def main(step: str, database: str, smtp_port: str, imap_port: str, addons_path: str) -> None:
    """Run one step in a transaction of its own."""
    options = ["--config", str(config_file()), "-d", database, "--log-level=critical", "--no-http"]
    # the server in odoo.conf is the strict one, too; it would take everything in corp.example
    options += ["--smtp", "127.0.0.1", "--smtp-port", smtp_port, "--smtp-user", OPEN, "--smtp-password", "secret"]
    options += ["--from-filter", "corp.example"] + ([f"--addons-path={addons_path}"] if addons_path else [])
    odoo.tools.config.parse_config(options)
    with odoo.registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        result = STEPS[step](env, int(smtp_port), int(imap_port))
    print(json.dumps(result, default=str))


def put_to_use(env, smtp_port, imap_port):
    """Set up what a database without the addon has; Odoo shall not load the addon's demo data into it."""
    env.cr.execute("UPDATE ir_module_module SET demo = false")
    env["ir.config_parameter"].set_param("mail.catchall.domain", "corp.example")
    env["res.company"].create({"name": "Second Company"})
    server = {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "smtp_pass": "secret"}
    servers = env["ir.mail_server"].create(
        [
            {"name": "Open", "smtp_user": OPEN, **server},
            {"name": "Open, corp", "smtp_user": OPEN, "from_filter": "corp.example", **server},
            {"name": "Wrong password", "smtp_user": OPEN, "sequence": 90, **server, "smtp_pass": "wrong"},
        ]
    )
    mailbox = {"name": "Desk", "server_type": "imap", "server": "127.0.0.1", "port": imap_port, "state": "done"}
    env["fetchmail.server"].create({**mailbox, "user": "desk@corp.example", "password": "secret"})
    model = env["ir.model"]._get_id("res.partner")
    env["mail.alias"].create({"alias_name": "orders", "alias_model_id": model, "alias_contact": "everyone"})
    for values in (
        {},
        {"email_from": '"作者, Co." <zhi@corp.example>', "reply_to": "sales@corp.example"},
        {"email_from": "zhi@elsewhere.example", "mail_server_id": servers[1].id},
        {"mail_server_id": servers[2].id},
        {"headers": "{'Return-Path': 'verp+1@corp.example'}"},
        {"email_to": "nobody", "subject": "No such recipient"},
    ):
        create_mail(env, **values)


def create_mail(env, **values):
    """Create a waiting mail."""
    mail = {"email_from": '"Zhi" <zhi@corp.example>', "email_to": "customer@example.net", "subject": "Order"}
    return env["mail.mail"].create({**mail, "body_html": "<p>Order</p>", "auto_delete": False, **values})


def send(env, _smtp_port, _imap_port):
    """Run the queue, write in the chatter, send past the queue, take in a mail; return how all of that ended."""
    waiting = env["mail.mail"].search([("state", "=", "outgoing")])
    env["mail.mail"].process_email_queue()
    customer = env["res.partner"].create({"name": "Customer", "email": "customer@example.net"})
    admin = env.ref("base.user_admin")
    customer.with_user(admin).message_post(
        body="Hello", partner_ids=customer.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
    )
    env["ir.mail_server"].send_email(
        env["ir.mail_server"].build_email("Zhi <zhi@corp.example>", ["x@example.net"], "Direct", "Body")
    )
    thread = env["mail.thread"].message_process(False, INCOMING)
    record = env["res.partner"].browse(thread)
    env.invalidate_all()
    fields = ("state", "failure_type", "failure_reason", "scheduled_date")
    return {
        "ended": [[mail.subject, *(mail[field] for field in fields)] for mail in waiting.exists()],
        "came in": [record.name, len(record.message_ids)],
    }


def read_first_domain(env, _smtp_port, _imap_port):
    """Return the first alias domain, and whether the routing table is idle."""
    return [env["mail.routing.domain"].search([]).name, env["mail.routing"]._routing_table().is_idle]


def set_up(env, smtp_port, imap_port):
    """Set whatever this state of the addon lets an administrator set, and what it stores by itself."""
    domains = env["mail.routing.domain"]
    domain = domains.search([("name", "=", "corp.example")]) or domains.create({"name": "corp.example"})
    company, server = env.ref("base.main_company"), env["ir.mail_server"].search([("name", "=", "Open, corp")])
    mailbox = env["fetchmail.server"].search([("name", "=", "Desk")])
    write(domain, company_id=company.id, catchall_alias="answers", bounce_alias="returns", default_from="office")
    write(mailbox, company_id=company.id)
    write(server, company_id=company.id, sender_policy="keep", fetchmail_server_id=mailbox.id)
    write(domain, mail_server_id=server.id, fetchmail_server_id=mailbox.id)
    switches = ("mail_reply_to_by_company", "mail_server_by_alias_domain", "mail_server_by_reply_to")
    write(company, mail_domain_id=domain.id, mail_reply_to_prefix="info", **dict.fromkeys(switches, True))
    user = env.ref("base.user_admin")
    identities = env["mail.sender.identity"]
    if not identities.search([("user_id", "=", user.id)]):
        identities.create({"user_id": user.id, "company_id": company.id, "email": "admin@corp.example"})
    unrouted = env["mail.unrouted.message"]
    if "checksum" in unrouted._fields and not unrouted.search([]):
        write(unrouted.create({"subject": "Lost", "checksum": "1"}), settled_by_id=user.id, handled_by_id=user.id)
    write(mailbox, processed_uids='["INBOX/7/1"]', handled_uids='["INBOX/7/1"]')
    env["ir.config_parameter"].set_param("mail_company_routing.unrouted_days", 30)
    if hasattr(server, "_tell_administrators"):
        server._tell_administrators()
    return read_set_up(env, smtp_port, imap_port)


def write(record, **values):
    """Write the values whose fields this state of the addon has."""
    record.write({name: value for name, value in values.items() if name in record._fields})


# The fields that were renamed: what each is called now.
NEW_NAMES = {"handled_uids": "processed_uids", "handled_by_id": "settled_by_id", "handled_date": "settled_date"}
KEPT = ("ir.mail_server", "fetchmail.server", "res.company", "mail.routing.domain", "mail.sender.identity")


def read_set_up(env, _smtp_port, _imap_port):
    """Return the stored values of what is set up, by model, id and today's field name."""
    found = {}
    for model in (*KEPT, "mail.unrouted.message"):
        for record in env[model].with_context(active_test=False).search([]):
            for name, field in record._fields.items():
                if field.store and field.type not in ("one2many", "many2many", "binary") and name != "write_date":
                    value = record[name]
                    value = value.ids if field.relational else value
                    found[f"{model} {record.id} {NEW_NAMES.get(name, name)}"] = str(value)
    return found


def uninstall(env, _smtp_port, _imap_port):
    """Uninstall as the button in Apps does."""
    env["ir.module.module"].search([("name", "=", "mail_company_routing")]).button_immediate_uninstall()


def try_everything(env, smtp_port, imap_port):
    """Send by each way there is, and fetch by the cron; a failure is as good as a mail that waits."""
    servers = env["ir.mail_server"].with_context(active_test=False)
    forced = servers.search([("name", "=", "Open, corp")])
    env["mail.mail"].search([]).write({"state": "outgoing", "scheduled_date": False, "failure_reason": False})
    second = env["res.company"].search([("name", "=", "Second Company")])
    for mail in (
        create_mail(env),
        create_mail(env, mail_server_id=forced.id),
        create_mail(env, record_company_id=second.id),
    ):
        attempt(env, mail.send)
    attempt(env, env["mail.mail"].process_email_queue)
    message = servers.build_email("Zhi <zhi@corp.example>", ["x@example.net"], "Direct", "Body")
    attempt(env, lambda: servers.send_email(message))
    attempt(env, lambda: servers.send_email(message, mail_server_id=forced.id))
    attempt(env, lambda: env["fetchmail.server"]._fetch_mails())


def attempt(env, action):
    """Do something that may fail, without a trace where it does."""
    try:
        action()
        env.cr.commit()
    except Exception as error:
        env.cr.rollback()
        print(f"{error!r}", file=sys.stderr)


STEPS = {
    step.__name__: step
    for step in (put_to_use, send, read_first_domain, set_up, read_set_up, uninstall, try_everything)
}

if __name__ == "__main__":
    main(*sys.argv[1:])
