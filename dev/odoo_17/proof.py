"""The two ways to Odoo 17, each of which says what it proved, or fails."""

import email
import email.policy
import json

from .. import database
from ..console import Failure, say
from ..databases import name_of
from ..oca import openupgrade_folder
from ..state import subfolder
from .odoos import Odoo, to_17


class Proof:
    """What Odoo 16 has and does, beside what Odoo 17 has and does after it was carried over.

    :param odoo_16: with the addon
    :param odoo_17: a real one
    :param strict: the running strict mail server
    :param demo: a database with the addon and its demo data
    """

    def __init__(self, odoo_16: Odoo, odoo_17: Odoo, strict, demo: str):
        self.odoo_16, self.odoo_17, self.strict = odoo_16, odoo_17, strict
        self.used, self.upgraded, self.other = map(name_of, ("17_used", "17_upgraded", "17_other"))
        say("Setting up Odoo 16: companies, domains, aliases that share a name")
        database.create(self.used, template=demo)
        self.step(odoo_16, "put_to_use", self.used)
        self.before = self.step(odoo_16, "addresses", self.used)
        self.file = self.step(odoo_16, "export", self.used)
        database.create(self.upgraded, template=self.used)
        self.mails = {name: as_in_17(senders) for name, senders in self.sent(odoo_16, self.used).items()}
        self.made = self.step(odoo_16, "take_in", self.used)

    def by_upgrade(self) -> str:
        """The database is prepared, the addon uninstalled, OpenUpgrade run: each mail is as it was."""
        say("Preparing a copy, and uninstalling the addon from it")
        self.step(self.odoo_16, "forget_demo", self.upgraded)
        to_17("prepare", self.upgraded)
        self.step(self.odoo_16, "uninstall", self.upgraded)
        say("Upgrading it to Odoo 17 with OpenUpgrade")
        folder = openupgrade_folder()
        scripts = folder / "odoo" / "addons"
        openupgrade = Odoo(self.odoo_17.home, self.odoo_17.python, [scripts], [folder])
        options = ("--load=base,web,openupgrade_framework", f"--upgrade-path={scripts / 'openupgrade_scripts/scripts'}")
        openupgrade.set_up(self.upgraded, "-u", "all", *options)
        to_17("migrate", self.upgraded)
        after = self.step(self.odoo_17, "addresses", self.upgraded)
        check("aliases", self.before["aliases"], after["aliases"])
        self.check_domains(after)
        check("mails", self.mails, self.sent(self.odoo_17, self.upgraded))
        check("incoming", self.made, self.step(self.odoo_17, "take_in", self.upgraded))
        check("faults", [], self.step(self.odoo_17, "faults", self.upgraded))
        return f"{len(self.mails)} mails leave, and {len(self.made)} come in, as in Odoo 16"

    def by_file(self) -> str:
        """A new database of Odoo 17 takes the exported file in: each company's mails are as they were."""
        say("Installing Odoo 17 in a new database, and loading the file")
        database.create(self.other)
        self.odoo_17.set_up(self.other, "-i", "mail", "--without-demo=all")
        self.step(self.odoo_17, "make_companies", self.other)
        path = subfolder("odoo_17") / "alias_domains_for_odoo_17.json"
        path.write_text(self.file, encoding="utf-8")
        said = "\n".join(to_17("load", self.other, str(path)))
        after = self.step(self.odoo_17, "addresses", self.other)
        self.check_domains(after)
        check("aliases", ["everywhere@global.example", "spares@nordwind-parts.example"], after["aliases"])
        missing = [alias["name"] for alias in json.loads(self.file)["aliases"] if alias["name"] == "orders"]
        check("aliases that are named", len(missing), said.count("There is no alias orders"))
        # nothing there has an alias of its own record
        expected = {name: mail for name, mail in self.mails.items() if "Desk" not in name}
        mails = self.sent(self.odoo_17, self.other)
        check("mails", expected, {name: mail for name, mail in mails.items() if "Desk" not in name})
        check("faults", [], self.step(self.odoo_17, "faults", self.other))
        return (
            f"{len(expected)} mails leave as in Odoo 16; the {len(missing)} aliases named orders are said to be missing"
        )

    def check_domains(self, after: dict) -> None:
        """Compare the domains; one without a bounce name has another now, and the parameters are one more."""
        expected = {name: [*emails] for name, emails in self.before["domains"].items()}
        expected["bluemesa.example"][0] = "bounce-odoo@bluemesa.example"
        expected["global.example"] = [f"{name}@global.example" for name in ("undeliverable", "answers", "robot")]
        check("domains", expected, after["domains"])

    def sent(self, odoo: Odoo, db: str) -> dict:
        """Send from a record of each company; return envelope sender, From and Reply-To, by subject."""
        self.strict.store.mails.clear()
        self.step(odoo, "send", db)
        return {str(message["Subject"]): senders for message, senders in map(read_mail, self.strict.store.mails)}

    def step(self, odoo: Odoo, name: str, db: str):
        return odoo.step(name, db, self.strict.port)


def as_in_17(senders: list[str]) -> list[str]:
    """Return the addresses of a mail, with the bounce address that a domain without one gets."""
    envelope, _author, reply = senders
    return ["bounce-odoo@bluemesa.example" if reply.endswith("@bluemesa.example") else envelope, *senders[1:]]


def read_mail(mail):
    """Return a mail, and its addresses; in Odoo 16 one can have capitals, which mean nothing."""
    message = email.message_from_bytes(mail.data, policy=email.policy.default)
    headers = [message[name].addresses[0].addr_spec for name in ("From", "Reply-To")]
    return message, [address.lower() for address in (mail.mail_from, *headers)]


def check(what, before, after) -> None:
    """Fail where something is not what it was."""
    if before != after:
        raise Failure(f"{what} differ\nbefore: {json.dumps(before, indent=1)}\nafter: {json.dumps(after, indent=1)}")
