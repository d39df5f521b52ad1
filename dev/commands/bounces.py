"""`make bounces CORPUS=<folder>`: how many bounces of a collection are recognised, and put down to a right recipient.

The folder holds mails, each in a file of its own: bounces below `bounces/`, mails that are none below `ordinary/`.
`recipients.tsv` in it may name the right recipients (path, tab, addresses with commas between them); else the
addresses count that the bounce's own report or the returned mail was for. Public collections: sisimai's set-of-emails,
the test data of flufl.bounce and PHP-Bounce-Handler; SpamAssassin's public corpus for ordinary mails.
"""

import email
import email.policy
import os
from collections import Counter
from email.message import Message
from pathlib import Path

from routing import address
from routing.incoming import automatic, bounce_text, delivery_status, reader
from routing.incoming.bounce import read_bounce, says_no_failure
from routing.incoming.notice import read_notice

from ..console import Failure, exit_with
from ..table import print_table

RIGHT, WRONG, NOBODY, MISSED, OTHER = (
    "right recipient",
    "another recipient",
    "no recipient",
    "missed",
    "no final bounce",
)
RECOGNISED = (RIGHT, WRONG, NOBODY)


def main() -> int:
    """Print the counts, and each mail that was read wrongly."""
    folder = Path(os.environ.get("CORPUS") or "")
    if not (folder / "bounces").is_dir():
        raise Failure("CORPUS has no folder bounces/. Put mails there, and ordinary ones into ordinary/.")
    known = right_recipients(folder)
    found = {path: judge(read(path), known.get(str(path.relative_to(folder)))) for path in files(folder / "bounces")}
    taken = [path for path in files(folder / "ordinary") if (bounce := read_bounce(read(path))) and bounce.certain]
    for path, result in found.items():
        if result not in (RIGHT, OTHER):
            print(f"{result}: {path.relative_to(folder)}")
    for path in taken:
        print(f"taken for a bounce: {path.relative_to(folder)}")
    print_table(("", "mails", "of"), summary(Counter(found.values()), len(taken), len(files(folder / "ordinary"))))
    return 0


def summary(counts: Counter, taken: int, ordinary: int) -> list[tuple[str, str, str]]:
    """Return the rows of the result."""
    final = sum(count for result, count in counts.items() if result != OTHER)
    recognised = sum(counts[result] for result in RECOGNISED)
    return [
        ("recognised", str(recognised), str(final)),
        (RIGHT, str(counts[RIGHT]), str(final)),
        ("taken wrongly", str(taken), str(ordinary)),
        ("delays, receipts, complaints, automatic answers", str(counts[OTHER]), "not counted"),
    ]


def files(folder: Path) -> list[Path]:
    """Return the files below a folder, also if it is not there."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def read(path: Path) -> Message:
    """Return a mail as Odoo reads it; the line that a mailbox file puts before it is none of the mail's."""
    data = path.read_bytes().lstrip()
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    return email.message_from_bytes(data, policy=email.policy.SMTP)


def right_recipients(folder: Path) -> dict[str, set[str]]:
    """Return the addresses that the collection itself names, by path."""
    path = folder / "recipients.tsv"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = (line.split("\t") for line in lines if "\t" in line)
    return {row[0]: {email.lower() for email in row[1].split(",") if email} for row in rows}


def judge(message: Message, known: set[str] | None) -> str:
    """Return what became of a mail that should be a bounce.

    A bounce that names nobody counts as right if the mail mentions the recipient: the database knows whom it wrote to.
    """
    bounce = read_bounce(message)
    if bounce is None:
        return OTHER if is_other(message) else MISSED
    expected = known or addressed(message)
    named = {email.lower() for email in bounce.recipients} or {email.lower() for email in bounce.mentioned}
    if not named:
        return NOBODY
    return RIGHT if named & expected else WRONG


def is_other(message: Message) -> bool:
    """Tell whether a mail says itself that it is no final bounce."""
    return bool(
        says_no_failure(message)
        or read_notice(message)
        or automatic.is_vacation(message)
        or bounce_text.has_delay_subject(message)
    )


def addressed(message: Message) -> set[str]:
    """Return whom the report, or the returned mail, was for."""
    statuses = delivery_status.read_delivery_status(message)
    found = {status.email for status in statuses} | {other for status in statuses for other in status.others}
    for part in message.walk():
        if part is not message:
            found |= {entry.email for name in ("To", "Cc") for entry in address.parse(reader.header(part, name))}
    text = bounce_text.shown_text(message)
    copied = email.message_from_string(text[len(bounce_text.without_copy(text)) :].partition("\n")[2].lstrip())
    found |= {entry.email for entry in address.parse(reader.header(copied, "To"))}
    return {email.lower() for email in found if email}


if __name__ == "__main__":
    exit_with(main)
