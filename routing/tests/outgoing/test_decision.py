"""The ladder as a whole, and what ends up on the message."""

import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ... import address
from ...outgoing.decision import Route, RoutingRequest, decide
from ...outgoing.wire import apply_route, drop_foreign, is_author_replaced
from ...rows import AUTO, KEEP, ON_BEHALF, USERNAME, Company, Domain, Mailbox, Server
from ...table import RoutingTable
from .. import strategies

OWN = "kevin@example.com"


def message(author):
    """Return a message as Odoo hands it to the mail server, with a bounce address of its own."""
    result = EmailMessage(policy=email.policy.SMTP)
    result["From"] = author
    result["Reply-To"] = author
    result["Return-Path"] = "bounce@odoo.example"
    result.set_content("body")
    return result


def test_an_untouched_table_is_idle():
    assert RoutingTable.build([Company(1)], [Server(1, "S"), Server(2, "S", KEEP)], [Mailbox(1, OWN)]).is_idle


def test_an_archived_server_does_not_wake_the_table():
    assert RoutingTable.build([Company(1)], [Server(1, "S", USERNAME, active=False)]).is_idle


def test_any_option_wakes_the_table():
    assert not RoutingTable.build([Company(1, restrict_username=True)]).is_idle
    assert not RoutingTable.build([Company(1, catchall_supported=False)]).is_idle
    assert not RoutingTable.build([Company(1)], [Server(1, "S", USERNAME)]).is_idle
    assert not RoutingTable.build([Company(1)], [Server(1, "S", ON_BEHALF)]).is_idle


def test_an_unknown_company_goes_odoos_way():
    route = decide(RoutingTable.build(), RoutingRequest(9, Server(None, "odoo.conf", login=OWN), "zhi@b.com"))
    assert (route.policy, route.envelope_from, route.reply_to) == (KEEP, None, None)


def test_every_rung_gives_its_reason():
    table = RoutingTable.build([Company(1, restrict_username=True)])
    route = decide(table, RoutingRequest(1, Server(1, "Exmail", login=OWN), "zhi@b.com"))
    assert [rule for rule, _reason in route.trace] == ["company", "author", "server", "policy", "reply_to"]
    assert all(reason for _rule, reason in route.trace)


@given(
    author=strategies.authors,
    policy=st.sampled_from([AUTO, ON_BEHALF, USERNAME]),
    catchall=st.booleans(),
)
def test_a_strict_server_sees_only_its_own_address(author, policy, catchall):
    company = Company(1, restrict_username=True, catchall_supported=catchall)
    server = Server(1, "Exmail", policy, login=OWN)
    table = RoutingTable.build([company], [server])
    route = decide(table, RoutingRequest(1, server, str(author), str(author)))
    sent = message(str(author))
    original = sent["From"]
    apply_route(route, sent, original)
    once = sent.as_bytes()
    apply_route(route, sent, original)

    assert sent.as_bytes() == once
    assert route.envelope_from == OWN
    assert sent["Return-Path"] == OWN
    [header_from] = address.parse(sent["From"])
    sender = address.parse(sent["Sender"])
    if policy == ON_BEHALF and header_from.email != OWN:
        assert header_from.email == author.email
        assert [entry.email for entry in sender] == [OWN]
    else:
        assert header_from.email == OWN
        assert not sender


def test_a_sender_that_was_there_before_goes():
    server = Server(1, "Exmail", USERNAME, login=OWN)
    sent = message("Zhi <zhi@b.com>")
    sent["Sender"] = "foreign@b.com"
    apply_route(
        decide(RoutingTable.build([], [server]), RoutingRequest(1, server, "Zhi <zhi@b.com>")), sent, sent["From"]
    )
    assert "Sender" not in sent


@pytest.mark.parametrize(("company_id", "stay"), [(1, False), (2, True)])
def test_headers_of_another_company_go(company_id, stay):
    """A program may set any header of a mail; core would take the Return-Path for the envelope."""
    sent = message("Zhi <zhi@a.com>")
    del sent["Return-Path"]
    sent["Return-Path"] = "someone@b.com"
    sent["Sender"] = '"Someone" <someone@B.com>'
    drop_foreign(RoutingTable.build(domains=[Domain(2, "b.com", 2)]), company_id, sent)
    assert ("Return-Path" in sent, "Sender" in sent) == (stay, stay)


@pytest.mark.parametrize(
    ("policy", "sent", "replaced"),
    [
        (KEEP, "Zhi <zhi@b.com>", False),
        (KEEP, "Zhi <office@b.com>", True),
        (USERNAME, "Zhi <office@b.com>", False),
        (KEEP, "no address", False),
    ],
)
def test_another_sender_in_the_authors_place_is_seen(policy, sent, replaced):
    assert is_author_replaced(Route(1, 1, policy), sent, '"Zhi" <ZHI@b.com>') == replaced


def test_a_message_without_return_path_gets_none():
    server = Server(1, "Exmail", USERNAME, login=OWN)
    sent = message("Zhi <zhi@b.com>")
    del sent["Return-Path"]
    apply_route(
        decide(RoutingTable.build([], [server]), RoutingRequest(1, server, "Zhi <zhi@b.com>")), sent, sent["From"]
    )
    assert "Return-Path" not in sent
