"""Rung 4: sender policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ... import address
from ...outgoing.policy import apply_policy, as_sender, choose_policy
from ...rows import AUTO, KEEP, ON_BEHALF, USERNAME, Company, Server
from .. import strategies

OWN = "kevin@example.com"


def server(policy=AUTO, login=OWN, **values):
    return Server(id=1, name="Exmail", policy=policy, login=login, **values)


@pytest.mark.parametrize(
    ("policy", "restricted", "login", "expected"),
    [
        (AUTO, False, OWN, KEEP),
        (AUTO, True, OWN, USERNAME),
        (AUTO, True, "", KEEP),
        (KEEP, True, OWN, KEEP),
        (ON_BEHALF, False, OWN, ON_BEHALF),
        (USERNAME, False, OWN, USERNAME),
    ],
)
def test_the_server_decides_and_auto_follows_the_company(policy, restricted, login, expected):
    chosen, reason = choose_policy(server(policy, login), Company(1, restrict_username=restricted))
    assert chosen == expected
    assert reason


@pytest.mark.parametrize(
    ("author", "header_from"),
    [
        ('"Chen, Zhi" <zhi@b.com>', f'"Chen, Zhi" <{OWN}>'),
        ("陈志 <zhi@b.com>", f'"陈志" <{OWN}>'),
        ('"A" <a@b.com>, "B" <b@b.com>', f'"A" <{OWN}>'),
        ("zhi@b.com", f'"zhi" <{OWN}>'),
        ('"zhi@b.com" <zhi@b.com>', f'"zhi" <{OWN}>'),
        ('"Zhi (zhi@b.com)" <zhi@b.com>', f'"Zhi" <{OWN}>'),
        ("Warehouse", f'"Warehouse" <{OWN}>'),
        (OWN, OWN),
        ("", OWN),
    ],
)
def test_username_writes_the_authors_name_before_the_username(author, header_from):
    route = apply_policy(USERNAME, server(), author)
    assert route == {"header_from": header_from, "sender": "", "envelope_from": OWN, "return_path": OWN}


@pytest.mark.parametrize(
    ("author", "header_from", "sender"),
    [
        ('"Zhi" <zhi@b.com>', None, OWN),
        ('"A" <a@b.com>, "B" <b@b.com>', None, OWN),
        (f'"Kevin" <{OWN}>', None, ""),
        (f'"A" <a@b.com>, "Kevin" <{OWN}>', None, OWN),
        ("Warehouse", f'"Warehouse" <{OWN}>', ""),
        ("", OWN, ""),
    ],
)
def test_on_behalf_leaves_from_and_names_the_sender(author, header_from, sender):
    route = apply_policy(ON_BEHALF, server(), author)
    assert route.get("header_from") == header_from
    assert route["sender"] == sender
    assert route["envelope_from"] == route["return_path"] == OWN


def test_keep_changes_nothing():
    assert apply_policy(KEEP, server(), '"Zhi" <zhi@b.com>') == {}


@pytest.mark.parametrize("login", ["kevin", "", "kevin@a.com\nBcc: x@y.com", "a@b@c.com"])
def test_a_login_that_is_no_address_needs_a_sender_address(login):
    assert apply_policy(USERNAME, server(login=login), "zhi@b.com") == {"failure": "unknown_sender"}
    route = apply_policy(USERNAME, server(login=login, sender_address=OWN), "zhi@b.com")
    assert route["envelope_from"] == OWN


def test_an_idn_login_goes_out_in_ascii():
    route = apply_policy(USERNAME, server(login="kevin@例子.cn"), "Zhi <zhi@b.com>")
    assert route["header_from"] == '"Zhi" <kevin@xn--fsqu00a.cn>'


@given(st.one_of(st.text(max_size=80), strategies.authors.map(str)))
def test_whoever_the_author_is_only_the_username_is_the_sender(author):
    [sender] = address.parse(as_sender(author, OWN))
    assert sender.email == OWN
    assert "@" not in sender.name
