"""Each thing that can be wrong is found where it is wrong, and nowhere else."""

from dataclasses import replace

import pytest
from hypothesis import given

from ... import address
from ...health.checks import find_faults
from ...health.fault import SEVERITY, Box, Facts, Fault, Kind
from ...health.flow import usual_flow
from ...outgoing.decision import decide
from ...outgoing.server import as_odoo
from ...rows import USERNAME, Company, Domain, Mailbox, Server
from ...table import RoutingTable
from ..outgoing.test_ladder import groups_and_mails

A, B = 1, 2
CONFIG = Server(None, "odoo.conf")


def group(**changes):
    """Return the rows of two companies that want for nothing, with changes."""
    rows = {
        "companies": (Company(A, domain_id=1), Company(B, domain_id=2)),
        "domains": (
            Domain(1, "a.example", A, mailbox_id=1, bounce="bounce", catchall="catchall"),
            Domain(2, "b.example", B, mailbox_id=2, bounce="bounce", catchall="catchall"),
        ),
        "servers": (
            Server(1, "SMTP A", login="box@a.example", company_id=A),
            Server(2, "SMTP B", login="box@b.example", company_id=B),
        ),
        "mailboxes": (Mailbox(1, "box@a.example", A), Mailbox(2, "box@b.example", B)),
    }
    return {**rows, **changes}


def faults(facts=Facts(), **changes):  # noqa: B008
    """Return what is wrong with the two companies."""
    table = RoutingTable.build(**group(**changes))
    flows = {company_id: usual_flow(table, company_id, CONFIG) for company_id in table.companies}
    return find_faults(table, facts, flows)


def found(*args, **changes):
    return [(fault.kind, fault.company_id, fault.record_id) for fault in faults(*args, **changes)]


def companies(a=None, b=None):
    return Company(A, **{"domain_id": 1, **(a or {})}), Company(B, **{"domain_id": 2, **(b or {})})


A_SERVER, B_SERVER = group()["servers"]
A_DOMAIN, B_DOMAIN = group()["domains"]
A_BOX, B_BOX = group()["mailboxes"]
STRICT = {"catchall_supported": False, "restrict_username": True}
STRICT_A = Server(1, "SMTP A", USERNAME, "box@a.example", company_id=A)

CASES = {
    "the queue is off": ((Facts(is_queue_on=False),), {}, [(Kind.QUEUE_OFF, None, None)]),
    "fetching is off": (
        (Facts(boxes=(Box(1, A),), is_fetching_on=False),),
        {},
        [(Kind.FETCHING_OFF, None, None)],
    ),
    "a company has no server while another has": ((), {"servers": (B_SERVER,)}, [(Kind.CANNOT_SEND, A, None)]),
    "a username that is no address": (
        (),
        {"servers": (Server(1, "A", USERNAME, "kevin", company_id=A), B_SERVER)},
        [(Kind.CANNOT_SEND, A, 1)],
    ),
    "a server stopped": ((Facts(stopped_ids=frozenset({1})),), {}, [(Kind.SERVER_STOPPED, A, 1)]),
    "a server rests": ((Facts(resting_ids=frozenset({2})),), {}, [(Kind.SERVER_RESTS, B, 2)]),
    "a mailbox is in trouble": ((Facts(boxes=(Box(2, B, is_failing=True),)),), {}, [(Kind.MAILBOX_TROUBLE, B, 2)]),
    "a mailbox is not confirmed": (
        (Facts(boxes=(Box(3, A, is_confirmed=False),)),),
        {},
        [(Kind.MAILBOX_UNCONFIRMED, A, 3)],
    ),
    "two companies fetch one mailbox": (
        (),
        {"mailboxes": (A_BOX, B_BOX, Mailbox(3, "BOX@a.example", B))},
        [(Kind.MAILBOX_TWICE, A, 1), (Kind.MAILBOX_TWICE, B, 3)],
    ),
    "Catch All off and no mailbox": (
        (),
        {"companies": companies({"catchall_supported": False}), "mailboxes": (B_BOX,)},
        [(Kind.NO_MAILBOX, A, None)],
    ),
    "nobody fetches the reply domain": (
        (),
        {
            "domains": (Domain(1, "a.example", A, catchall="catchall"), B_DOMAIN),
            "mailboxes": (B_BOX, Mailbox(3, "else@where.example", A)),
        },
        [(Kind.REPLY_NOT_FETCHED, A, 1)],
    ),
    "nobody fetches the bounces": (
        (),
        {"servers": (Server(1, "A", USERNAME, "out@elsewhere.example", company_id=A), B_SERVER)},
        [(Kind.BOUNCE_NOT_FETCHED, A, None)],
    ),
    "an option without a domain": (
        (),
        {"companies": (Company(A, from_by_company=True), companies()[1])},
        [(Kind.NO_DOMAIN, A, None)],
    ),
    "a reply address without a prefix": (
        (),
        {"companies": companies({"reply_to_by_company": True})},
        [(Kind.NO_PREFIX, A, None)],
    ),
    "a domain with a server of another company": (
        (),
        {"domains": (A_DOMAIN, Domain(2, "b.example", B, server_id=1, mailbox_id=2, catchall="catchall"))},
        [(Kind.DOMAIN_SERVER_FOREIGN, B, 2)],
    ),
    "a domain with an archived server": (
        (),
        {
            "servers": (A_SERVER, B_SERVER, Server(3, "Old", active=False, company_id=B)),
            "domains": (A_DOMAIN, Domain(2, "b.example", B, server_id=3, mailbox_id=2, catchall="catchall")),
        },
        [(Kind.DOMAIN_SERVER_OFF, B, 2)],
    ),
    "a server paired with the mailbox of another company": (
        (),
        {"servers": (Server(1, "A", login="box@a.example", company_id=A, mailbox_id=2), B_SERVER)},
        [(Kind.SERVER_MAILBOX_FOREIGN, A, 1)],
    ),
    "a domain of nobody while mails follow their domains": (
        (),
        {
            "companies": companies({"server_by_alias_domain": True}),
            "domains": (A_DOMAIN, B_DOMAIN, Domain(3, "c.example")),
        },
        [(Kind.DOMAIN_WITHOUT_COMPANY, None, 3)],
    ),
    "a second server with the same filter": (
        (),
        {"servers": (A_SERVER, B_SERVER, Server(3, "Second", login="box@a.example", company_id=A))},
        [(Kind.SERVER_UNUSED, A, 3)],
    ),
    "a shared server that nobody needs": (
        (),
        {"servers": (A_SERVER, B_SERVER, Server(3, "Shared"))},
        [(Kind.SERVER_UNUSED, None, 3)],
    ),
}

