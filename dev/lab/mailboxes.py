"""Who has a mailbox, who may send as whom, and where other addresses lead: files that both servers look up."""

import shutil
from pathlib import Path

from .needs import output

# Three of the companies, of which one gets a catch-all and two have none, and one of everybody else.
DOMAINS = ("a.example", "b.example", "c.example", "elsewhere.example")
PASSWORD = "secret"
TABLES = ("mailboxes", "aliases", "senders")


class Mailboxes:
    """The users of both servers, which notice each change at once."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._mail = folder / "mail"
        self._kind = ""
        self._users: list[str] = []
        self._rows: dict[str, dict[str, str]] = {}

    def prefix(self) -> str:
        """Return what Postfix writes in front of a table's name: its kind, and the folder."""
        self._kind = self._kind or output("postconf", "-d", "-h", "default_database_type")
        return f"{self._kind}:{self._folder}/postfix/"

    def clear(self) -> None:
        """Forget all mailboxes with what is in them."""
        shutil.rmtree(self._mail, ignore_errors=True)
        self._mail.mkdir()
        shutil.chown(self._mail, "mail", "mail")
        self._users = []
        self._rows = {name: {} for name in TABLES}
        self._write(*TABLES)

    def add(self, login: str, senders: tuple[str, ...] = (), quota: str = "") -> None:
        """Add a mailbox.

        :param senders: what it may send as besides itself, each an address or ``@domain``
        :param quota: how much fits, e.g. ``20K``; no limit where it is empty
        """
        extra = f"userdb_quota_rule=*:storage={quota}" if quota else ""
        self._users.append(f"{login}:{{PLAIN}}{PASSWORD}::::::{extra}")
        self._rows["mailboxes"][login] = "there"
        # Without this row, a catch-all would take the mails of the mailboxes in its domain.
        self._rows["aliases"][login] = login
        for sender in (login, *senders):
            owners = self._rows["senders"].get(sender)
            self._rows["senders"][sender] = f"{owners},{login}" if owners else login
        self._write(*TABLES)

    def lead(self, address: str, login: str) -> None:
        """Let a mailbox get what is sent to an address, or (``@domain``, a catch-all) to all other names of a domain."""
        self._rows["aliases"][address] = login
        self._write("aliases")

    def _write(self, *tables: str) -> None:
        users = self._folder / "users"
        users.write_text("".join(f"{user}\n" for user in self._users))
        for name in tables:
            path = self._folder / "postfix" / name
            path.write_text("".join(f"{key} {value}\n" for key, value in self._rows[name].items()))
            output("postmap", "-c", str(path.parent), f"{self.prefix()}{name}")
