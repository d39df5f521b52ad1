"""The lab as a whole: starts and stops the servers, and holds what is in them."""

import atexit
import shutil
from functools import cache, partial
from pathlib import Path

from ..console import Failure
from ..job_workers import free_port
from ..strict_server.certificate import certificate_file
from . import milter, tables
from .files import fill
from .greylist import Greylist
from .log import Log
from .mailboxes import DOMAINS, Mailboxes
from .needs import closed_to_others, dovecot_folder, output, postfix_folder, program
from .process import Server, wait_until
from .services import Listener

POSTFIX_PORTS = (
    "mx",
    "submission",
    "submissions",
    "header",
    "open",
    "message_rate",
    "recipient_rate",
    "login_rate",
    "connection_rate",
)
DOVECOT_PORTS = ("sasl", "imap", "imaps", "pop", "pops")
# Postfix makes none of its own where it starts without its script, which looks at the whole machine.
QUEUES = [
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "maildrop",
    "pid",
    "private",
    "public",
    "saved",
    "trace",
]
# A socket's path has at most 107 bytes, and Dovecot's longest name in the folder takes 40.
LONGEST = 65


class Lab:
    """Postfix and Dovecot with all they write in one folder, which is emptied first."""

    host = "127.0.0.1"

    def __init__(self, folder: Path):
        self.folder = folder
        self.greylist = Greylist()
        self.log = Log(folder / "postfix.log")
        self.mailboxes = Mailboxes(folder)
        self._listeners = {
            "policy": Listener(self.greylist.converse),
            "milter": Listener(milter.converse),
            "tables": Listener(partial(tables.converse, self.mailboxes.lookup)),
        }
        self.port = {name: free_port() for name in (*POSTFIX_PORTS, *DOVECOT_PORTS)}
        self.postfix = self._server("Postfix", [str(postfix_folder() / "master"), "-c", f"{folder}/postfix", "-d"])
        self.dovecot = self._server("Dovecot", [program("dovecot"), "-F", "-c", f"{folder}/dovecot.conf"])

    def __enter__(self) -> "Lab":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_failure) -> None:
        self.stop()

    def start(self) -> None:
        """Write the configuration, and start everything."""
        self._prepare()
        for listener in self._listeners.values():
            listener.start()
        self.dovecot.start()
        self.postfix.start()

    def stop(self) -> None:
        """Stop everything that was started; what the servers wrote stays to be read."""
        self.postfix.stop()
        self.dovecot.stop()
        for listener in self._listeners.values():
            listener.stop()

    def clear(self) -> None:
        """Have no mailbox and no mail anywhere, and everything well."""
        self.greylist.clear()
        # What is being delivered would come to the next mailbox of this name.
        self._wait_for_queues("maildrop", "incoming", "active")
        output("postsuper", "-c", f"{self.folder}/postfix", "-d", "ALL")
        self.mailboxes.clear()
        self.log.clear()

    def settle(self) -> None:
        """Return once Postfix has nothing left to deliver."""
        self._wait_for_queues("maildrop", "incoming", "active", "deferred")

    def _wait_for_queues(self, *names: str) -> None:
        queues = [self.folder / "postfix" / "queue" / name for name in names]
        # Twice: a mail may move to a queue that was looked at, a report may be made of one that was not.
        wait_until(
            lambda: not any(path.is_file() for queue in queues + queues for path in queue.rglob("*")),
            lambda: f"Postfix cannot deliver:\n{self.log.text()[-2000:]}",
        )

    def _server(self, name: str, command: list[str]) -> Server:
        ports = POSTFIX_PORTS if name == "Postfix" else DOVECOT_PORTS
        return Server(name, command, [self.port[port] for port in ports], self.folder / f"{name.lower()}.err")

    def _prepare(self) -> None:
        _check(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("dovecot/run", "dovecot/state", "postfix/data", *(f"postfix/queue/{queue}" for queue in QUEUES)):
            (self.folder / name).mkdir(parents=True)
        for name in ("data", *(f"queue/{queue}" for queue in QUEUES if queue != "pid")):
            shutil.chown(self.folder / "postfix" / name, "postfix")
        certificate = certificate_file(self.folder / "certificate.pem")
        # dovecot-lda, which is not root, writes there, too.
        (self.folder / "dovecot.log").touch()
        (self.folder / "dovecot.log").chmod(0o666)
        values = {
            **self.port,
            **{name: listener.port for name, listener in self._listeners.items()},
            "folder": self.folder,
            "domains": " ".join(DOMAINS),
            "certificate": certificate,
            "lda": dovecot_folder() / "dovecot-lda",
        }
        for name, place in (("main.cf", "postfix"), ("master.cf", "postfix"), ("dovecot.conf", ".")):
            (self.folder / place / name).write_text(fill(name, values))
        self.mailboxes.clear()


def _check(folder: Path) -> None:
    """Refuse a folder that the servers cannot use."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if closed := closed_to_others(folder):
        raise Failure(
            f"The users of the mail servers may not enter {', '.join(closed)}. Set MCR_STATE to another folder."
        )
    if len(str(folder)) > LONGEST:
        raise Failure(f"{folder} is too long a path for sockets. Set MCR_STATE to a shorter one.")


@cache
def running_lab(folder: str) -> Lab:
    """Return a lab that runs until this process ends; the same for all who ask."""
    lab = Lab(Path(folder))
    atexit.register(partial(lab.__exit__, None))
    return lab.__enter__()
