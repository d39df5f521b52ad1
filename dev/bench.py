"""Measures stock Odoo against the addon: the same mails, in turns, over real SMTP to this process.

Each figure is a ratio of two times taken one after the other, so that what else the machine does hits both; several
rounds give its median and its spread. None is asserted: a busy machine is no mistake of the addon.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from .bench_scenario import LOGIN, Scenario
from .console import Failure, say
from .state import plain_folder
from .strict_server import Account, MailStore, StrictServer

# Seconds after which no further round of a scenario begins; two there are in any case.
LONG_ENOUGH = 60


class CountingStore(MailStore):
    """Only counts mails: thousands of them need not stay in memory."""

    count = 0

    def accept(self, _mail) -> None:
        """Count a mail."""
        self.count += 1


class Sender:
    """A process with Odoo's registry on one database, which sends the scenario's mails whenever it is asked."""

    def __init__(self, database: str, scenario: Scenario, server: StrictServer):
        command = [sys.executable, "-W", "ignore", "-m", "dev.bench_sender", database, str(server.port), scenario.name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=plain_folder(), **pipes)
        self.server = server
        self.scenario = scenario
        self.sessions = 0

    def __enter__(self) -> "Sender":
        self._answer()
        return self

    def __exit__(self, *_exc_info) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def seconds(self, task: str) -> tuple[float, float]:
        """Return how long a task took there, and for how long of it that process was at work itself.

        :param task: ``split``, ``send``, ``route`` or ``receive``; with ``few`` in front, of a few mails
        """
        sessions, mails = self.server.sessions, self.server.store.count
        print(task, file=self.process.stdin, flush=True)
        seconds = self._answer()
        self.sessions = self.server.sessions - sessions
        if task == "send" and self.server.store.count - mails != self.scenario.mails:
            raise Failure(f"{self.server.store.count - mails} of {self.scenario.mails} mails arrived: no figure.")
        return tuple(seconds)

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure("a sending process ended; its words are above.")
        return json.loads(line)


@contextmanager
def senders(stock: str, addon: str, scenario: Scenario) -> Iterator[tuple[Sender, Sender]]:
    """Have both processes and their server, all mails written."""
    server = StrictServer([Account(LOGIN, wording="open")], tls=scenario.tls, store=CountingStore())
    with ExitStack() as stack:
        stack.enter_context(server)
        pair = [Sender(database, scenario, server) for database in (stock, addon)]
        yield tuple(stack.enter_context(sender) for sender in pair)


def in_turns(pair: tuple[Sender, Sender], task: str, rounds: int) -> list[tuple[tuple, tuple]]:
    """Return (stock, addon) of each round, see :meth:`Sender.seconds`; who begins changes, so no drift favours one."""
    for sender in pair:
        sender.seconds(f"few {task}")
    times = []
    start = time.monotonic()
    for number in range(rounds):
        if number >= 2 and time.monotonic() - start > LONG_ENOUGH:
            break
        order = pair if number % 2 else pair[::-1]
        taken = {sender: sender.seconds(task) for sender in order}
        times.append((taken[pair[0]], taken[pair[1]]))
    return times


def measure(stock: str, addon: str, scenario: Scenario, rounds: int, tasks=("send",)) -> tuple[dict, tuple[int, int]]:
    """Return the times of each task in one scenario, and the SMTP sessions of stock Odoo and the addon."""
    say(f"{scenario.title}, in turns")
    with senders(stock, addon, scenario) as pair:
        times = {task: in_turns(pair, task, rounds) for task in tasks}
        return times, (pair[0].sessions, pair[1].sessions)


def spread(ratios: list[float]) -> str:
    """Return the median of ratios with the smallest and the largest."""
    return f"{digits(median(ratios))} ({digits(min(ratios))} to {digits(max(ratios))})"


def digits(number: float) -> str:
    """Return a number with three digits that count."""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
