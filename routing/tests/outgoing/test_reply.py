"""Rung 5: replies without a catch-all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ... import address
from ...outgoing.decision import RoutingRequest, decide
from ...rows import Company, Domain, Mailbox, Server
from ...table import RoutingTable
from .. import strategies

CATCHALL = "catchall@a.com"
PAIRED, OWN, SHARED, FOREIGN = (
    Mailbox(1, "paired@a.com"),
    Mailbox(2, "own@a.com", 1),
    Mailbox(3, "shared@a.com"),
    Mailbox(4, "foreign@b.com", 2),
)
NO_CATCHALL = Company(1, catchall_supported=False)


def reply_to(mailboxes=(), paired=None, company=NO_CATCHALL, **values):
    """Return the Reply-To that is chosen for a mail of company 1, whose catch-all is switched off."""
    server = Server(1, "Exmail", login="kevin@a.com", mailbox_id=paired and paired.id)
    values = {"author": '"Zhi" <zhi@a.com>', "reply_to": CATCHALL, "catchall_only": frozenset({CATCHALL}), **values}
    table = RoutingTable.build([company], [server], mailboxes)
    return decide(table, RoutingRequest(1, server, **values)).reply_to


@pytest.mark.parametrize(
    ("mailboxes", "paired", "expected"),
    [
        ([SHARED, OWN, PAIRED], PAIRED, "paired@a.com"),
        ([SHARED, OWN, PAIRED], None, "own@a.com"),
        ([SHARED, FOREIGN], None, "shared@a.com"),
        ([FOREIGN], None, "zhi@a.com"),
        ([FOREIGN], FOREIGN, "zhi@a.com"),
        ([], None, "zhi@a.com"),
    ],
)
def test_paired_then_own_then_shared_then_author(mailboxes, paired, expected):
    assert reply_to(mailboxes, paired) == expected


def test_with_a_catch_all_nothing_changes():
    assert reply_to([OWN], company=Company(1)) is None


@pytest.mark.parametrize("chosen", ["Sales <sales@a.com>", "sales@elsewhere.org", "OWN@a.com"])
def test_a_reply_to_set_on_purpose_or_fetched_stays(chosen):
    assert reply_to([OWN], reply_to=chosen) is None


def test_the_author_stays_only_where_it_was_chosen():
    assert reply_to([OWN], reply_to="zhi@a.com") == "own@a.com"
    assert reply_to([OWN], reply_to="zhi@a.com", reply_to_force_new=True) is None


def test_the_catchall_never_stays_even_if_chosen():
    assert reply_to([OWN], reply_to_force_new=True) == "own@a.com"


def test_only_the_lost_one_of_several_is_replaced():
    assert reply_to([OWN], reply_to=f"{CATCHALL}, sales@a.com") == "sales@a.com, own@a.com"


SUB = Mailbox(5, "box@a.com", 1, sub_address=True)
TOKEN = "abcdefghijklmnopqrst"


@pytest.mark.parametrize(
    ("mailboxes", "values", "expected"),
    [
        ([SUB], {"token": TOKEN}, f"box+{TOKEN}@a.com"),
        ([SUB], {"token": TOKEN, "reply_to": "Sales <Box@a.com>"}, f'"Sales" <Box+{TOKEN}@a.com>'),
        ([SUB], {}, "box@a.com"),
        ([OWN], {"token": TOKEN}, "own@a.com"),
        ([SUB], {"token": TOKEN, "reply_to": "sales@a.com"}, None),
        ([SUB], {"token": TOKEN, "reply_to": "box+sales@a.com"}, None),
        ([replace(SUB, company_id=2)], {"token": TOKEN, "reply_to": "box@a.com", "reply_to_force_new": True}, None),
        ([replace(SUB, email=f"{'b' * 50}@a.com")], {"token": TOKEN}, f"{'b' * 50}@a.com"),
    ],
)
def test_a_mailbox_with_sub_addresses_gets_the_token(mailboxes, values, expected):
    assert reply_to(mailboxes, **values) == expected


def test_a_catchall_gets_no_token():
    """With a catch-all, all mail that arrives there is a reply anyway."""
    box = Mailbox(5, CATCHALL, 1, sub_address=True)
    table = RoutingTable.build([Company(1)], [Server(1, "S")], [box], fallback=Domain(0, "a.com", catchall="catchall"))
    assert decide(table, RoutingRequest(1, author="zhi@a.com", reply_to=CATCHALL, token=TOKEN)).reply_to is None


def test_sub_addresses_alone_are_something_to_do():
    assert not RoutingTable.build([Company(1)], mailboxes=[SUB]).is_idle
    assert RoutingTable.build([Company(1)], mailboxes=[OWN]).is_idle


def test_the_name_stays_where_it_fits():
    assert reply_to([OWN], reply_to=f"My Company SO1 <{CATCHALL}>") == '"My Company SO1" <own@a.com>'
    assert reply_to([OWN], reply_to=f"{'A' * 60} <{CATCHALL}>") == "own@a.com"


def test_without_any_author_replies_go_to_the_server_itself():
    assert reply_to(author="") == "kevin@a.com"


def test_a_missing_reply_to_is_set():
    assert reply_to([OWN], reply_to="") == "own@a.com"


@given(st.lists(strategies.emails, max_size=3), st.booleans(), st.lists(st.sampled_from([OWN, SHARED, FOREIGN])))
def test_the_catchall_is_never_asked_for(others, force_new, mailboxes):
    header = ", ".join([*others, CATCHALL])
    chosen = reply_to(mailboxes, reply_to=header, reply_to_force_new=force_new)
    assert CATCHALL not in [reply.email for reply in address.parse(chosen)]
    assert FOREIGN.email not in [reply.email for reply in address.parse(chosen)]


def test_an_author_moved_to_the_domain_does_not_depend_on_the_mails_decided_with_it():
    """Info@b.com is another mail's Reply-To; whether that is a mailbox says nothing about this mail's author."""
    company = replace(NO_CATCHALL, from_by_company=True, domain_id=1)
    domain = Domain(1, "b.com", 1, catchall="catchall")
    table = RoutingTable.build([company], [Server(1, "Exmail", login="kevin@b.com")], domains=[domain])
    mail = RoutingRequest(1, table.servers[1], author="info@gmail.com", user_id=5, reply_to="")
    alone = decide(table, mail)
    assert alone.reply_to == "info@b.com"
    assert decide(table, replace(mail, catchall_only=frozenset({"info@b.com"}))) == alone
