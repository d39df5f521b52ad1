"""Several companies: which address, which server, which reply address; and the promise over random groups."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ... import address
from ...outgoing.author import moved_addresses
from ...outgoing.decision import RoutingRequest, decide
from ...reason import Reason
from ...rows import AUTO, KEEP, ON_BEHALF, USERNAME, Company, Domain, Identity, Mailbox, Server
from ...table import RoutingTable

A, B = 1, 2
ZY = 7  # a user who works for both
# Of the promise; all of them where it is proved.
DRAWS = 10_000 if os.environ.get("MCR_ALL") else 1_000


def group(a=None, b=None, **rows):
    """Return the table of a group: A sends from a.com, B from b.com and c.com, each through a server of its own."""
    domains = {
        A: [Domain(1, "a.com", A, catchall="catchall", bounce="bounce", default_from="notify")],
        B: [
            Domain(2, "b.com", B, catchall="catchall", bounce="bounce", default_from="notify"),
            Domain(3, "c.com", B, catchall="catchall", bounce="bounce", reply_domain_id=2),
        ],
    }
    values = {
        "companies": [
            Company(A, **{"domain_id": 1, **(a or {})}),
            Company(B, **{"domain_id": 2, **(b or {})}),
        ],
        "servers": [
            Server(1, "Server A", login="box@a.com", company_id=A),
            Server(2, "Server B", login="box@b.com", company_id=B),
        ],
        "domains": [*domains[A], *domains[B]],
        **rows,
    }
    return RoutingTable.build(**values)


def mail(company_id=A, author='"ZY" <zy@a.com>', member=(A, B), **values):
    """Return a mail that the user ZY wrote; Odoo has made up a Reply-To."""
    values = {"user_id": ZY, "reply_to": "catchall@old.com", "catchall_only": frozenset({"catchall@old.com"}), **values}
    return RoutingRequest(
        company_id,
        author=author,
        user_emails=tuple(entry.email for entry in address.parse(author)),
        user_company_ids=member,
        **values,
    )


def header_from(route, sent):
    return address.first(route.header_from or sent.author)


@pytest.mark.parametrize(("company_id", "server_id", "domain"), [(A, 1, "a.com"), (B, 2, "b.com")])
def test_each_company_has_its_server_and_its_catchall(company_id, server_id, domain):
    route = decide(group(), mail(company_id, f"zy@{domain}"))
    assert route.server_id == server_id
    assert route.reply_to == f"catchall@{domain}"
    assert route.domain_id == company_id


def test_an_identity_of_the_company_is_taken():
    table = group(identities=[Identity(ZY, A, "zy@a.com"), Identity(ZY, B, "zy@b.com"), Identity(ZY, B, "zy@c.com")])
    sent = mail(B, "ZY <zy@a.com>")
    assert decide(table, sent).header_from == '"ZY" <zy@b.com>'
    assert decide(table, mail(B, "ZY <zy@c.com>")).header_from is None


def test_an_identity_does_not_speak_for_a_template():
    """The template's sales@b.com is nobody's own address and stays."""
    table = group(identities=[Identity(ZY, B, "zy@b.com")])
    sent = RoutingRequest(B, author="Sales <sales@b.com>", user_id=ZY, user_emails=("zy@a.com",))
    assert decide(table, sent).header_from is None


@pytest.mark.parametrize(
    ("author", "user_id", "expected"),
    [
        ("ZY <zy@gmail.com>", ZY, '"ZY" <zy@b.com>'),
        ("Customer <who@gmail.com>", None, '"Customer" <notify@b.com>'),
        ("OdooBot", None, '"OdooBot" <notify@b.com>'),
        ("", None, "notify@b.com"),
        ('"who@gmail.com" <who@gmail.com>', None, '"who" <notify@b.com>'),
        ('"ZY (zy@gmail.com)" <zy@gmail.com>', ZY, '"ZY" <zy@b.com>'),
        ("ZY <zy@c.com>", ZY, None),
    ],
)
def test_mail_from_by_company(author, user_id, expected):
    table = group(b={"from_by_company": True})
    assert decide(table, RoutingRequest(B, author=author, user_id=user_id)).header_from == expected


@pytest.mark.parametrize(
    ("owners", "identities", "expected"),
    [
        ({"ceo@b.com": {8}}, [], '"ZY" <notify@b.com>'),
        ({"ceo@b.com": {ZY, 8}}, [], '"ZY" <CEO@b.com>'),
        ({}, [Identity(8, B, "ceo@b.com")], '"ZY" <notify@b.com>'),
        ({}, [Identity(8, A, "Ceo@b.com")], '"ZY" <notify@b.com>'),
        ({}, [], '"ZY" <CEO@b.com>'),
    ],
)
def test_nobody_is_moved_onto_anothers_address(owners, identities, expected):
    table = group(b={"from_by_company": True}, identities=identities)
    sent = mail(B, '"ZY" <CEO@gmail.com>', owners=owners)
    assert moved_addresses(table, sent) == {"ceo@b.com"}
    assert decide(table, sent).header_from == expected


def test_a_followed_company_is_asked_for_as_well():
    table = group(b={"from_by_company": True}, a={"server_by_reply_to": True})
    assert moved_addresses(table, mail(A, "zy@gmail.com")) == {"zy@b.com"}
    assert moved_addresses(table, mail(A, "zy@gmail.com", user_id=None)) == set()


@pytest.mark.parametrize(
    ("author", "expected"),
    [('"ceo@x.com" <zy@b.com>', "zy@b.com"), ("=?utf-8?q?Ann_=28ceo=40x=2Ecom=29?= <zy@b.com>", '"Ann" <zy@b.com>')],
)
def test_a_name_loses_its_address_where_the_author_stays(author, expected):
    assert decide(group(), mail(B, author)).header_from == expected


def test_without_the_toggle_the_author_stays():
    assert decide(group(), mail(B, "ZY <zy@gmail.com>")).header_from is None


def test_another_companys_address_does_not_stay():
    route = decide(group(), mail(B, "ZY <zy@a.com>"))
    assert route.header_from == '"ZY" <zy@b.com>'
    assert dict(route.trace)["author"] == Reason.AUTHOR_BROUGHT_HOME


def test_the_servers_own_address_stands_in_where_the_company_has_no_other():
    table = group(domains=[Domain(1, "a.com", A)], a={"domain_id": None}, b={"domain_id": None})
    route = decide(table, RoutingRequest(B, author="ZY <zy@a.com>"))
    assert route.header_from == '"ZY" <box@b.com>'
    assert dict(route.trace)["author"] == Reason.AUTHOR_AS_SERVER


@pytest.mark.parametrize("policy", [KEEP, ON_BEHALF])
def test_an_internationalized_domain_goes_out_in_ascii(policy):
    """Odoo writes a header that no mail program reads: zy@=?utf-8?b?5L6L5a2Q?=.cn."""
    table = group(
        servers=[Server(1, "Server A", policy, login="box@a.com", company_id=A)],
        domains=[Domain(1, "xn--fsqu00a.cn", A, catchall="catchall")],
    )
    sent = RoutingRequest(A, author='"张三" <zy@例子.cn>', reply_to='"张三" <me@例子.cn>')
    route = decide(table, sent)
    assert route.header_from == '"张三" <zy@xn--fsqu00a.cn>'
    assert route.reply_to == '"张三" <me@xn--fsqu00a.cn>'


def test_a_name_that_is_not_ascii_changes_no_header():
    route = decide(group(), RoutingRequest(A, author='"张三" <zy@a.com>', reply_to="李四 <li@a.com>"))
    assert (route.header_from, route.reply_to) == (None, None)


def test_the_authors_domain_leads_a_member_into_another_company():
    table = group(a={"server_by_alias_domain": True})
    followed = decide(table, mail(A, "zy@c.com"))
    assert (followed.server_id, followed.company_id, followed.header_from) == (2, B, None)
    not_a_member = decide(table, mail(A, "zy@c.com", member=(A,)))
    assert (not_a_member.server_id, not_a_member.company_id) == (1, A)


def test_a_domain_may_have_a_server_of_its_own():
    table = group(
        b={"server_by_alias_domain": True},
        servers=[Server(2, "B", company_id=B), Server(3, "C", company_id=B)],
        domains=[Domain(2, "b.com", B), Domain(3, "c.com", B, server_id=3)],
    )
    assert decide(table, mail(B, "zy@c.com")).server_id == 3
    assert decide(table, mail(B, "zy@b.com")).server_id == 2


def test_the_reply_address_may_choose_the_server():
    table = group(
        b={"server_by_reply_to": True},
        servers=[Server(2, "B", company_id=B), Server(3, "C", company_id=B)],
        domains=[
            Domain(2, "b.com", B, catchall="catchall"),
            Domain(3, "c.com", B, catchall="catchall", server_id=3),
            Domain(4, "d.com", B, reply_domain_id=3),
        ],
    )
    assert decide(table, mail(B, "zy@d.com")).server_id == 3


@pytest.mark.parametrize(
    ("author", "identities", "expected"),
    [
        ("ZY <zy@c.com>", [], "zy@c.com"),
        ("ZY <zy@a.com>", [], "zy@b.com"),
        ("ZY <zy@a.com>", [Identity(ZY, B, "zy@c.com")], "zy@c.com"),
    ],
)
def test_the_author_goes_along_into_another_company(author, identities, expected):
    """The mail leaves as B, so it leaves with the author's address there."""
    table = group(a={"server_by_reply_to": True}, identities=identities)
    sent = mail(A, author, reply_to="boss@c.com")
    route = decide(table, sent)
    assert (route.server_id, route.company_id, header_from(route, sent)) == (2, B, expected)


