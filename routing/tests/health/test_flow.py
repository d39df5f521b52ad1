"""The page says how a usual mail leaves, and where answers come in."""

import pytest

from ...health.flow import usual_flow
from ...rows import USERNAME, Company, Domain, Mailbox, Server
from ...table import RoutingTable

A = 1
CONFIG = Server(None, "odoo.conf")
DOMAIN = Domain(1, "a.example", A, bounce="bounce", catchall="catchall")
SERVER = Server(1, "SMTP A", login="box@a.example", company_id=A)
BOX = Mailbox(1, "box@a.example", A)
FALLBACK = Domain(0, "old.example", bounce="bounce", catchall="catchall")


def flow(company=None, author="", **rows):
    rows = {"domains": (DOMAIN,), "servers": (SERVER,), "mailboxes": (BOX,), **rows}
    table = RoutingTable.build(companies=(Company(A, **{"domain_id": 1, **(company or {})}),), **rows)
    return usual_flow(table, A, CONFIG, author)


@pytest.mark.parametrize(
    ("company", "rows", "reply", "bounce"),
    [
        pytest.param({}, {}, "catchall@a.example", "bounce@a.example", id="a domain"),
        pytest.param(
            {"reply_to_by_company": True, "reply_to_prefix": "info"},
            {},
            "info@a.example",
            "bounce@a.example",
            id="info",
        ),
        pytest.param({"catchall_supported": False}, {}, "box@a.example", "bounce@a.example", id="Catch All off"),
        pytest.param(
            {"restrict_username": True}, {}, "catchall@a.example", "box@a.example", id="only its own username"
        ),
        pytest.param(
            {"domain_id": None},
            {"domains": (), "fallback": FALLBACK},
            "catchall@old.example",
            "bounce@old.example",
            id="system parameters",
        ),
        pytest.param({"domain_id": None}, {"domains": (), "servers": (), "mailboxes": ()}, "", "", id="nothing set"),
        pytest.param({"catchall_supported": False}, {"mailboxes": ()}, "", "bounce@a.example", id="the author"),
    ],
)
def test_where_answers_go(company, rows, reply, bounce):
    found = flow(company, "me@a.example", **rows)
    assert (found.reply, found.bounce) == (reply, bounce)


def test_the_server_is_the_one_that_the_ladder_chooses():
    assert flow().server == SERVER
    assert flow(servers=()).server == CONFIG
    assert flow(servers=(Server(2, "SMTP B", company_id=2),)).server is None


@pytest.mark.parametrize(
    ("rows", "is_fetched"),
    [
        pytest.param({}, True, id="a mailbox of the domain"),
        pytest.param({"mailboxes": ()}, False, id="no mailbox"),
        pytest.param({"mailboxes": (Mailbox(1, "all@else.example", A),)}, False, id="another domain"),
        pytest.param(
            {
                "mailboxes": (Mailbox(1, "all@else.example", A),),
                "domains": (Domain(1, "a.example", A, mailbox_id=1, catchall="catchall"),),
            },
            True,
            id="the domain's incoming server",
        ),
        pytest.param({"mailboxes": (Mailbox(1, "box@a.example", 2),)}, False, id="another company"),
    ],
)
def test_whether_replies_are_fetched(rows, is_fetched):
    assert flow(**rows).is_reply_fetched == is_fetched


def test_the_username_of_a_strict_server_need_not_be_in_the_domain():
    found = flow(servers=(Server(1, "SMTP A", USERNAME, "out@else.example", company_id=A),))
    assert found.bounce == "out@else.example"
    assert not found.is_bounce_fetched


def test_the_mailboxes_of_a_company_come_before_the_shared_ones():
    boxes = (Mailbox(2, "all@x.example"), BOX, Mailbox(3, "BOX@a.example", A), Mailbox(4, "b@b.example", 2))
    assert [box.id for box in flow(mailboxes=boxes).mailboxes] == [1, 2]
