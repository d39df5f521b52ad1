"""Measures the pure decision, without a database: how long ``decide()`` takes for one mail."""

import time

from routing.outgoing.decision import RoutingRequest, decide
from routing.rows import Company, Domain, Identity, Server
from routing.table import RoutingTable

DOMAINS_EACH = 5
MAILS = 2000


def table_of(size: int) -> RoutingTable:
    """Return a table of companies with five domains, a server and a user with an identity each, all options on."""
    numbers = range(1, size + 1)
    return RoutingTable.build(
        companies=[company(number) for number in numbers],
        servers=[
            Server(number, f"S{number}", "keep", f"box@d{number}.example", company_id=number) for number in numbers
        ],
        domains=[
            Domain(10 * number + n, domain_name(number, n), number, bounce="bounce", catchall="catchall")
            for number in numbers
            for n in range(DOMAINS_EACH)
        ],
        identities=[Identity(number, number, f"user@{domain_name(number, 0)}") for number in numbers],
    )


def company(number: int) -> Company:
    """Return a company that uses all of the ladder."""
    return Company(
        number,
        from_by_company=True,
        reply_to_by_company=True,
        reply_to_prefix="info",
        server_by_alias_domain=True,
        server_by_reply_to=True,
        domain_id=10 * number,
    )


def domain_name(company_number: int, number: int) -> str:
    """Return the name of one of a company's domains."""
    return f"c{company_number}d{number}.example"


def mails_of(size: int, start: int) -> list[RoutingRequest]:
    """Return mails of all companies, of as many authors, none of whom was seen before."""
    found = []
    for number in range(start, start + MAILS):
        company_id = number % size + 1
        author = f'"Author {number}" <author{number}@{domain_name(company_id, number % DOMAINS_EACH)}>'
        found.append(RoutingRequest(company_id, author=author, reply_to=author, user_id=company_id))
    return found


def microseconds(table: RoutingTable, mails: list[RoutingRequest]) -> float:
    """Return the time of one decision."""
    start = time.perf_counter()
    for mail in mails:
        decide(table, mail)
    return (time.perf_counter() - start) / len(mails) * 1e6


def in_turns(sizes: tuple[int, ...], rounds: int) -> dict[int, list[float]]:
    """Return the time of one decision by number of companies, once a round."""
    tables = {size: table_of(size) for size in sizes}
    taken = {size: [] for size in sizes}
    for number in range(rounds):
        for turn, (size, table) in enumerate(tables.items()):
            mails = mails_of(size, (number * len(sizes) + turn) * MAILS)
            taken[size].append(microseconds(table, mails))
    return taken