def test_replies_are_moved_to_the_reply_domain():
    assert decide(group(), mail(B, "zy@c.com")).reply_to == "catchall@b.com"


def test_reply_to_by_company_puts_the_prefix_before_the_domain():
    table = group(b={"reply_to_by_company": True, "reply_to_prefix": "info"})
    assert decide(table, mail(B, "zy@b.com")).reply_to == "info@b.com"
    assert decide(table, mail(B, "zy@b.com", reply_to="zy@b.com")).reply_to == "info@b.com"
    assert decide(table, mail(B, "zy@b.com", reply_to="sales@b.com")).reply_to is None


def test_an_alias_moves_to_the_companys_domain():
    sent = mail(B, "zy@b.com", reply_to="orders@old.com", aliases=frozenset({"orders@old.com"}))
    assert decide(group(), sent).reply_to == "orders@b.com"


@pytest.mark.parametrize("bad", ["in\nfo", "in\rfo", "in\x07fo", "info@x", "in, fo", "info@b.com, x"])
@pytest.mark.parametrize("field", ["prefix", "catchall", "bounce"])
def test_a_name_that_breaks_an_address_does_not_leave(field, bad):
    """A form refuses it; an import by SQL does not."""
    names = {"catchall": "catchall", "bounce": "bounce", field: bad}
    names.pop("prefix", None)
    prefix = {"reply_to_by_company": True, "reply_to_prefix": bad} if field == "prefix" else {}
    table = group(b=prefix, domains=[Domain(2, "b.com", B, **names)])
    assert decide(table, mail(B, "zy@b.com")).failure == "bad_name"


