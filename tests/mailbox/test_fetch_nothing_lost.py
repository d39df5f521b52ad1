import base64
import logging
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import odoo
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

from ...dev.mailbox_server import Mailbox, MailboxServer
from ...routing.mailbox import raw_mail
from ..committed import committed, in_use
from ..incoming.damaged_mails import by_hand, generated, mail, own_id
from ..thorough import THOROUGH

SCRIPT = Path(__file__).with_name("fetch_process.py")
# Two thousand mails, five hundred of them damaged; in the ordinary run three of ten.
HAND, DRAWN, RECORDS, REPLIES, BOUNCES, OWN, STRAYS = 200, 300, 1200, 120, 60, 60, 60
PART = 1 if THOROUGH else 0.3
# A report without the mail that came back, as many are.
REPORT = 'multipart/report; report-type=delivery-status; boundary="b"'

_logger = logging.getLogger(__name__)


class Killer:
    """Kills the process that fetches when it says some words for the nth time.

    :param delay: seconds after which it is killed, while it works on the answer; else it gets none
    """

    def __init__(self, words, times, delay=0):
        self.words, self.left, self.delay = words, times, delay
        self.process = None

    def __call__(self, _protocol, line):
        """Look at a line before it is answered."""
        if self.words in line:
            self.left -= 1
            if self.left == 0 and self.delay:
                threading.Timer(self.delay, self.process.kill).start()
            elif self.left == 0:
                self.process.kill()
                self.process.wait()
                raise ConnectionError


