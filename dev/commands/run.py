"""`make run`: prove the main job, then serve Odoo with the strict mail server and a mailbox beside it."""

import os

from ..console import Failure, exit_with, say
from ..correspondent import CUSTOMER
from ..databases import demo_database, stock_database
from ..language import VARIABLE, check_language, speak
from ..mail_server import MAILBOX, mail_server
from ..mailbox_server import Mailbox, MailboxServer
from ..postgres import database_server
from ..proof import prove
from ..serve import check_port, serve


def main() -> int:
    """Run the steps; with ONCE set, stop after the proof and use any free port for mails."""
    once = bool(os.environ.get("ONCE"))
    port = 0 if once else port_from("PORT", 8069)
    smtp_port = 0 if once else port_from("SMTP_PORT", 8025)
    imap_port = 0 if once else port_from("IMAP_PORT", 8143)
    language = os.environ.get(VARIABLE, "")
    check_language(language)
    with database_server():
        stock = stock_database()
        demo = demo_database(stock)
        if language:
            speak(demo, language)
        mailbox = Mailbox(MAILBOX)
        with mail_server(smtp_port, mailbox) as server, MailboxServer(mailbox, imap_port=imap_port) as fetched:
            say(f"Strict mail server on {server.host}:{server.port}")
            prove(server, stock, demo)
            say("Proved: refused from stock Odoo, delivered with the addon.")
            return 0 if once else serve(demo, port, what_to_try(server, fetched))


def what_to_try(server, fetched) -> tuple[str, ...]:
    """Return what a newcomer needs to know to set up a mailbox in Odoo."""
    return (
        f"A mailbox to set up there: {MAILBOX}, password secret, without encryption",
        f"SMTP server {server.host}, port {server.port}; IMAP server {fetched.host}, port {fetched.imap_port}",
        f"{CUSTOMER} answers each mail from there",
    )


def port_from(variable: str, default: int) -> int:
    """Return the port that an environment variable names, if it is free."""
    text = os.environ.get(variable) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Failure(f"{variable}={text} is no port: give a number from 1 to 65535.")
    check_port(int(text), variable)
    return int(text)


if __name__ == "__main__":
    exit_with(main)
