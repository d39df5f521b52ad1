"""What the addon reads in the DNS, from a name server of our own."""

import sys

import pytest

from routing.dns import FAILED, NONE, TIMEOUT, Answer, Resolver

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
