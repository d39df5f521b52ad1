import pytest

from ...incoming.group import (
    Destinations,
    OwnMail,
    addressed,
    answer_address,
    copy_id,
    is_copy_id,
    is_sender,
    original_id,
    own_addresses,
    own_recipients,
    own_references,
    receivers,
)
from ...rows import Company, Domain, Mailbox, Server
from ...table import RoutingTable

A, B, C = 1, 2, 3
TABLE = RoutingTable.build(
    companies=[Company(A), Company(B), Company(C)],
    domains=[
        Domain(11, "a.example", A),
        Domain(12, "b.example", B),
        Domain(13, "c.example", C),
        Domain(14, "all.example"),
    ],
    mailboxes=[
        Mailbox(21, "box@a.example", A),
        Mailbox(22, "box@b.example", B),
        Mailbox(23, "shop@qq.example", B),
        Mailbox(24, "everybody@all.example"),
    ],
    servers=[
        Server(31, "A", login="sender@qq.example", company_id=A),
        Server(32, "B", login="b@qq.example", company_id=B),
    ],
)
SENT = OwnMail("<1@a>", frozenset({A}))
SIGNATURE = "0123456789abcdef" * 4


def to(*emails, header="To"):
    return [(header, email) for email in emails]


def destinations(aliases=(), users=(), answered=()):
    return Destinations(frozenset(aliases), frozenset(users), frozenset(answered))


@pytest.mark.parametrize(
    ("emails", "found", "mailbox", "expected"),
    [
        # an alias, found in B's mailbox, in one without a company, in that of the sender
        (["sales@b.example"], {"aliases": ["sales@b.example"]}, B, (B,)),
        (["sales@b.example"], {"aliases": ["sales@b.example"]}, None, (B,)),
        (["sales@b.example"], {"aliases": ["sales@b.example"]}, A, ()),
        # its own address is no other company's, and one of all companies nobody's
        (["info@a.example"], {"aliases": ["info@a.example"]}, B, ()),
        (["info@all.example"], {"aliases": ["info@all.example"]}, None, ()),
        (["x@elsewhere.example"], {}, B, ()),
        # with an address of the sender beside it
        (["info@a.example", "Sales@b.example"], {"aliases": ["info@a.example", "sales@b.example"]}, B, (B,)),
        # each company that has an alias, that of the mailbox first
        (["x@b.example", "y@c.example"], {"aliases": ["x@b.example", "y@c.example"]}, C, (C, B)),
        # one without an alias has nothing to do with it
        (["x@b.example", "y@c.example"], {"aliases": ["y@c.example"]}, B, (C,)),
        # nothing is meant by any: one company says what is to become of it
        (["x@b.example", "y@c.example"], {}, C, (C,)),
        (["x@b.example", "y@c.example"], {}, None, (B,)),
        # users read their mail elsewhere
        (["bob@b.example"], {"users": ["bob@b.example"]}, B, ()),
        (["bob@b.example"], {"users": ["bob@b.example"], "answered": [B]}, B, ()),
        (["bob@b.example"], {"users": ["bob@b.example"], "aliases": ["bob@b.example"]}, B, (B,)),
        # unless it is the mailbox where answers come back
        (["box@b.example"], {"users": ["box@b.example"]}, B, ()),
        (["box@b.example"], {"users": ["box@b.example"], "answered": [B]}, B, (B,)),
        (["box+abcdefghijklmnopqrs@b.example"], {"answered": [B]}, B, (B,)),
        # a mailbox at a provider, and somebody else's there
        (["shop@qq.example"], {}, B, (B,)),
        (["shop@qq.example"], {}, C, ()),
        (["else@qq.example"], {}, B, ()),
    ],
)
def test_receivers(emails, found, mailbox, expected):
    assert receivers(TABLE, SENT, to(*emails), destinations(**found), mailbox) == expected


def test_what_was_delivered_to_another_company_in_the_senders_mailbox():
    """A catch-all of A may get the mails of B's domain as well; A's own copy went to no address of B."""
    found = destinations(aliases=["sales@b.example"])
    assert receivers(TABLE, SENT, to("sales@b.example", header="Delivered-To"), found, A) == (B,)
    delivered = to("box@a.example", header="X-Original-To") + to("sales@b.example")
    assert receivers(TABLE, SENT, delivered, found, A) == ()


