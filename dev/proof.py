"""Proves the main job: a mail that a strict provider refuses from stock Odoo is delivered.

It shows what the strict server saw on the wire, not what Odoo says it sent.
"""

import json
import subprocess
import sys

from .console import Failure, say
from .mail_server import ACCOUNTS
from .state import plain_folder
from .strict_server import StrictServer
from .table import print_table

HEAD = ("", "Result", "Header From", "Envelope sender", "Reply-To", "Answer")


def prove(server: StrictServer, stock: str, demo: str) -> None:
    """Send the same mail from both databases, print the results, and fail if one is wrong."""
    say("Sending one mail by Marc Demo from stock Odoo, and one with the addon")
    refused = send_from(server, stock)
    delivered = send_from(server, demo)
    print()
    print_table(HEAD, [("stock Odoo", *refused), ("with the addon", *delivered)])
    print()
    if refused[0] != "refused":
        raise Failure("the strict server took stock Odoo's mail: it proves nothing.")
    login = ACCOUNTS[0].login
    if delivered[0] != "delivered" or delivered[2] != login or f"<{login}>" not in delivered[1]:
        raise Failure("with the addon the mail did not leave as its server's username.")


def send_from(server: StrictServer, database: str) -> tuple[str, ...]:
    """Return the cells of a row: result, header From, envelope sender, Reply-To, answer."""
    mails, refusals = len(server.mails), len(server.refusals)
    outcome = send(database, server.port)
    if len(server.mails) > mails and outcome["state"] == "sent":
        mail = server.mails[-1]
        headers = [str(mail.message.get(name, "")) for name in ("From", "Reply-To")]
        return ("delivered", headers[0], mail.mail_from, headers[1], "250 accepted")
    if len(server.refusals) > refusals:
        refusal = server.refusals[-1]
        return ("refused", "", refusal.mail_from, "", refusal.answer)
    return ("not sent", "", "", "", f"{outcome['state']}: {outcome['reason']}")


def send(database: str, port: int) -> dict:
    """Run the sending process; return what Odoo says about the mail."""
    command = [sys.executable, "-W", "ignore", "-m", "dev.proof_mail", database, str(port)]
    done = subprocess.run(command, cwd=plain_folder(), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"the mail could not be written in {database}; the reason is above.")
    return json.loads(done.stdout.splitlines()[-1])