@tagged("post_install", "-at_install")
class TestNothingLost(BaseCase):
    """Many mails, a quarter of them damaged; the process is killed, and runs again.

    It commits, in the database of the tests, and takes away again what it made.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = odoo.registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.box = Mailbox()
        self.trouble = lambda _protocol, _line: None
        server = MailboxServer(self.box, trouble=lambda protocol, line: self.trouble(protocol, line))
        server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.release = in_use(self.registry)
        with self.environment() as env:
            self.latest = {model: self.last_id(env, model) for model in ("res.partner", "mail.message")}
            self.prepare(env, server)
        self.addCleanup(self.clean_up)

    def environment(self):
        """Open a transaction that is committed at its end."""
        return committed(self.registry)

    def last_id(self, env, model):
        return env[model].with_context(active_test=False).search([], order="id desc", limit=1).id

    def prepare(self, env, server):
        """Commit what the process needs: an alias, a mailbox, a thread that replies go to."""
        model_id = env["ir.model"]._get_id("res.partner")
        values = {"alias_name": "desk", "alias_model_id": model_id, "alias_contact": "everyone"}
        self.alias_id = env["mail.alias"].create(values).id
        partner = env["res.partner"].create({"name": "Thread"})
        self.partner_id = partner.id
        messages = [partner.message_post(body="Ours") for _number in range(OWN)]
        self.own_ids = [message.message_id for message in messages]
        self.server_ids = [
            env["fetchmail.server"]
            .create(
                {
                    "name": f"Nothing lost {kind}",
                    "server_type": kind,
                    "server": server.host,
                    "port": port,
                    "user": self.box.login,
                    "password": "secret",
                    "state": "done",
                    "fetch_time_limit": 0,
                }
            )
            .id
            for kind, port in (("imap", server.imap_port), ("pop", server.pop_port))
        ]

    def clean_up(self):
        """Take away what was committed."""
        with self.environment() as env:
            env["mail.unrouted.message"].search([("fetchmail_server_id", "in", self.server_ids)]).unlink()
            new = {model: [("id", ">", last)] for model, last in self.latest.items()}
            env["mail.mail"].search([("mail_message_id", ">", self.latest["mail.message"])]).unlink()
            env["mail.message"].search(new["mail.message"]).unlink()
            env["res.partner"].with_context(active_test=False).search(new["res.partner"]).unlink()
            env["fetchmail.server"].browse(self.server_ids).unlink()
            env["mail.alias"].browse(self.alias_id).unlink()
        self.release()

    def start(self, server_id):
        """Fetch in a process of its own."""
        command = [sys.executable, "-W", "ignore", str(SCRIPT), config.rcfile, get_db_name(), str(server_id)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.kill)
        return process

    def fetch(self, server_id, *killers):
        """Fetch, killed at these moments, and once more to the end."""
        for killer in killers:
            killer.process = self.start(server_id)
            self.trouble = killer
            killer.process.communicate()
            self.assertEqual(killer.process.returncode, -signal.SIGKILL)
        self.trouble = lambda _protocol, _line: None
        process = self.start(server_id)
        output, _errors = process.communicate()
        self.assertEqual(process.returncode, 0, output.decode()[-3000:])
        with self.environment() as env:
            self.assertFalse(env["fetchmail.server"].browse(server_id).last_error)

    def sound_mails(self, factor=1.0):
        """Return mails with nothing wrong, by their expected fate."""
        references = [f"<{number}@nowhere.example> {own}" for number, own in enumerate(self.own_ids)]

        def some(count):
            return range(int(count * factor))

        return {
            "record": [mail(f"record-{number}") for number in some(RECORDS)]
            + [mail(f"reply-{number}", References=references[number % OWN]) for number in some(REPLIES)],
            "bounce": [
                mail(
                    f"bounce-{number}",
                    **({"Content_Type": REPORT} if number % 2 else {"From": "MAILER-DAEMON@a.example"}),
                )
                for number in some(BOUNCES)
            ],
            "own": [mail(f"own-{number}", Message_Id=self.own_ids[number]) for number in some(OWN)],
            "unrouted": [mail(f"stray-{number}", To="nobody@test.com") for number in some(STRAYS)],
        }

    def fates(self, mails):
        """Return each mail's fates, counted as (mail, fate) pairs."""
        keys = {raw_mail.checksum(raw): raw for raw in mails}
        ids = {own_id(raw): raw for raw in mails}
        with self.environment() as env:
            rows = env["mail.unrouted.message"].search([("fetchmail_server_id", "in", self.server_ids)])
            messages = env["mail.message"].search([("message_id", "in", [key for key in ids if "\0" not in key])])
            found = [(keys[row.checksum], "unrouted") for row in rows]
            found += [(ids[message.message_id], "record") for message in messages]
        return Counter(found)

    def assert_nothing_lost(self, sound, damaged):
        """Check that each mail has one fate, and each sound one the right one."""
        mails = [*damaged, *(raw for raws in sound.values() for raw in raws)]
        fates = self.fates(mails)
        self.assertFalse([raw[:300] for (raw, _fate), count in fates.items() if count > 1], "twice")
        by_mail = dict(list(fates))
        self.assertEqual(len(by_mail), len(fates), "a record and unrouted as well")
        for raw in sound["own"]:
            # it is the message that was there before
            self.assertEqual(by_mail.pop(raw), "record")
        for raw in sound["bounce"]:
            self.assertNotIn(raw, by_mail)
        for fate in ("record", "unrouted"):
            self.assertEqual({by_mail.get(raw) for raw in sound[fate]}, {fate})
        self.assertFalse([raw[:300] for raw in damaged if raw not in by_mail], "lost")
        self.assertEqual(len(by_mail) + len(sound["own"]) + len(sound["bounce"]), len(mails))
        with self.environment() as env:
            created = env["res.partner"].search([("name", "=like", "record-%")])
            self.assertEqual(len(created), len([raw for raw in sound["record"] if b"Subject: record" in raw]))
        _logger.info("%d mails: %s", len(mails), Counter(by_mail.values()))

    def deliver(self, sound, damaged):
        """Put all mails into the mailbox, mixed."""
        mails = [*damaged, *(raw for raws in sound.values() for raw in raws)]
        self.assertEqual(len({raw_mail.checksum(raw) for raw in mails}), len(mails))
        for number in range(len(mails)):
            # a step that has no divisor in common with the number takes each once
            self.box.add(mails[number * 7919 % len(mails)])
        return len(mails)

    def test_many_mails_by_imap(self):
        """Killed after a mail was stored and before it was flagged, then while one is processed."""
        sound, damaged = self.sound_mails(PART), by_hand(int(HAND * PART)) + generated(int(DRAWN * PART))
        count = self.deliver(sound, damaged)
        self.assertEqual(count, 2000 * PART)
        self.fetch(self.server_ids[0], Killer("UID STORE", int(700 * PART)), Killer("UID FETCH", int(500 * PART), 0.02))
        self.assertFalse(self.box.unread())
        self.assert_nothing_lost(sound, damaged)
        # the one that was stored but unread was not read again; the one that was being processed may have been
        self.assertLessEqual(sum(self.box.reads.values()), count + 1)

    def test_some_mails_by_pop(self):
        """Killed at the end of a session: the server has deleted nothing of what was stored."""
        damaged = [on_pop_wire(raw) for raw in by_hand(60)]
        sound = {fate: [on_pop_wire(raw) for raw in raws] for fate, raws in self.sound_mails(0.1).items()}
        count = self.deliver(sound, damaged)
        self.fetch(self.server_ids[1], Killer("QUIT", 1))
        self.assertFalse(self.box.folders["INBOX"])
        self.assertEqual(len(self.box.reads), count)
        self.assert_nothing_lost(sound, damaged)

    def test_a_mail_that_ends_the_process(self):
        """It is given up after three tries, and no longer holds up the others."""
        sound = {"record": [mail(f"record-{number}") for number in range(3)], "bounce": [], "own": [], "unrouted": []}
        poison = mail("poison")
        for raw in (sound["record"][0], poison, *sound["record"][1:]):
            self.box.add(raw)
        for _time in range(3):
            process = self.start(self.server_ids[0])
            process.communicate()
            self.assertEqual(process.returncode, -signal.SIGKILL)
        self.fetch(self.server_ids[0])
        self.assertFalse(self.box.unread())
        self.assert_nothing_lost({**sound, "unrouted": [poison]}, [])
        with self.environment() as env:
            row = env["mail.unrouted.message"].search([("fetchmail_server_id", "=", self.server_ids[0])])
            self.assertIn("3 times", row.error)
            self.assertEqual(base64.b64decode(row.eml), poison)
            self.assertFalse(row.fetchmail_server_id.run_state)


def on_pop_wire(raw):
    """Return a mail with the ends of lines that it has on its way by POP."""
    return raw.replace(b"\r\n", b"\n").removesuffix(b"\n").replace(b"\n", b"\r\n") + b"\r\n"
