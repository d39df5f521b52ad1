from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...incoming.place import (
    BY_ADDRESS,
    BY_SERVER,
    UNKNOWN,
    Place,
    aliases_of_other_domains,
    find_place,
    is_answered,
    place_of_domain,
)
from ...incoming.reader import RECIPIENT_HEADERS
from ...rows import Company, Domain, Mailbox
from ...table import RoutingTable

A, B = 1, 2
FALLBACK = Domain(0, "old.example", bounce="bounce", catchall="catchall")


def table(**rows):
    rows = {
        "companies": [Company(A, domain_id=11), Company(B, domain_id=12)],
        "domains": [
            Domain(11, "a.example", A, catchall="catchall"),
            Domain(12, "b.example", B, catchall="catchall"),
            Domain(13, "all.example", catchall="catchall"),
        ],
        "fallback": FALLBACK,
        **rows,
    }
    return RoutingTable.build(**rows)


def place_of(*recipients, server=None, **rows):
    place = find_place(table(**rows), recipients, server)
    return (place.domain_id, place.company_id, place.rule, place.email)


@pytest.mark.parametrize("header", RECIPIENT_HEADERS)
def test_every_header_names_the_company(header):
    assert place_of((header, "x@b.example")) == (12, B, BY_ADDRESS, "x@b.example")


@pytest.mark.parametrize(("before", "after"), pairwise(RECIPIENT_HEADERS))
def test_the_headers_in_their_order(before, after):
    assert place_of((after, "x@b.example"), (before, "x@a.example"))[1] == A


def test_an_address_elsewhere_tells_nothing():
    assert place_of(("Delivered-To", "x@elsewhere.example"), ("To", "x@b.example"))[1] == B


def test_an_address_comes_before_the_server():
    assert place_of(("To", "x@b.example"), server=A)[1] == B


def test_the_server_where_no_address_tells():
    assert place_of(("To", "x@elsewhere.example"), server=B) == (12, B, BY_SERVER, "")


def test_a_shared_domain_leaves_the_company_to_the_server():
    assert place_of(("To", "x@all.example"), server=B)[:2] == (13, B)
    assert place_of(("To", "x@all.example"))[:2] == (13, None)


def test_the_domain_of_the_system_parameters_keeps_their_names():
    assert place_of(("To", "bounce@old.example"), server=B)[:2] == (None, B)


def test_a_shared_mailbox_tells_least():
    delivered, to = ("Delivered-To", "box@a.example"), ("To", "x@b.example")
    assert place_of(delivered, to, mailboxes=[Mailbox(1, "box@a.example")])[1] == B
    assert place_of(delivered, mailboxes=[Mailbox(1, "box@a.example")])[1] == A
    assert place_of(delivered, to, mailboxes=[Mailbox(1, "box@a.example", A)])[1] == A


def test_nothing_tells_the_company():
    assert place_of(("To", "x@elsewhere.example")) == (None, None, UNKNOWN, "")


def test_nothing_is_configured():
    assert find_place(table(domains=[], companies=[Company(A)]), [("To", "x@a.example")]) is None
    assert find_place(table(domains=[], companies=[Company(A)]), [("To", "x@a.example")], A) == Place(None, A)


def test_the_alias_of_another_domain_brings_its_company():
    place = Place(11, A, BY_ADDRESS, "To", "x@a.example")
    assert place_of_domain(place, None) is place
    assert place_of_domain(place, Domain(11, "a.example", A)) is place
    other = place_of_domain(place, Domain(12, "b.example", B))
    assert (other.domain_id, other.company_id) == (12, B)


@pytest.mark.parametrize(
    ("rows", "emails", "answered"),
    [
        ({}, ["catchall@b.example"], True),
        ({"companies": [Company(B, catchall_supported=False, domain_id=12)]}, ["catchall@b.example"], False),
        ({"mailboxes": [Mailbox(1, "Catchall@b.example", B)]}, ["catchall@b.example"], False),
        ({"mailboxes": [Mailbox(1, "catchall@b.example", B)]}, ["x@b.example", "catchall@b.example"], False),
        ({"mailboxes": [Mailbox(1, "box@b.example", B)]}, ["box@b.example", "catchall@b.example"], True),
    ],
)
def test_who_is_told_not_to_write_to_the_catchall(rows, emails, answered):
    assert is_answered(table(**rows), Place(12, B), emails) is answered


@pytest.mark.parametrize(
    ("emails", "hidden"),
    [
        (["info@a.example"], {2, 3}),
        (["INFO@b.example"], {1, 3}),
        (["info@all.example"], {1, 2}),
        (["info@elsewhere.example"], {1, 2}),
        (["info@a.example", "info@b.example"], {3}),
        (["info@a.example", "info@elsewhere.example"], {2}),
    ],
)
def test_aliases_of_other_domains_are_hidden(emails, hidden):
    aliases = [(1, "info", 11, None), (2, "info", 12, None), (3, "info", None, None)]
    assert aliases_of_other_domains(table(), emails, aliases) == hidden


@pytest.mark.parametrize(
    ("emails", "hidden"),
    [
        (["info@a.example"], set()),
        (["info@b.example"], {1}),
        (["info@all.example"], set()),
        (["info@elsewhere.example"], set()),
        (["info@b.example", "info@a.example"], set()),
    ],
)
def test_an_alias_of_a_company_answers_in_no_domain_of_another(emails, hidden):
    assert aliases_of_other_domains(table(), emails, [(1, "info", None, A)]) == hidden


NAMES = st.sampled_from(["info", "sales"])
EMAILS = st.builds("{}@{}".format, NAMES, st.sampled_from(["a.example", "b.example", "all.example", "x.example"]))


@given(
    st.lists(EMAILS, min_size=1),
    st.dictionaries(st.tuples(NAMES, st.sampled_from([None, 11, 12, 13])), st.sampled_from([None, A, B])),
)
def test_each_address_reaches_one_alias_at_most(emails, kinds):
    aliases = [(number, *kind, kinds[kind]) for number, kind in enumerate(sorted(kinds, key=str))]
    shown = {alias[0] for alias in aliases} - aliases_of_other_domains(table(), emails, aliases)
    assert len(shown) <= len(set(emails))
    for number, name, domain_id, _company_id in aliases:
        if number in shown and domain_id:
            assert f"{name}@{table().domains[domain_id].name}" in emails
