"""What the routing table answers, each question by itself."""

import pytest

from ..rows import KEEP, ON_BEHALF, USERNAME, Company, Domain, Identity, Mailbox, Server
from ..table import RoutingTable

A, B, C = 1, 2, 3
DOMAINS = [
    Domain(1, "a.com", A, bounce="bounce", catchall="all", default_from="office"),
    Domain(2, "b.com", B, default_from="shop@shared.com"),
    Domain(3, "shared.com", catchall="reply"),
]
COMPANIES = [Company(A, domain_id=1), Company(B, domain_id=2), Company(C)]
BOXES = [
    Mailbox(1, "shared@box.com"),
    Mailbox(2, "first@box.com", A, sub_address=True),
    Mailbox(3, "second@box.com", A),
    Mailbox(4, "b@box.com", B),
]
FALLBACK = Domain(0, "main.com", catchall="catchall", default_from="odoo")


def table(**rows):
    return RoutingTable.build(**{"companies": COMPANIES, "domains": DOMAINS, "mailboxes": BOXES, **rows})


@pytest.mark.parametrize(
    ("rows", "is_idle"),
    [
        ({}, True),
        ({"companies": [Company(A), Company(B, reply_to_prefix="info")]}, True),
        ({"companies": [Company(A), Company(B, from_by_company=True)]}, False),
        ({"servers": [Server(1, "S"), Server(2, "S", KEEP)]}, True),
        ({"servers": [Server(1, "S"), Server(2, "S", ON_BEHALF)]}, False),
        ({"servers": [Server(1, "S", company_id=A)]}, False),
        ({"servers": [Server(1, "S", has_refused=True)]}, False),
        ({"servers": [Server(1, "S", USERNAME, company_id=A, active=False)]}, True),
        ({"domains": DOMAINS[2:]}, False),
        ({"mailboxes": BOXES[:1]}, True),
        ({"mailboxes": BOXES[:2]}, False),
        ({"identities": [Identity(7, A, "kevin@a.com")]}, True),
    ],
)
def test_a_table_is_idle_where_no_row_asks_for_anything(rows, is_idle):
    assert RoutingTable.build(**rows).is_idle is is_idle


@pytest.mark.parametrize(
    ("rows", "chooses"),
    [
        ({"servers": [Server(1, "S")], "companies": [Company(A)]}, False),
        ({"servers": [Server(1, "S", company_id=A)]}, True),
        ({"servers": [Server(1, "S", company_id=A, active=False)]}, False),
        ({"companies": [Company(A), Company(B, server_by_alias_domain=True)]}, True),
        ({"companies": [Company(A), Company(B, server_by_reply_to=True)]}, True),
    ],
)
def test_who_chooses_the_server(rows, chooses):
    assert RoutingTable.build(**rows).chooses_servers is chooses


def test_a_mail_is_routed_where_its_company_or_its_server_asks_for_something():
    assert table().is_routed(A, Server(1, "S"))
    assert table().is_routed(C, Server(1, "S", USERNAME))
    assert not table().is_routed(C, Server(1, "S"))
    assert not table().is_routed(99, Server(1, "S"))


def test_servers_in_odoos_order():
    """The first of several with one filter; an archived one has no part in it, and that of odoo.conf no record."""
    servers = [
        Server(1, "S", company_id=A, active=False),
        Server(2, "S", company_id=A, from_filter="a.com"),
        Server(3, "S", company_id=A, from_filter="a.com"),
        Server(4, "S", from_filter="a.com"),
        Server(None, "odoo.conf"),
    ]
    found = table(servers=servers)
    assert [server.id for server in found.servers_by_company[A]] == [2, 3]
    assert [server.id for server in found.servers_by_company[None]] == [4, None]
    assert found.servers_by_filter[A, "a.com"].id == 2
    assert found.servers_by_filter[None, "a.com"].id == 4
    assert [server.id for server in found.records] == [2, 3, 4]
    assert found.records_by_filter["a.com"].id == 2
    assert found.servers[1].id == 1


@pytest.mark.parametrize(
    ("email", "company_id", "own", "foreign"),
    [
        ("kevin@a.com", A, 1, False),
        ("kevin@A.com", A, 1, False),
        ("kevin@a.com", B, None, True),
        ("kevin@shared.com", A, 3, False),
        ("kevin@shared.com", C, 3, False),
        ("kevin@elsewhere.com", A, None, False),
        ("", A, None, False),
        (None, A, None, False),
    ],
)
def test_whose_domain_an_address_is_in(email, company_id, own, foreign):
    domain = table().own_domain_of(email, company_id)
    assert (domain and domain.id) == own
    assert table().is_foreign(email, company_id) is foreign


def test_a_header_with_one_address_of_another_company():
    assert table().has_foreign("Kevin <kevin@a.com>, Li <li@b.com>", A)
    assert not table().has_foreign("Kevin <kevin@a.com>, Li <li@c.com>", A)