def test_a_name_that_is_not_used_stops_no_mail():
    table = group(
        b={"catchall_supported": False, "restrict_username": True},
        domains=[Domain(2, "b.com", B, catchall="x\x07", bounce="x\x07")],
    )
    assert not decide(table, mail(B, "zy@b.com")).failure


def test_no_server_fails_and_takes_no_other_companys():
    route = decide(group(servers=[Server(2, "Server B", company_id=B)]), mail(A))
    assert (route.failure, route.server_id, route.company_id) == ("no_server", None, A)


def test_a_forced_server_of_another_company_fails():
    foreign = Server(2, "Server B", company_id=B)
    assert decide(group(), mail(A, server=foreign)).failure == "foreign_server"


@pytest.mark.parametrize(
    ("company_id", "from_filter", "smtp_from"),
    [(B, "b.com", "notify@b.com"), (B, "gmail.com", None), (B, "", None), (None, "b.com", None)],
)
def test_a_forced_server_gets_the_author_unless_the_companys_filter_says_no(company_id, from_filter, smtp_from):
    server = Server(2, "B", company_id=company_id, from_filter=from_filter)
    assert decide(group(), mail(B, "ZY <zy@gmail.com>", server=server)).smtp_from == smtp_from


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (("", "a.com", "zy@a.com"), 2),
        (("", "a.com", "notify@a.com"), 1),
        (("x.com", "notify@a.com", ""), 1),
        (("x.com", "", ""), 1),
        (("x.com", "y.com", "z.com"), 0),
    ],
)
def test_a_companys_servers_are_tried_in_odoos_order(filters, expected):
    servers = [Server(i, "S", company_id=A, from_filter=text) for i, text in enumerate(filters)]
    assert decide(group(servers=servers), mail(A)).server_id == expected


