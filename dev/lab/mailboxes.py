"""Who has a mailbox, who may send as whom, and where other addresses lead."""

import shutil
import subprocess
from pathlib import Path

from .needs import program
from .process import wait_until

# Three of the companies, of which one gets a catch-all and two have none, and one of everybody else.
DOMAINS = ("a.example", "b.example", "c.example", "elsewhere.example")
PASSWORD = "secret"
TABLES = ("mailboxes", "aliases", "senders")


class Mailboxes:
    """The users of both servers, which know each change when the method returns."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._mail = folder / "mail"
        # Dovecot forgets nobody: a user without a mailbox gets no mail.
        self._users: dict[str, str] = {}
        self._rows: dict[str, dict[str, str]] = {name: {} for name in TABLES}

    def clear(self) -> None:
        """Have no mailbox, and no mail in any."""
        self._rows = {name: {} for name in TABLES}
        shutil.rmtree(self._mail, ignore_errors=True)
        self._mail.mkdir()
        shutil.chown(self._mail, "mail", "mail")
        self._write_users()

    def add(self, login: str, senders: tuple[str, ...] = (), quota: str = "") -> None:
        """Add a mailbox.

        :param senders: what it may send as besides itself, each an address or ``@domain``
        :param quota: how much fits, e.g. ``20K``, once and for all for this login; no limit where it is empty
        """
        self._rows["mailboxes"][login] = "there"
        # Without this row, a catch-all would take the mails of the mailboxes in its domain.
        self._rows["aliases"][login] = login
        for sender in (login, *senders):
            owners = self._rows["senders"].get(sender, "").split(",")
            self._rows["senders"][sender] = ",".join(dict.fromkeys([*filter(None, owners), login]))
        if self._users.setdefault(login, quota) != quota:
            raise ValueError(f"{login} had another quota before, which Dovecot would notice too late.")
        self._write_users()
        wait_until(lambda: self._is_known(login), lambda: f"Dovecot does not know {login}.")

    def lead(self, address: str, login: str) -> None:
        """Let a mailbox get what is sent to an address, or to all other names of a domain (``@domain``)."""
        self._rows["aliases"][address] = login

    def lookup(self, table: str, key: str) -> str | None:
        """Answer Postfix: for an address, else without its extension, else for its domain, as files are looked up.

        An address that an alias leads to gets the extension (``propagate_unmatched_extensions``).
        """
        rows = self._rows.get(table, {})
        name, _at, domain = key.rpartition("@")
        plain, plus, extension = name.partition("+")
        found = rows.get(key) or rows.get(f"{plain}@{domain}") or rows.get(f"@{domain}")
        return found.replace("@", f"{plus}{extension}@") if found and table == "aliases" else found

    def _write_users(self) -> None:
        rows = [
            f"{login}:{{PLAIN}}{PASSWORD}::::::{f'userdb_quota_rule=*:storage={quota}' if quota else ''}\n"
            for login, quota in self._users.items()
        ]
        draft = self._folder / "users.new"
        draft.write_text("".join(rows))
        draft.rename(self._folder / "users")

    def _is_known(self, login: str) -> bool:
        """Ask Dovecot, which looks for new users once a second."""
        command = [program("doveadm"), "-c", str(self._folder / "dovecot.conf"), "user", login]
        return subprocess.run(command, capture_output=True).returncode == 0
