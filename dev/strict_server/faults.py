"""What may be wrong with the strict server while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# In the order of a mail. At LISTEN there is nobody to connect to; LOGIN comes once the password was right; DATA is the
# command, END the end of the message.
LISTEN, CONNECT, TLS, EHLO, LOGIN, MAIL, RCPT, DATA, END, QUIT = STAGES = (
    "listen",
    "connect",
    "tls",
    "ehlo",
    "login",
    "mail",
    "rcpt",
    "data",
    "end",
    "quit",
)
KNOWS_ACCOUNT = STAGES[4:]


@dataclass(frozen=True)
class Fault:
    """One fault: where, what, for whom, and when.

    :param at: one of STAGES
    :param answer: what the server says there instead (``451 4.7.1 Greylisted``); at TLS to STARTTLS
    :param closes: it closes the connection, after the answer if there is one
    :param silent: it says nothing, and nothing any more on this connection
    :param login: strikes this account only
    :param sender: strikes this envelope sender only (MAIL)
    :param recipient: strikes this recipient only (RCPT)
    :param after: strikes once this many mails were accepted on the connection
    :param times: strikes this often, then never again; 0 is always
    :param pipelined: strikes only if the client did not wait for the answer
    :param keeps: the mail is stored all the same (END)
    """

    at: str
    answer: str = ""
    closes: bool = False
    silent: bool = False
    login: str = ""
    sender: str = ""
    recipient: str = ""
    after: int = 0
    times: int = 0
    pipelined: bool = False
    keeps: bool = False

    def __post_init__(self):
        if self.at not in STAGES:
            raise ValueError(f"at: {self.at!r} is none of {STAGES}")
        if self.at != LISTEN and not (self.answer or self.closes or self.silent):
            raise ValueError(f"a fault at {self.at} answers, closes, or is silent")
        if self.login and self.at not in KNOWS_ACCOUNT:
            raise ValueError(f"no account is known at {self.at}")

    def fits(self, moment: "Moment") -> bool:
        """Tell whether it strikes at this moment, if it is not used up."""
        return (
            self.at == moment.at
            and self.login in ("", moment.login)
            and self.sender in ("", moment.sender)
            and self.recipient in ("", moment.recipient)
            and self.after <= moment.mails
            and (moment.pipelined or not self.pipelined)
        )


@dataclass(frozen=True)
class Moment:
    """Where a connection is; the fields are those of a fault. ``mails`` were accepted on it."""

    at: str
    login: str = ""
    recipient: str = ""
    mails: int = 0
    pipelined: bool = False
    sender: str = ""


class Faults:
    """The faults of a server, which a test sets and clears from its own thread while the server runs.

    ``struck`` lists each stroke since the last change.

    :param changed: called after each change
    """

    def __init__(self, changed: Callable[[], None]):
        self._changed = changed
        self._faults: tuple[Fault, ...] = ()
        self.struck: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def set(self, *faults: Fault) -> None:
        """Have these faults, and no others."""
        self._faults, self.struck = faults, []
        self._changed()

    def clear(self) -> None:
        """Be well again."""
        self.set()

    @contextmanager
    def during(self, *faults: Fault) -> Iterator[None]:
        """Have these faults beside the others for as long as the block lasts."""
        before = self._faults
        self.set(*faults, *before)
        try:
            yield
        finally:
            self.set(*before)

    def strike(self, moment: Moment) -> Fault | None:
        """Return the first fault that strikes now, and note it."""
        for fault in self._faults:
            if fault.fits(moment) and (not fault.times or self.struck.count(fault) < fault.times):
                self.struck.append(fault)
                return fault
        return None


# What providers and networks do to a mail, by name.
FAULTS = {
    "down": Fault(LISTEN),
    "silent at connect": Fault(CONNECT, silent=True),
    "closes at connect": Fault(CONNECT, closes=True),
    "busy at connect": Fault(CONNECT, "421 4.3.2 Too busy, try again later", closes=True),
    "TLS refused": Fault(TLS, "454 4.7.0 TLS not available"),
    "TLS handshake fails": Fault(TLS, closes=True),
    "login refused": Fault(LOGIN, "535 5.7.8 Authentication failed"),
    "login later": Fault(LOGIN, "454 4.7.0 Temporary authentication failure"),
    "421 at MAIL": Fault(MAIL, "421 4.7.0 Too many connections", closes=True),
    "421 after 10 mails": Fault(MAIL, "421 4.7.0 Too many messages in this session", closes=True, after=10),
    "451 at RCPT": Fault(RCPT, "451 4.7.1 Greylisted, try again later"),
    "closes at RCPT": Fault(RCPT, closes=True),
    "closes at DATA": Fault(DATA, closes=True),
    "452 at DATA": Fault(END, "452 4.3.1 Insufficient system storage"),
    "closes after DATA": Fault(END, closes=True),
    "silent after DATA": Fault(END, silent=True),
    "silent after DATA, stored": Fault(END, silent=True, keeps=True),
    "999 after DATA, stored": Fault(END, "999 Done with it", keeps=True),
    "no code after DATA, stored": Fault(END, "Taken, thank you", keeps=True),
}
