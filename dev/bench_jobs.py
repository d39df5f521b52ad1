"""Measures OCA's queue_job: one process that sends all by itself, and real workers that send side by side, in turns."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from .bench import Sender, copy, in_turns, mail_server
from .bench_scenario import Scenario
from .console import say
from .job_workers import job_workers
from .oca import QUEUE, oca_folder
from .odoo_command import config_file, install


def measure_jobs(addon: str, scenario: Scenario, rounds: int) -> list[tuple[tuple, tuple]]:
    """Return the times until all mails are there: of one process, and of the workers.

    :raises Failure: queue_job could not be fetched
    """
    with (
        queue_database(addon) as database,
        mail_server(scenario) as server,
        Sender(database, scenario, server) as sender,
        job_workers(database, str(config_file()), scenario.workers),
    ):
        say(f"{scenario.title}, in turns with one process")
        for task in ("few alone", "jobs"):
            # the second wakes all workers, each of which loads Odoo first
            sender.seconds(task)
        one, other = (lambda task=task: sender.seconds_to_last(task) for task in ("alone", "jobs"))
        return in_turns(one, other, rounds, scenario.least)


@contextmanager
def queue_database(addon: str) -> Iterator[str]:
    """Have a copy of the addon's database in which queue_job is installed."""
    before = os.environ.get("MCR_ADDONS", "")
    os.environ["MCR_ADDONS"] = str(oca_folder())
    try:
        with copy(addon) as database:
            install(database, "-i", QUEUE)
            yield database
    finally:
        os.environ["MCR_ADDONS"] = before