@pytest.mark.parametrize(
    ("company_id", "fallback", "expected"),
    [
        (A, FALLBACK, "office@a.com"),
        (B, FALLBACK, "shop@shared.com"),
        (C, FALLBACK, "odoo@main.com"),
        (C, None, ""),
        (C, Domain(0, "main.com"), ""),
        (C, Domain(0, "main.com", default_from="no address@"), ""),
        (C, Domain(0, "a.com", default_from="odoo"), ""),
        (99, FALLBACK, "odoo@main.com"),
    ],
)
def test_the_address_in_place_of_an_author(company_id, fallback, expected):
    """Never one of another company, whose domain the system parameters may name."""
    assert table(fallback=fallback).default_from(company_id) == expected


@pytest.mark.parametrize(
    ("company_id", "fallback", "expected"),
    [(A, FALLBACK, 1), (A, None, 1), (C, FALLBACK, None), (C, Domain(0, "a.com"), 0), (C, None, None)],
)
def test_the_domain_behind_the_system_parameters(company_id, fallback, expected):
    assert table(fallback=fallback).parameter_domain_id(company_id) == expected


def test_an_identity_is_taken_by_others():
    identities = [Identity(7, A, "Kevin@a.com"), Identity(8, B, "kevin@A.com"), Identity(7, A, "second@a.com")]
    found = table(identities=identities)
    assert found.is_taken("KEVIN@a.com", 9)
    assert not found.is_taken("kevin@a.com", 7) and not found.is_taken("kevin@a.com", 8)
    assert not found.is_taken("nobody@a.com", 9)
    assert found.user_ids == {7, 8}
    assert [row.email for row in found.identities[7, A]] == ["Kevin@a.com", "second@a.com"]


@pytest.mark.parametrize(
    ("paired", "company_id", "email"),
    [
        (None, A, "first@box.com"),
        (3, A, "second@box.com"),
        (1, A, "shared@box.com"),
        (4, A, "first@box.com"),
        (None, B, "b@box.com"),
        (None, C, "shared@box.com"),
        (None, None, "shared@box.com"),
        (2, None, "shared@box.com"),
    ],
)
def test_the_mailbox_for_answers(paired, company_id, email):
    assert table().mailbox(Server(1, "S", mailbox_id=paired), company_id) == email


def test_no_mailbox_at_all():
    assert table(mailboxes=[]).mailbox(Server(1, "S"), A) is None
    assert table(mailboxes=BOXES[3:]).mailbox(Server(1, "S"), A) is None


def test_which_addresses_come_back():
    assert table().comes_back("Second@box.com", A) and table().comes_back("shared@box.com", A)
    assert not table().comes_back("b@box.com", A) and not table().comes_back("second@box.com", None)


def test_who_gets_tokens():
    assert table().takes_token("first@box.com", A) and table().has_sub_addresses("first@box.com")
    assert not table().takes_token("second@box.com", A) and not table().has_sub_addresses("second@box.com")
    assert not table().takes_token("first@box.com", B)
    assert table().makes_tokens and not table(mailboxes=BOXES[2:]).makes_tokens


@pytest.mark.parametrize(
    ("box", "company_id"),
    [
        (Mailbox(1, "in@b.com", A), B),
        (Mailbox(1, "in@shared.com", A), A),
        (Mailbox(1, "in@box.com", A), A),
        (Mailbox(1, "in@box.com"), None),
    ],
)
def test_whose_mails_come_to_a_mailbox(box, company_id):
    assert table().company_of_mailbox(box) == company_id


def test_a_catchall():
    found = table(fallback=FALLBACK)
    for email, expected in (
        ("all@a.com", True),
        ("ALL@a.com", True),
        ("office@a.com", False),
        ("catchall@main.com", True),
        ("all@main.com", False),
        ("@b.com", False),
        ("", False),
    ):
        assert found.is_catchall(email) is expected, email
    assert not table().is_catchall("catchall@main.com")


@pytest.mark.parametrize(
    ("row", "sender"),
    [
        (Server(1, "S"), None),
        (Server(1, "S", login="kevin"), None),
        (Server(1, "S", login="kevin@a.com"), "kevin@a.com"),
        (Server(1, "S", login="kevin@a.com", sender_address="office@a.com"), "office@a.com"),
        (Server(1, "S", login="kevin", sender_address="office@a.com"), "office@a.com"),
    ],
)
def test_the_sender_of_a_server(row, sender):
    assert row.sender == sender


def test_a_server_lacks_a_sender_where_somebody_asks_for_one():
    named = Server(1, "S", login="kevin", company_id=A)
    assert named.lacks_sender([A, B]) and not named.lacks_sender([B]) and not named.lacks_sender([])
    assert not Server(1, "S").lacks_sender([A])
    assert not Server(1, "S", login="kevin@a.com").lacks_sender([A])
    assert not Server(1, "S", sender_address="kevin@a.com").is_anonymous
    assert Server(1, "S").serves(A) and named.serves(A) and not named.serves(B)


def test_the_addresses_of_a_domain():
    assert DOMAINS[0].email("bounce") == "bounce@a.com" and DOMAINS[0].email("") == ""
    assert Domain(1, "a.com", default_from="Info@B.com").default_email == "Info@b.com"
    assert Domain(1, "a.com", default_from="a b@c").default_email == "a b@c"
    assert Domain(1, "a.com").default_email == ""
