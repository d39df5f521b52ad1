"""The mails of a benchmark, and how both databases are set up for them."""

from dataclasses import dataclass

LOGIN = "mailer@bench.example"
NOTHING, RESTRICTED, ROUTED = "nothing", "restricted", "routed"
# Seconds of a round trip to a provider in another town.
FAR = 0.02


@dataclass(frozen=True)
class Scenario:
    """Mails of ``authors`` in ``domains``, the first domains with a server of their own.

    ``set_up`` says what the addon has to do: NOTHING, it is installed and left alone; RESTRICTED, one box is ticked;
    ROUTED, a company owns the servers. With ``incoming`` the authors write to Odoo, each to an alias.

    :param servers: how many mail servers there are, one for each domain unless told
    :param companies: each with as many of the domains, and one of the servers; 0: all are of the main company
    :param delay: seconds that each round trip to a mail server takes
    :param pipelining: the servers announce it, as Postfix, Exchange, Gmail and Exmail do
    :param queued: the mails are committed, as the queue finds them, and the transaction is after each of them
    :param silent: one server accepts connections and says nothing; the addon is compared with itself
    :param workers: so many of them take jobs of OCA's queue_job; the addon is compared with itself in one process
    :param least: rounds there are in any case; one where it is about the size, and takes long
    """

    name: str
    title: str
    mails: int
    authors: int = 1
    domains: int = 1
    tls: str = "none"
    set_up: str = ROUTED
    incoming: bool = False
    servers: int = 0
    companies: int = 0
    delay: float = 0
    pipelining: bool = True
    queued: bool = False
    silent: bool = False
    workers: int = 0
    least: int = 2

    def domain(self, number: int) -> str:
        """Return the domain of an author or server."""
        return f"company{number % self.domains}.example"

    def author(self, number: int) -> tuple[str, str]:
        """Return name and address of the author of a mail."""
        number %= self.authors
        return f"Author {number}", f"author{number}@{self.domain(number)}"

    @property
    def server_count(self) -> int:
        """How many mail servers there are."""
        return self.servers or self.domains


def scenarios(quick: bool) -> dict[str, Scenario]:
    """Return the scenarios by name; quick ones with many authors are a tenth as large."""
    size = 10 if quick else 1
    found = (*_near(size), *_far(size), *_large(size))
    return {scenario.name: scenario for scenario in found}


def _near(size: int) -> tuple[Scenario, ...]:
    """Return those with a server next door, where only computing takes time."""
    authors, servers = 1000 // size, 500 // size
    half, mails = authors // 2, 200
    box = {"set_up": RESTRICTED}
    return (
        Scenario("idle", "1 author, 1 server, nothing set", mails, set_up=NOTHING),
        Scenario("one", "1 author, 1 server of the company", mails),
        Scenario("box", "1 author, only Restrict Username", mails, **box),
        Scenario("queue", "the same, from the queue", mails, queued=True, **box),
        Scenario("half", f"{half} authors, only Restrict Username, STARTTLS", half, half, tls="starttls", **box),
        Scenario(
            "plain", f"{half} authors, the same, no pipelining", half, half, tls="starttls", pipelining=False, **box
        ),
        Scenario("common", f"{authors} authors, the same as with {half}", authors, authors, tls="starttls", **box),
        Scenario("many", f"{authors} authors, 1 server of the company, STARTTLS", authors, authors, tls="starttls"),
        Scenario("wide", f"{authors} authors, {servers} servers of the company", authors, authors, servers),
        Scenario("shared", f"{authors} authors, {servers} servers without a company", authors, authors, servers, **box),
        Scenario("incoming", f"{200 // size} mails coming in", 200 // size, 20, 20, incoming=True),
    )


def _far(size: int) -> tuple[Scenario, ...]:
    """Return those where each round trip takes a while: connect, TLS, EHLO, AUTH, MAIL, and so on to QUIT."""
    authors = 1000 // size
    box = {"set_up": RESTRICTED, "delay": FAR}
    queued = {"queued": True, "delay": FAR}
    return (
        Scenario("pipe", "1 author, 20 ms a round trip, pipelining", 100, **box),
        Scenario("far", f"{authors} authors, STARTTLS, 20 ms a round trip", authors, authors, tls="starttls", **box),
        Scenario("silent", "20 servers, one silent: mails of the other 19", 400, 20, 20, silent=True),
        Scenario("jobs", "20 servers, 20 ms a round trip, queue_job with 4 workers", 400, 20, 20, workers=4, **queued),
    )


def _large(size: int) -> tuple[Scenario, ...]:
    """Return the one for its size."""
    mails, companies, domains = 10_000 // size, 1000 // size, 5000 // size
    title = f"{mails} mails, {companies} companies, {domains} domains, 20 servers"
    return (Scenario("large", title, mails, domains, domains, companies=companies, servers=20, least=1),)