FINE = {
    "all is set up": ((), {}),
    "nothing is set up": ((), {"companies": (Company(A), Company(B)), "domains": (), "servers": (), "mailboxes": ()}),
    "a server that a template names": (
        (Facts(forced_ids=frozenset({3})),),
        {"servers": (A_SERVER, B_SERVER, Server(3, "Second", login="box@a.example", company_id=A))},
    ),
    "a server that a domain names": (
        (),
        {
            "servers": (A_SERVER, B_SERVER, Server(3, "Second", login="box@a.example", company_id=A)),
            "domains": (
                Domain(1, "a.example", A, server_id=3, mailbox_id=1, bounce="bounce", catchall="catchall"),
                B_DOMAIN,
            ),
        },
    ),
    "a shared server for the company without one": ((), {"servers": (A_SERVER, Server(3, "Shared"))}),
    "a server with a filter of its own": (
        (),
        {"servers": (A_SERVER, B_SERVER, Server(3, "News", company_id=A, from_filter="news.example"))},
    ),
    "one mailbox, two folders": ((), {"mailboxes": (A_BOX, B_BOX, Mailbox(3, "box@a.example", A))}),
    "Catch All off with a mailbox": ((), {"companies": companies(STRICT)}),
    "Catch All off with a shared mailbox": (
        (),
        {"companies": companies(STRICT), "mailboxes": (B_BOX, Mailbox(3, "box@a.example"))},
    ),
    "a domain of nobody while none follows": ((), {"domains": (A_DOMAIN, B_DOMAIN, Domain(3, "c.example"))}),
    "a strict server whose mailbox is fetched": ((), {"servers": (STRICT_A, B_SERVER)}),
}


@pytest.mark.parametrize(("facts", "changes", "expected"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_found_and_nothing_else(facts, changes, expected):
    assert found(*facts, **changes) == expected


@pytest.mark.parametrize(("facts", "changes"), FINE.values(), ids=FINE)
def test_what_is_right_is_no_fault(facts, changes):
    assert found(*facts, **changes) == []


def test_each_kind_has_a_case_and_a_severity():
    assert {kind for _facts, _changes, expected in CASES.values() for kind, _c, _r in expected} == set(Kind)
    assert set(SEVERITY) == set(Kind)


def test_what_a_script_hands_over_need_not_be_fetched():
    table = RoutingTable.build(**group(mailboxes=()))
    for is_scripted, expected in ((False, [Kind.REPLY_NOT_FETCHED] * 2), (True, [])):
        flows = {company_id: usual_flow(table, company_id, CONFIG, "", is_scripted) for company_id in (A, B)}
        assert [fault.kind for fault in find_faults(table, Facts(), flows)] == expected


def test_the_most_urgent_comes_first():
    got = faults(Facts(is_queue_on=False, resting_ids=frozenset({1})), servers=(A_SERVER, Server(3, "Second")))
    assert [fault.severity for fault in got] == sorted((f.severity for f in got), key=("danger", "warning").index)
    assert got[0] == Fault(Kind.QUEUE_OFF)


@given(groups_and_mails())
def test_a_server_that_is_called_unused_is_never_taken(group_and_mail):
    """Whatever the set-up and the mail: what the page says is what the ladder does."""
    table, mail = group_and_mail
    flows = {company_id: usual_flow(table, company_id, CONFIG) for company_id in table.companies}
    unused = {fault.record_id for fault in find_faults(table, Facts(), flows) if fault.kind is Kind.SERVER_UNUSED}
    if table.chooses_servers:
        assert decide(table, replace(mail, server=None)).server_id not in unused
    else:
        assert as_odoo(table, address.first(mail.author), CONFIG)[0].id not in unused
