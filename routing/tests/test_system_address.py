import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rows import Company, Domain, Mailbox
from ..system_address import ALIAS, BOUNCE, CATCHALL, MAILBOX, PREFIX, SystemAddress, alias_names, find_system_address
from ..table import RoutingTable
from ..token import make_token
from .strategies import emails

A, B, C = 1, 2, 3
ALIASES = frozenset({("desk", None), ("sales", 12)})
TOKEN = make_token(7, "0" * 64)


def table(**rows):
    rows = {
        "companies": [
            Company(A, domain_id=11, reply_to_prefix="service"),
            Company(B, domain_id=12, reply_to_by_company=True, reply_to_prefix="Service"),
            Company(C),
        ],
        "domains": [
            Domain(11, "a.example", A, bounce="bounce", catchall="Catchall", default_from="office"),
            Domain(12, "b.example", B, bounce="returned", catchall="catchall"),
            Domain(13, "all.example", catchall="catchall"),
        ],
        "mailboxes": [
            Mailbox(21, "box@a.example", A),
            Mailbox(22, "Kevin@b.example", sub_address=True),
            Mailbox(23, "sales@b.example", B),
            Mailbox(24, "box@gmail.example"),
            Mailbox(25, "group@gmail.example", A),
            Mailbox(26, "group@gmail.example", B),
        ],
        "fallback": Domain(0, "old.example", bounce="bounce", catchall="catchall"),
        **rows,
    }
    return RoutingTable.build(**rows)


@pytest.mark.parametrize(
    ("email", "kind", "owners"),
    [
        ("catchall@a.example", CATCHALL, {A}),
        ("CATCHALL@a.example", CATCHALL, {A}),
        ("catchall@all.example", CATCHALL, set()),
        ("bounce@a.example", BOUNCE, {A}),
        ("returned@b.example", BOUNCE, {B}),
        ("service@b.example", PREFIX, {B}),
        ("service@all.example", PREFIX, {B}),
        ("desk@a.example", ALIAS, {A}),
        ("Desk@b.example", ALIAS, {B}),
        ("sales@b.example", ALIAS, {B}),
        ("catchall@old.example", CATCHALL, {C}),
        ("desk@old.example", ALIAS, {C}),
        ("box@a.example", MAILBOX, {A}),
        ("kevin@b.example", MAILBOX, {B}),
        ("kevin+anything@b.example", MAILBOX, {B}),
        (f"box+{TOKEN}@a.example", MAILBOX, {A}),
        (f"desk+{TOKEN}@b.example", ALIAS, {B}),
        ("box@gmail.example", MAILBOX, set()),
        ("group@gmail.example", MAILBOX, {A, B}),
    ],
)
def test_addresses_of_ours(email, kind, owners):
    assert find_system_address(table(), email, ALIASES)[:2] == (kind, owners)


@pytest.mark.parametrize(
    "email",
    [
        "bounce@b.example",
        "service@a.example",
        "service@old.example",
        "sales@a.example",
        "sales@old.example",
        "office@a.example",
        "desk@elsewhere.example",
        "catchall@elsewhere.example",
        "box+anything@a.example",
        "desk+anything@a.example",
        "gmail.example",
        "",
    ],
)
def test_addresses_of_others(email):
    assert find_system_address(table(), email, ALIASES) is None


def test_mails_come_from_a_mailbox_that_is_also_an_alias():
    assert find_system_address(table(), "sales@b.example", ALIASES).is_mailbox
    assert find_system_address(table(), "kevin@b.example").is_mailbox
    assert not find_system_address(table(), "kevin+anything@b.example").is_mailbox
    assert not find_system_address(table(), "desk@b.example", ALIASES).is_mailbox


def test_whose_an_address_is():
    assert SystemAddress(ALIAS, frozenset({A})).belongs_to(A)
    assert not SystemAddress(ALIAS, frozenset({A})).belongs_to(B)
    assert SystemAddress(ALIAS, frozenset()).belongs_to(B)


def test_the_parameters_belong_to_all_where_every_company_has_a_domain():
    companies = [Company(A, domain_id=11), Company(B, domain_id=12)]
    assert find_system_address(table(companies=companies), "catchall@old.example").belongs_to(B)


def test_aliases_are_asked_for_in_domains_of_ours_only():
    asked = ["Desk@a.example", f"x+{TOKEN}@old.example", "zy@elsewhere.example", "kevin+7@b.example", ""]
    assert alias_names(table(), asked) == {"desk", "x", "kevin"}


@given(st.lists(emails), emails)
def test_an_empty_table_owns_nothing(asked, email):
    assert alias_names(RoutingTable.build(), asked) == frozenset()
    assert find_system_address(RoutingTable.build(), email, ALIASES) is None
