"""What the strict server accepted and what it refused, in memory and in a folder."""

import email
import email.policy
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class StoredMail:
    """A mail as it came over the wire, with its envelope."""

    login: str
    mail_from: str
    rcpt_tos: tuple[str, ...]
    data: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail; its headers are decoded."""
        return email.message_from_bytes(self.data, policy=email.policy.default)


class Refusal(NamedTuple):
    """A sender that was refused, with the SMTP answer it got."""

    login: str
    mail_from: str
    answer: str


class MailStore:
    """Keeps mails and refusals as long as the process lives."""

    def __init__(self):
        self.mails: list[StoredMail] = []
        self.refusals: list[Refusal] = []

    def accept(self, mail: StoredMail) -> None:
        """Take in a mail."""
        self.mails.append(mail)

    def refuse(self, refusal: Refusal) -> None:
        """Note a refusal."""
        self.refusals.append(refusal)


class FolderStore(MailStore):
    """Writes an .eml for each mail and a line for each decision, for a person to read later.

    ``journal.jsonl`` has what a .eml lacks (login, envelope, date, answer); an accepted mail's
    line names its .eml in ``file``.
    """

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def accept(self, mail: StoredMail) -> None:
        """Write the mail, then its line: a line never names a file that is missing."""
        super().accept(mail)
        name = f"{len(list(self.folder.glob('*.eml'))) + 1:05}.eml"
        (self.folder / name).write_bytes(mail.data)
        self._note(login=mail.login, mail_from=mail.mail_from, rcpt_tos=mail.rcpt_tos, file=name)

    def refuse(self, refusal: Refusal) -> None:
        """Write the refusal's line."""
        super().refuse(refusal)
        self._note(**refusal._asdict())

    def entries(self) -> list[dict]:
        """Return all lines of the journal, oldest first, those of earlier runs too."""
        journal = self.folder / "journal.jsonl"
        if not journal.exists():
            return []
        return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]

    def _note(self, **entry) -> None:
        entry["date"] = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with (self.folder / "journal.jsonl").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(entry) + "\n")
