"""Fetches incoming servers in a process of its own, which a test may kill: python fetch_process.py CONFIG DB ID..."""

import os
import signal
import sys
from unittest.mock import patch

import odoo
from odoo import SUPERUSER_ID, api


def ending(message_process):
    """Return a message_process that a message ends with the process, as one that takes too much memory does."""

    def end(self, model, message, *args, **kwargs):
        if b"Subject: poison" in message:
            os.kill(os.getpid(), signal.SIGKILL)
        return message_process(self, model, message, *args, **kwargs)

    return end


def main(config, database, *ids):
    """Do what the cron does, on a cursor that commits."""
    # a port that nothing listens on: no mail leaves a test
    odoo.tools.config.parse_config(["-c", config, "-d", database, "--smtp", "127.0.0.1", "--smtp-port", "1"])
    registry = odoo.modules.registry.Registry(database)
    threads = registry["mail.thread"]
    poison = patch.object(threads, "message_process", ending(threads.message_process))
    with poison, registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["fetchmail.server"].browse(int(number) for number in ids).fetch_mail()


if __name__ == "__main__":
    main(*sys.argv[1:])
