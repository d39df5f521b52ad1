"""What is sent in a benchmark, and how both databases are set up for it."""

from dataclasses import dataclass

LOGIN = "mailer@bench.example"
NOTHING, RESTRICTED, ROUTED = "nothing", "restricted", "routed"


@dataclass(frozen=True)
class Scenario:
    """Mails of ``authors`` in ``domains``, each domain with a server of its own.

    ``set_up`` says what the addon has to do: NOTHING, it is installed and left alone; RESTRICTED, one box is ticked;
    ROUTED, a company owns the servers. With ``incoming`` the authors write to Odoo, each to an alias.
    """

    name: str
    title: str
    mails: int
    authors: int = 1
    domains: int = 1
    tls: str = "none"
    set_up: str = ROUTED
    incoming: bool = False

    def domain(self, number: int) -> str:
        """Return the domain of an author or server."""
        return f"company{number % self.domains}.example"

    def author(self, number: int) -> tuple[str, str]:
        """Return name and address of the author of a mail."""
        number %= self.authors
        return f"Author {number}", f"author{number}@{self.domain(number)}"


def scenarios(quick: bool) -> dict[str, Scenario]:
    """Return the scenarios by name; of quick ones those of many authors are a tenth as large."""
    size = 10 if quick else 1
    authors, servers = 1000 // size, 500 // size
    half = authors // 2
    box = {"set_up": RESTRICTED}
    found = (
        Scenario("idle", "1 author, 1 server, nothing set", 200, set_up=NOTHING),
        Scenario("one", "1 author, 1 server of the company", 200),
        Scenario("box", "1 author, only Restrict Username", 200, **box),
        Scenario("half", f"{half} authors, only Restrict Username, STARTTLS", half, half, tls="starttls", **box),
        Scenario("common", f"{authors} authors, the same", authors, authors, tls="starttls", **box),
        Scenario("many", f"{authors} authors, 1 server of the company, STARTTLS", authors, authors, tls="starttls"),
        Scenario("wide", f"{authors} authors, {servers} servers of the company", authors, authors, servers),
        Scenario("shared", f"{authors} authors, {servers} servers without a company", authors, authors, servers, **box),
        Scenario("incoming", f"{200 // size} mails coming in", 200 // size, 20, 20, incoming=True),
    )
    return {scenario.name: scenario for scenario in found}
