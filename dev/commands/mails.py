"""`make mails`: what the strict mail server accepted and refused, oldest first."""

import email
import email.policy
import signal
from pathlib import Path

from ..console import exit_with
from ..mail_server import mail_store
from ..table import print_table

HEAD = ("Date (UTC)", "Login", "Envelope sender", "Recipients", "From", "Reply-To", "Subject or refusal")


def main() -> int:
    """Print the journal of all runs; a reader such as `head` may leave early."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    store = mail_store()
    entries = store.entries()
    if not entries:
        print("The strict mail server has seen no mail yet: `make run` starts it.")
        return 0
    print_table(HEAD, [row(entry, store.folder) for entry in entries])
    print(f"\nEach mail as it came over the wire: {store.folder}/*.eml")
    return 0


def row(entry: dict, folder: Path) -> tuple[str, ...]:
    """Return the cells of one line of the journal, headers decoded."""
    start = (entry["date"][:19].replace("T", " "), entry["login"], f"<{entry['mail_from']}>")
    if "answer" in entry:
        return (*start, "", "", "", f"REFUSED {entry['answer']}")
    data = (folder / entry["file"]).read_bytes()
    message = email.message_from_bytes(data, policy=email.policy.default)
    shown = (str(message.get(name, "")) for name in ("From", "Reply-To", "Subject"))
    return (*start, ", ".join(entry["rcpt_tos"]), *shown)


if __name__ == "__main__":
    exit_with(main)
