"""What is sent in a benchmark, and how both databases are set up for it."""

from dataclasses import dataclass

LOGIN = "mailer@bench.example"


@dataclass(frozen=True)
class Scenario:
    """Mails of ``authors`` in ``domains``, each domain with a server of its own.

    ``routed`` tells whether the addon is set up to choose servers, or installed and left alone. With ``incoming`` the
    authors write to Odoo, each to an alias.
    """

    name: str
    title: str
    mails: int
    authors: int = 1
    domains: int = 1
    tls: str = "none"
    routed: bool = True
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
    found = (
        Scenario("idle", "1 author, 1 server, nothing set", 200, routed=False),
        Scenario("one", "1 author, 1 server", 200),
        Scenario("many", f"{1000 // size} authors, 1 server, STARTTLS", 1000 // size, 1000 // size, tls="starttls"),
        Scenario("wide", f"{1000 // size} authors, {500 // size} servers", 1000 // size, 1000 // size, 500 // size),
        Scenario("incoming", f"{200 // size} mails coming in", 200 // size, 20, 20, incoming=True),
    )
    return {scenario.name: scenario for scenario in found}