def test_a_shared_server_that_fits_comes_before_one_of_the_company_that_does_not():
    servers = [Server(1, "Own", company_id=A, from_filter="x.com"), Server(2, "Shared")]
    assert decide(group(servers=servers), mail(A)).server_id == 2


COMPANIES = (1, 2, 3)
# No mail server takes it before the @.
BAD_NAME = "in fo"


@st.composite
def groups_and_mails(draw):
    """Draw a group of three companies with any options, and a mail of one of them."""
    owners = st.sampled_from((*COMPANIES, None))
    domains = [
        Domain(
            i,
            f"d{i}.com",
            draw(owners),
            catchall=draw(st.sampled_from(["", "catchall", "catchall", "catchall", BAD_NAME])),
            bounce=draw(st.sampled_from(["", "bounce", "bounce", "bounce", BAD_NAME])),
            default_from=draw(st.sampled_from(["", "notify"])),
        )
        for i in range(1, 5)
    ]

    def usable(company_id):
        return [None, *(d.id for d in domains if d.company_id in (company_id, None))]

    domains = [
        Domain(**{**vars(d), "reply_domain_id": draw(st.sampled_from(usable(d.company_id)))}) if d.company_id else d
        for d in domains
    ]
    # nothing has an address that could replace an author's
    is_bare = not draw(st.integers(0, 3))
    servers = []
    for i in range(1, draw(st.integers(2, 6))):
        owner = draw(owners)
        login_domain = draw(st.sampled_from([d.name for d in domains if d.company_id in (owner, None)] + ["out.com"]))
        servers.append(
            Server(
                i,
                f"S{i}",
                policy=draw(st.sampled_from([AUTO, KEEP, ON_BEHALF, USERNAME])),
                login="box"
                if is_bare
                else f"box{i}@{login_domain}"
                if owner
                else draw(st.sampled_from(["box@out.com", "box"])),
                company_id=owner,
                mailbox_id=draw(st.sampled_from([None, 1, 2])),
                from_filter=draw(st.sampled_from(["", "d1.com", "d2.com", "zy@d3.com", "notify@d1.com"])),
            )
        )
    domains = [Domain(**{**vars(d), "server_id": draw(st.sampled_from([None, 1, 2, 3]))}) for d in domains]
    flag = st.booleans()
    companies = [
        Company(i, *(draw(flag), draw(flag), draw(flag), draw(st.sampled_from(["", "info"])), *(draw(flag),) * 1))
        for i in COMPANIES
    ]
    companies = [
        Company(
            **{
                **vars(company),
                "server_by_alias_domain": draw(flag),
                "server_by_reply_to": draw(flag),
                "domain_id": None if is_bare else draw(st.sampled_from(usable(company.id))),
            }
        )
        for company in companies
    ]
    mailboxes = [
        Mailbox(1, f"fetched@d{draw(st.integers(1, 4))}.com", sub_address=draw(flag)),
        Mailbox(2, "fetched@out.com", draw(owners), sub_address=draw(flag)),
    ]
    owner_of = {d.name: d.company_id for d in domains}
    mailboxes = [
        Mailbox(**{**vars(m), "company_id": owner_of.get(address.domain(m.email), m.company_id)}) for m in mailboxes
    ]
    identities = [Identity(ZY, d.company_id, f"zy@{d.name}") for d in domains if d.company_id and draw(flag)]
    table = RoutingTable.build(companies, servers, mailboxes, domains, identities)
    author_domain = draw(st.sampled_from([*owner_of, "gmail.com"]))
    author = draw(st.sampled_from(["", f"zy@{author_domain}", f'"Zhi" <zy@{author_domain}>']))
    made_up = draw(st.sampled_from([f"catchall@{name}" for name in owner_of]))
    sent = RoutingRequest(
        draw(st.sampled_from(COMPANIES)),
        server=draw(st.sampled_from([None, None, *servers])),
        author=author,
        reply_to=draw(st.sampled_from([made_up, author])),
        catchall_only=frozenset({made_up}),
        user_id=draw(st.sampled_from([ZY, None])),
        user_emails=tuple(entry.email for entry in address.parse(author)),
        user_company_ids=tuple(draw(st.sets(st.sampled_from(COMPANIES)))),
        token=draw(st.sampled_from(["", "abcdefghijklmnopqrst"])),
    )
    return table, sent


