"""Sends mails in processes of their own, which a test may kill: python send_process.py CONFIG DB.

It loads Odoo once. Each line that it reads is ``WAY ID ID ...``: it forks a process that sends these mails one of the
WAYS, and writes the number of that process. A line ``wait NUMBER`` waits for it, and writes how it ended.
"""

import logging
import os
import sys

import odoo
from odoo import SUPERUSER_ID, api, sql_db

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


def queue(env, ids):
    """Do what the cron does."""
    env["mail.mail"].process_email_queue(ids)


def at_once(env, ids):
    """Send as a user does, who has one transaction for all."""
    env["mail.mail"].browse(ids).send()


def rolled_back(env, ids):
    """Send, and have something else go wrong behind that."""
    at_once(env, ids)
    env.cr.rollback()


def taken_back(env, ids):
    """Send, have something else go wrong behind that, and commit what is left."""
    savepoint = env.cr.savepoint()
    at_once(env, ids)
    savepoint.close(rollback=True)


def fresh(env, count):
    """Create mails and send them at once, and commit after each, as mass mailings do."""
    values = {"email_from": "zhi@once.example", "email_to": "a@there.example", "body_html": "<p>Once</p>"}
    mails = env["mail.mail"].create([{**values, "subject": f"fresh {number}"} for number in range(count[0])])
    mails.send(auto_commit=True)


def journal_lost(env, ids):
    """Send, and lose the journal's connection in the middle."""
    # found once Odoo is loaded
    from odoo.addons.mail_company_routing.models.delivery.journal import LiveJournal

    calls = []

    def start(journal, *args):
        calls.append(args)
        if len(calls) == 3:
            number = journal.connection.cursor._cnx.get_backend_pid()
            env.cr.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        return core(journal, *args)

    core = LiveJournal.start
    LiveJournal.start = start
    at_once(env, ids)


WAYS = {way.__name__: way for way in (queue, at_once, rolled_back, taken_back, fresh, journal_lost)}


class Complaints(logging.Handler):
    """Counts what is logged as an error, but for a mail server's refusal: the queue goes on after most of them."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record):
        error = record.exc_info and record.exc_info[1]
        self.count += not isinstance(error, MailDeliveryException)


def send(database, way, ids):
    """Send on a cursor that commits; return the process's exit code."""
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    with odoo.registry(database).cursor() as cr:
        WAYS[way](api.Environment(cr, SUPERUSER_ID, {}), ids)
    return 1 if complaints.count else 0


def fork(database, way, ids):
    """Send in a process of its own; return its number."""
    number = os.fork()
    if number:
        return number
    code = 2
    try:
        code = send(database, way, ids)
    except Exception:
        logging.getLogger(__name__).exception("%s failed", way)
    finally:
        os._exit(code)


def answer(text):
    """Write a line to whoever asks."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(config, database):
    """Load Odoo, and do what is asked for."""
    # a port that nothing listens on: no mail leaves a test but through the test's own server
    odoo.tools.config.parse_config(["-c", config, "-d", database, "--smtp", "127.0.0.1", "--smtp-port", "1"])
    odoo.modules.registry.Registry(database)
    # connections are nothing that two processes can share
    sql_db.close_all()
    answer("ready")
    for line in sys.stdin:
        way, *numbers = line.split()
        if way == "wait":
            _number, status = os.waitpid(int(numbers[0]), 0)
            answer(os.waitstatus_to_exitcode(status))
        else:
            answer(fork(database, way, [int(number) for number in numbers]))


if __name__ == "__main__":
    main(*sys.argv[1:])
