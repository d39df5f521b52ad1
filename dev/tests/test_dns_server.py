"""What the addon reads in the DNS, from a name server of our own."""

import sys

import pytest

from routing.dns import FAILED, NONE, TIMEOUT, Answer, Resolver
from routing.domain import spf

from ..dns_server import DnsServer

SPF = "v=spf1 include:spf.mail.qq.com " + "ip4:192.0.2.1 " * 30 + "~all"
RECORDS = {
    ("b.cn", "MX"): ["20 Backup.b.cn.", "10 mx1.b.cn."],
    ("b.cn", "TXT"): ['"v=spf1 include:spf.mail.qq.com " ' + '"ip4:192.0.2.1 " ' * 30 + '"~all"', '"site=1"'],
    ("xn--fsqu00a.cn", "MX"): ["10 mx.b.cn."],
    ("nomail.cn", "MX"): ["0 ."],
    ("www.b.cn", "CNAME"): ["b.cn."],
    ("b.cn", "A"): ["192.0.2.7"],
}


@pytest.fixture(scope="module")
def resolver():
    with DnsServer(RECORDS, silent={"silent.cn"}, broken={"broken.cn"}) as server:
        yield Resolver(server.address, timeout=0.3)


@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("b.cn", "MX", Answer(("mx1.b.cn", "backup.b.cn"))),
        ("B.CN", "MX", Answer(("mx1.b.cn", "backup.b.cn"))),
        ("例子.cn", "MX", Answer(("mx.b.cn",))),
        ("nomail.cn", "MX", Answer((".",))),
        ("b.cn", "TXT", Answer(("site=1", SPF))),
        ("b.cn", "A", Answer(("192.0.2.7",))),
        ("www.b.cn", "CNAME", Answer(("b.cn",))),
        ("b.cn", "AAAA", Answer(problem=NONE)),
        ("gone.cn", "MX", Answer(problem=NONE)),
        ("silent.cn", "MX", Answer(problem=TIMEOUT)),
        ("broken.cn", "MX", Answer(problem=FAILED)),
        ("b.cn", "NOKIND", Answer(problem=FAILED)),
        ("a b", "MX", Answer(problem=NONE)),
        ("", "MX", Answer(problem=NONE)),
        ("a." * 200, "MX", Answer(problem=NONE)),
    ],
)
def test_what_is_read(resolver, name, kind, answer):
    assert resolver.lookup(name, kind) == answer


def test_a_server_that_is_not_there():
    with DnsServer() as server:
        address = server.address
    assert Resolver(address, timeout=0.3).lookup("b.cn", "MX").problem in (TIMEOUT, FAILED)


@pytest.mark.parametrize("nameserver", ["nonsense", "127.0.0.1:many", "[::1", ":"])
def test_nonsense_as_a_name_server_fails_in_words(nameserver):
    assert Resolver(nameserver, timeout=0.3).lookup("b.cn", "MX").problem


def test_without_dnspython_nothing_is_read(monkeypatch):
    monkeypatch.setitem(sys.modules, "dns.resolver", None)
    resolver = Resolver()
    assert not resolver.available
    assert resolver.lookup("b.cn", "MX") == Answer(problem=FAILED)


def test_a_drip_is_given_up():
    with DnsServer({("b.cn", "TXT"): ['"v=spf1 -all"']}, dripping={"b.cn"}) as server:
        assert Resolver(server.address, timeout=1).lookup("b.cn", "TXT") == Answer(problem=TIMEOUT)
        assert ("b.cn", "TXT") in server.asked[1:], "asked by TCP as well"
    assert not server.ended


def chain(length):
    """Return the records of a domain whose SPF leads to as many others, each with many hosts."""
    names = ["b.cn", *(f"n{number}.cn" for number in range(length))]
    records = {
        (name, "TXT"): [f'"v=spf1 mx:{name} include:{following} -all"']
        for name, following in zip(names, [*names[1:], "b.cn"], strict=True)
    }
    hosts = {(name, "MX"): [f"{number} mx{number}.{name}." for number in range(50)] for name in names}
    return records | hosts


@pytest.mark.parametrize("length", [0, 1, 30])
def test_a_chain_of_spf_ends(length):
    """By the number of its terms (RFC 7208, section 4.6.4), each with ten hosts at most."""
    with DnsServer(chain(length)) as server:
        found = spf.read(Resolver(server.address).lookup, "b.cn")
    assert found.problem in (spf.TOO_MANY, spf.VOID)
    assert len(server.asked) <= spf.MOST_LOOKUPS * (2 + 2 * spf.MOST_HOSTS)


def test_a_slow_chain_of_spf_ends_with_the_time_for_all_of_it():
    """Each answer takes a little less than one may."""
    now = [1000.0]

    def wait(_name, _kind):
        now[0] += 4

    records = {key: value for key, value in chain(30).items() if key[1] == "TXT"}
    texts = {key: [value[0].replace(f"mx:{key[0]} ", "")] for key, value in records.items()}
    with DnsServer(texts, before=wait) as server:
        resolver = Resolver(server.address, timeout=5, seconds=30, clock=lambda: now[0])
        assert spf.read(resolver.lookup, "b.cn").problem == TIMEOUT
    assert len(server.asked) == 8


def test_a_look_up_has_what_is_left_of_the_time(monkeypatch):
    now = [1000.0]
    resolver = Resolver("127.0.0.1:1", timeout=5, seconds=30, clock=lambda: now[0])
    for waited, lifetime in ((0, 5), (27, 3)):
        now[0] = 1000.0 + waited
        assert resolver._resolver().lifetime == lifetime
    now[0] = 1030.0
    monkeypatch.setattr(resolver, "_resolver", None)
    assert resolver.lookup("b.cn", "TXT") == Answer(problem=TIMEOUT)