def test_no_mail_leaves_by_or_as_another_company():
    """The promise: a server of its own company or a shared one, and no other company's domain anywhere.

    What does not leave fails for a reason that is true.
    """
    seen = set()

    @settings(max_examples=DRAWS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(groups_and_mails())
    def check(group_and_mail):
        table, sent = group_and_mail
        route = decide(table, sent)
        seen.add(route.failure)
        assert route.company_id == sent.company_id or route.company_id in sent.user_company_ids
        if route.failure:
            assert FAILURES[route.failure](table, sent, route), route
        else:
            check_written(table, sent, route)

    check()
    assert seen == {"", *FAILURES}


def check_written(table, sent, route):
    """Check a mail that leaves."""
    server = table.servers[route.server_id]
    assert server.company_id in (route.company_id, None)
    domain = table.domains.get(route.domain_id)
    written = {
        "From": route.header_from or sent.author,
        "session": route.smtp_from,
        "Sender": route.sender,
        "envelope": route.envelope_from or (domain and domain.email(domain.bounce)),
        "Return-Path": route.return_path,
        "Reply-To": sent.reply_to if route.reply_to is None else route.reply_to,
    }
    for where, text in written.items():
        for entry in address.parse(text):
            assert not table.is_foreign(entry.email, route.company_id), (where, entry.email, route)


def has_no_server(table, sent, route):
    return not sent.server and not any(server.serves(route.company_id) for server in table.records)


def has_foreign_server(_table, sent, route):
    return sent.server and not sent.server.serves(route.company_id)


def has_no_sender(table, sent, route):
    """The author is of another company, and neither this one nor the server has an address instead."""
    own = table.servers[route.server_id].sender
    return (
        route.policy != USERNAME
        and table.is_foreign(address.first(sent.author), route.company_id)
        and not table.default_from(route.company_id)
        and (not own or table.is_foreign(own, route.company_id))
    )


def has_unknown_sender(table, _sent, route):
    return route.policy != KEEP and not table.servers[route.server_id].sender


def has_bad_name(table, _sent, route):
    company = table.company(route.company_id)
    names = {company.reply_to_prefix} | {name for d in table.domains.values() for name in (d.catchall, d.bounce)}
    return BAD_NAME in names


FAILURES = {
    "bad_name": has_bad_name,
    "foreign_server": has_foreign_server,
    "no_sender": has_no_sender,
    "no_server": has_no_server,
    "unknown_sender": has_unknown_sender,
}
