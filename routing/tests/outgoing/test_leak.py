"""What left with something of another company."""

import pytest

from ...outgoing.leak import Leak, find_leaks
from ...rows import Company, Domain, Server
from ...table import RoutingTable

A, B = 1, 2
TABLE = RoutingTable.build(
    companies=[Company(A), Company(B)],
    servers=[Server(1, "a", company_id=A), Server(2, "b", company_id=B), Server(3, "shared"), Server(None, "conf")],
    domains=[Domain(1, "a.com", A), Domain(2, "b.com", B), Domain(3, "s.com")],
)


@pytest.mark.parametrize(
    ("server_id", "wire", "expected"),
    [
        (1, {"from": "Zhi <zhi@a.com>", "envelope": "bounce@a.com"}, []),
        (3, {"from": "zhi@s.com", "reply_to": "zhi@gmail.com", "sender": ""}, []),
        (None, {"from": "zhi@A.COM"}, []),
        (2, {"from": "zhi@a.com"}, [Leak("server", B)]),
        (1, {"from": "zhi@B.com"}, [Leak("from", B)]),
        (1, {"envelope": "bounce@b.com", "reply_to": "x@a.com, y@b.com"}, [Leak("envelope", B), Leak("reply_to", B)]),
        (9, {"from": ""}, []),
    ],
)
def test_what_is_of_another_company_is_named(server_id, wire, expected):
    assert find_leaks(TABLE, {A}, server_id, wire) == expected


def test_a_mail_may_leave_as_several_companies():
    assert find_leaks(TABLE, {A, B}, 2, {"from": "zhi@b.com"}) == []
