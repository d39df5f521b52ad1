"""Measures stock Odoo against the addon: the same mails, in turns, over real SMTP to this process.

Each figure is a ratio of two times taken one after the other, so that other load on the machine hits both; several
rounds give its median and its spread. None is asserted: a busy machine is not a fault of the addon.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from .bench_scenario import LOGIN, Scenario
from .console import Failure, say
from .database import create, drop
from .state import plain_folder
from .strict_server import Account, MailStore, StrictServer
from .strict_server.faults import CONNECT, Fault

# Seconds after which no further round of a scenario begins, once there are as many as its ``least``.
LONG_ENOUGH = 60


class CountingStore(MailStore):
    """Only counts mails, and notes when the last came: thousands of them need not stay in memory."""

    count = 0
    last = 0.0

    def accept(self, _mail) -> None:
        """Count a mail."""
        self.count += 1
        self.last = time.monotonic()


def mail_server(scenario: Scenario) -> StrictServer:
    """Return a mail server that takes everything."""
    return StrictServer(
        [Account(LOGIN, wording="open")],
        tls=scenario.tls,
        store=CountingStore(),
        delay=scenario.delay,
        pipelining=scenario.pipelining,
    )


class Sender:
    """A process with Odoo's registry on one database, which sends the scenario's mails whenever it is asked.

    :param servers: where all mails go; a second one is that of the first domain
    """

    def __init__(self, database: str, scenario: Scenario, *servers: StrictServer):
        ports = ",".join(str(server.port) for server in servers)
        command = [sys.executable, "-W", "ignore", "-m", "dev.bench_sender", database, ports, scenario.name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=plain_folder(), **pipes)
        self.server = servers[0]
        self.expected = scenario.mails - (scenario.mails // scenario.domains if len(servers) > 1 else 0)
        self.sessions = 0

    def __enter__(self) -> "Sender":
        self._answer()
        return self

    def __exit__(self, *_exc_info) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def seconds(self, task: str) -> tuple[float, float]:
        """Return the time that a task took there, and the CPU time of that process.

        :param task: a key of ``bench_sender.TASKS``; with ``few`` in front, of a few mails
        """
        sessions, mails = self.server.sessions, self.server.store.count
        print(task, file=self.process.stdin, flush=True)
        seconds = self._answer()
        self.sessions = self.server.sessions - sessions
        arrived = self.server.store.count - mails
        if task in ("send", "queue", "alone", "jobs") and arrived != self.expected:
            raise Failure(f"{arrived} of {self.expected} mails arrived: no figure.")
        return tuple(seconds)

    def seconds_to_last(self, task: str) -> tuple[float, float]:
        """Return how long it took until the last mail was there, and the work of all of it; see :meth:`seconds`."""
        start = time.monotonic()
        _all, work = self.seconds(task)
        return self.server.store.last - start, work

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure("a sending process ended; its output is above.")
        return json.loads(line)


@contextmanager
def senders(stock: str, addon: str, scenario: Scenario) -> Iterator[tuple[Sender, Sender]]:
    """Have both processes and their server, all mails written."""
    with ExitStack() as stack:
        server = stack.enter_context(mail_server(scenario))
        databases = [stack.enter_context(copy(name)) if scenario.queued else name for name in (stock, addon)]
        pair = [Sender(database, scenario, server) for database in databases]
        yield tuple(stack.enter_context(sender) for sender in pair)


@contextmanager
def copy(database: str) -> Iterator[str]:
    """Have a copy of a database, for what is committed."""
    name = f"{database}_copy"
    create(name, template=database)
    try:
        yield name
    finally:
        drop(name)


def in_turns(one: Callable, other: Callable, rounds: int, least: int = 2) -> list[tuple[tuple, tuple]]:
    """Return what both measure in each round, ``one`` first; who begins changes, so that no drift favours one."""
    times = []
    start = time.monotonic()
    for number in range(rounds):
        if number >= least and time.monotonic() - start > LONG_ENOUGH:
            break
        order = (one, other) if number % 2 else (other, one)
        taken = {take: take() for take in order}
        times.append((taken[one], taken[other]))
    return times


def measure(stock: str, addon: str, scenario: Scenario, rounds: int, tasks=("send",)) -> tuple[dict, tuple[int, int]]:
    """Return the times of each task in one scenario, and the SMTP sessions of stock Odoo and the addon."""
    say(f"{scenario.title}, in turns")
    times = {}
    with senders(stock, addon, scenario) as pair:
        for task in tasks:
            for sender in pair:
                sender.seconds(f"few {task}")
            one, other = (lambda sender=sender, task=task: sender.seconds(task) for sender in pair)
            times[task] = in_turns(one, other, rounds, scenario.least)
        return times, (pair[0].sessions, pair[1].sessions)


def measure_silent(addon: str, scenario: Scenario, rounds: int) -> list[tuple[tuple, tuple]]:
    """Return the times until the mails of all servers but one are there, that one well and silent in turns."""
    say(f"{scenario.title}, with it and without in turns")
    with ExitStack() as stack:
        others, one = (stack.enter_context(mail_server(scenario)) for _number in range(2))
        sender = stack.enter_context(Sender(addon, scenario, others, one))
        sender.seconds("few send")

        def with_silent():
            with one.faults.during(Fault(CONNECT, silent=True)):
                return sender.seconds_to_last("send")

        return in_turns(lambda: sender.seconds_to_last("send"), with_silent, rounds, scenario.least)
