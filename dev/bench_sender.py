"""Sends or receives one scenario's mails with one database, each time it is asked, and prints the seconds.

`python -m dev.bench_sender DATABASE PORTS SCENARIO` runs in a process of its own, without test mode. Nothing is
committed, so that the database is as before when the process ends; only where the queue sends, which commits after
each mail: that is for the copy of a database. Between two rounds the mails are outgoing again.
"""

import gc
import json
import os
import sys
import time
from contextlib import contextmanager

import odoo

from .bench_incoming import raw_mails, route
from .bench_scenario import scenarios
from .bench_set_up import create_mails, set_up
from .odoo_command import config_file

USE_JOBS = "mail_company_routing.use_jobs"


def main(database: str, ports: str, name: str) -> None:
    """Set up the scenario, then answer each line on stdin with the seconds that it took."""
    odoo.tools.config.parse_config(["--config", str(config_file()), "-d", database, "--log-level=critical"])
    scenario = scenarios(bool(os.environ.get("QUICK")))[name]
    with odoo.registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        companies = set_up(env, scenario, [int(port) for port in ports.split(",")])
        mails = raw_mails(scenario) if scenario.incoming else create_mails(env, scenario, companies).ids
        env.flush_all()
        if scenario.queued:
            cursor.commit()
        print(json.dumps(0), flush=True)
        for line in sys.stdin:
            with committed(env, mails) if scenario.queued else rolled_back(env):
                taken = seconds(env, mails, line.strip())
            print(json.dumps(taken), flush=True)
        cursor.rollback()


def seconds(env, mails: list, task: str) -> tuple[float, float]:
    """Return how long one task takes from a cold cache, and how long of it this process works."""
    env.invalidate_all()
    few, _space, task = task.rpartition(" ")
    gc.collect()
    start, work = time.perf_counter(), time.process_time()
    TASKS[task](env, mails[:5] if few else mails)
    env.flush_all()
    return time.perf_counter() - start, time.process_time() - work


@contextmanager
def rolled_back(env):
    """Undo what is done in the block."""
    env.cr.execute("SAVEPOINT bench")
    yield
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")


@contextmanager
def committed(env, mails: list):
    """Have mails that are outgoing, and that other transactions see."""
    yield
    env.cr.execute("UPDATE mail_mail SET state = 'outgoing' WHERE id IN %s", [tuple(mails)])
    env.cr.commit()


def alone(env, ids: list) -> None:
    """Let the queue send by itself, also where there are jobs."""
    env["ir.config_parameter"].set_param(USE_JOBS, "0")
    env["mail.mail"].process_email_queue(ids)


def in_jobs(env, ids: list) -> None:
    """Let the queue hand out, and wait for the workers."""
    env["ir.config_parameter"].set_param(USE_JOBS, "1")
    env["mail.mail"].process_email_queue(ids)
    env.cr.commit()
    while env["queue.job"].search_count([("state", "in", ("pending", "enqueued", "started"))]):
        time.sleep(0.05)
        # to see what others commit
        env.cr.rollback()


TASKS = {
    "split": lambda env, ids: list(env["mail.mail"].browse(ids)._split_by_mail_configuration()),
    "send": lambda env, ids: env["mail.mail"].browse(ids).send(),
    "queue": lambda env, ids: env["mail.mail"].process_email_queue(ids),
    "alone": alone,
    "jobs": in_jobs,
    "route": route,
    "receive": lambda env, mails: [env["mail.thread"].message_process(None, mail) for mail in mails],
}


if __name__ == "__main__":
    main(*sys.argv[1:])
