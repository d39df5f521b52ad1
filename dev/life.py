"""The stages of the addon's life, each of which says what it proved, or fails."""

import difflib
import email
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from . import database
from .console import Failure, say
from .databases import name_of
from .first_release import first_release
from .life_snapshot import contents, left_behind, schema
from .odoo_command import config_file, install, odoo
from .state import ADDON, plain_folder, subfolder

# The demo data sets up companies.
WITHOUT_DEMO = "--without-demo=all"
# Headers that have another value in each mail.
VARYING = re.compile(r"(?im)^(message-id|references|date): .*(\r?\n[ \t].*)*\r?\n")


class Life:
    """A database in use, and what becomes of it.

    :param strict: the running strict mail server
    :param mailbox: a running mailbox
    :param str stock: a database without the addon
    """

    def __init__(self, strict, mailbox, stock: str):
        self.strict = strict
        self.mailbox = mailbox
        self.used, self.addon, self.updated = map(name_of, ("life_used", "life_addon", "life_updated"))
        say("Putting a database to use: parameters, servers, a mailbox, aliases, a queue")
        database.create(self.used, template=stock)
        self.step("put_to_use", self.used)

    def install_in_use(self) -> str:
        """Stock Odoo and the addon, with nothing set, do the same with what waits in the database."""
        say("Installing the addon in a copy, and sending from both")
        database.create(self.addon, template=self.used)
        install(self.addon, "-i", ADDON, WITHOUT_DEMO)
        plain = name_of("life_plain")
        database.create(plain, template=self.used)
        stock, addon = (self.deeds(name) for name in (plain, self.addon))
        first = self.step("read_first_domain", self.addon)
        failed = [mail for mail in stock["ended"] if mail[1] == "exception"]
        check(stock["mails"] and failed, f"stock Odoo should have sent and failed: {stock}")
        for what, did in stock.items():
            check(did == addon[what], f"{what} differ:\n{difference(did, addon[what])}")
        check(first == ["corp.example", True], f"the parameters should be the first alias domain: {first}")
        return f"{len(stock['mails'])} mails on the wire and {len(failed)} that failed are stock Odoo's"

    def update(self) -> str:
        """What was set up in the first release is there after the update."""
        old = first_release(subfolder("life"))
        database.create(self.updated, template=self.used)
        if not old:
            install(self.updated, "-i", ADDON, WITHOUT_DEMO)
            self.step("set_up", self.updated)
            return "not there: this clone has no history with the first release"
        say("Installing the first release, setting it up, updating it")
        home = Path(os.environ["ODOO_HOME"])
        path = ",".join(str(folder) for folder in (home / "addons", home / "odoo" / "addons", old))
        install(self.updated, "-i", ADDON, WITHOUT_DEMO, f"--addons-path={path}")
        before = self.step("set_up", self.updated, path)
        install(self.updated, "-u", ADDON)
        after = self.step("read_set_up", self.updated)
        # a field that is gone and was empty held nothing
        said = {key: value for key, value in before.items() if value not in ("False", "[]", "0")}
        lost = {key: (value, after.get(key)) for key, value in said.items() if after.get(key) != value}
        check(not lost, f"lost by the update (before, after): {lost}")
        return f"{len(said)} values are as they were"

    def uninstall(self) -> str:
        """After uninstalling, the database is what it was before."""
        say("Setting up everything, and uninstalling")
        self.step("set_up", self.updated)
        self.step("uninstall", self.updated)
        gone, left = left_behind(schema(self.used), schema(self.updated))
        check(not left, f"left behind: {sorted(left)[:30]}")
        check(not gone, f"taken away: {sorted(gone)[:30]}")
        before, after = contents(self.used), contents(self.updated)
        changed = {table: (rows, after[table]) for table, rows in before.items() if rows != after[table]}
        check(not changed, f"rows that changed (before, after): {str(changed)[:2000]}")
        return f"{sum(map(len, before.values()))} rows of {len(before)} tables are as they were, nothing is left"

    def install_again(self) -> str:
        """It installs where it was."""
        install(self.updated, "-i", ADDON, WITHOUT_DEMO)
        self.step("set_up", self.updated)
        self.strict.store.mails.clear()
        self.step("send", self.updated)
        check(self.strict.mails, "no mail left after installing again")
        return f"{len(self.strict.mails)} mails left"

    def neutralize(self) -> str:
        """A neutralized copy reaches no mail server and no mailbox, whatever is set up or asked for."""
        say("Neutralizing a copy, and letting it try")
        copy = name_of("life_neutral")
        alive = name_of("life_plain")
        for name in (alive, copy):
            database.create(name, template=self.updated)
        command = odoo("-d", copy)
        at = command.index("--config")
        done = subprocess.run([*command[:at], "neutralize", *command[at:]], capture_output=True, text=True)
        check(not done.returncode and "Traceback" not in done.stderr, f"neutralizing failed:\n{done.stderr[-3000:]}")
        check(self.tries(alive), "the copy that was not neutralized should have sent and fetched")
        tried = self.tries(copy)
        check(not tried, f"it reached: {tried}")
        return "nothing was reached by the queue, a forced server, send_email, odoo.conf, the cron of mailboxes"

    def tries(self, name: str) -> list:
        """Let a database try everything that sends or fetches; return what arrived anywhere."""
        self.clear()
        self.step("try_everything", name)
        store = self.strict.store
        return [*(mail.mail_from for mail in store.mails), *store.refusals, *self.mailbox.mailbox.commands]

    def deeds(self, name: str) -> dict:
        """Let a database send what waits, and take in a mail; return what it did, in a form that can be compared."""
        self.clear()
        outcome = self.step("send", name)
        store = self.strict.store
        return {
            "mails": sorted((mail.mail_from, str(mail.rcpt_tos), comparable(mail.data)) for mail in store.mails),
            "refusals": [(refusal.mail_from, refusal.answer) for refusal in store.refusals],
            **outcome,
        }

    def clear(self) -> None:
        """Forget what arrived."""
        self.strict.store.mails.clear()
        self.strict.store.refusals.clear()
        self.mailbox.mailbox.commands.clear()

    def step(self, name: str, db: str, addons_path: str = ""):
        """Run a step inside Odoo, in a process of its own; return what it says."""
        ports = (str(self.strict.port), str(self.mailbox.imap_port))
        command = [sys.executable, "-W", "ignore", "-m", "dev.life_step", name, db, *ports, addons_path]
        config_file()
        done = subprocess.run(command, cwd=plain_folder(), capture_output=True, text=True)
        if done.returncode:
            raise Failure(f"the step {name} failed in {db}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])


def check(holds, otherwise: str) -> None:
    """Fail where something does not hold."""
    if not holds:
        raise Failure(otherwise)


def comparable(data: bytes) -> str:
    """Return a mail as text, without what differs from mail to mail: ids, dates, MIME boundaries and tokens."""
    text = data.decode()
    for part in email.message_from_bytes(data).walk():
        if not part.is_multipart():
            # its own words, where an encoding hides ids
            text += part.get_payload(decode=True).decode()
    return re.sub(r"={5,}\d+==", "BOUNDARY", VARYING.sub("", text))


def difference(stock, addon) -> str:
    """Return the lines that differ, stock Odoo's with a minus."""
    texts = (json.dumps(did, indent=1).replace("\\n", "\n").splitlines() for did in (stock, addon))
    return "\n".join(difflib.unified_diff(*texts, n=0, lineterm=""))[:3000]