def test_nobody_who_has_it_gets_it():
    mail = OwnMail("<1@a>", frozenset({A, B}))
    assert receivers(TABLE, mail, to("x@b.example", "y@c.example"), destinations(aliases=["x@b.example"]), None) == (C,)


@pytest.mark.parametrize("mailbox", [None, B])
def test_what_no_person_wrote_is_an_answer_or_nothing(mailbox):
    mail = OwnMail("<1@a>", frozenset({A}), is_automatic=True)
    asked = TABLE, mail, to("sales@b.example")
    assert receivers(*asked, destinations(aliases=["sales@b.example"]), mailbox) == ()
    assert receivers(*asked, destinations(), mailbox) == ()
    assert receivers(*asked, destinations(answered=[B]), mailbox) == (B,)


def test_a_note_is_for_nobody_but_who_has_an_alias():
    mail = OwnMail("<1@a>", frozenset({A}), is_internal=True)
    asked = TABLE, mail, to("box@b.example")
    assert receivers(*asked, destinations(), B) == ()
    assert receivers(*asked, destinations(answered=[B], users=["box@b.example"]), B) == ()
    assert receivers(*asked, destinations(aliases=["box@b.example"]), B) == (B,)


def test_the_id_of_a_copy():
    copied = copy_id("<1-openerp-7@a>", SIGNATURE)
    assert is_copy_id(copied)
    assert not is_copy_id("<1-openerp-7@a>")
    assert not is_copy_id(None)
    assert original_id(copied) == original_id("<1-openerp-7@a>") == "<1-openerp-7@a>"


def test_addresses_of_each_company():
    found = addressed(TABLE, to("X@b.example", "y@B.example", "z@c.example", "x@all.example"))
    assert found == {B: {"x@b.example", "y@b.example"}, C: {"z@c.example"}}


def test_a_company_sees_no_address_of_another():
    emails = "sales@b.example", "info@a.example", "x@all.example", "customer@elsewhere.example"
    assert own_recipients(TABLE, to(*emails), B) == tuple(to(emails[0], *emails[2:]))
    assert own_addresses(TABLE, '"S" <sales@b.example>, info@a.example', B) == '"S" <sales@b.example>'


REFERENCES = ["<1@a>", "<2@b>", "<3@c>", "<4@x>", "<5-openerp-loop-detection-bounce-email@a>"]
COPIES = {message_id: copy_id(message_id, SIGNATURE) for message_id in REFERENCES}


def test_references_lead_to_the_companys_own_messages():
    known = {"<1@a>": {A}, COPIES["<1@a>"]: {B}, "<2@b>": {B}, "<3@c>": {C}}
    assert own_references(REFERENCES, known, B, COPIES) == [COPIES["<1@a>"], "<2@b>", *REFERENCES[3:]]
    assert own_references(REFERENCES, known, B, COPIES, is_automatic=True) == [COPIES["<1@a>"], "<2@b>", "<4@x>"]


def test_a_message_of_no_company_is_everybodys():
    assert own_references(["<1@a>"], {"<1@a>": {None}}, B, COPIES) == ["<1@a>"]


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("zy@a.example", True),
        ("x@all.example", True),
        ("sender@qq.example", True),
        ("b@qq.example", False),
        ("bob@b.example", False),
        ("thief@elsewhere.example", False),
        ("", False),
    ],
)
def test_what_mails_of_a_company_leave_from(email, expected):
    assert is_sender(TABLE, A, email) is expected


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ('"A" <catchall@a.example>', "catchall@a.example"),
        ("box+abcdefghijklmnopqrs@a.example", "box+abcdefghijklmnopqrs@a.example"),
        ("thief@elsewhere.example, info@a.example", "info@a.example"),
        ("everybody@all.example", "everybody@all.example"),
        ("box@b.example", ""),
        ("thief@elsewhere.example", ""),
        ("", ""),
    ],
)
def test_where_a_company_wants_answers(reply_to, expected):
    assert answer_address(TABLE, A, reply_to) == expected
