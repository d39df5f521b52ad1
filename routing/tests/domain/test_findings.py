"""What is said about a domain, for the servers that send its mails."""

import pytest

from ...domain.findings import DMARC, ERROR, NOTE, OK, SPF, WARNING, Question, Sender, What, examine
from .test_records import zone

GOOD = {
    ("b.cn", "MX"): "mxbiz1.qq.com",
    "b.cn": "v=spf1 include:spf.mail.qq.com -all",
    "spf.mail.qq.com": "v=spf1 ip4:198.51.100.0/24 -all",
    "_dmarc.b.cn": "v=DMARC1; p=reject",
    "s1._domainkey.b.cn": "v=DKIM1; p=MIGf",
}
EXMAIL = Sender("Exmail", "smtp.exmail.qq.com", "b.cn", "b.cn")
QUESTION = Question("b.cn", (EXMAIL,), ("imap.exmail.qq.com",), "s1")


def whats(report):
    return [(finding.level, finding.what) for finding in report.findings]


def examined(changes=(), silent=(), **question):
    """Return the report about a good domain with other records, or without those that are None."""
    records = {key: texts for key, texts in {**GOOD, **dict(changes)}.items() if texts}
    return examine(zone(records, silent), QUESTION._replace(**question))


def test_a_good_domain_has_nothing_to_mend():
    report = examined()
    assert whats(report) == [
        (OK, What.MX_FITS),
        (OK, What.SPF_NAMES),
        (OK, What.DKIM_FOUND),
        (OK, What.DMARC_ALIGNED),
    ]
    assert (report.level, report.publish) == (OK, {})


@pytest.mark.parametrize(
    ("changes", "level", "what", "published"),
    [
        ({"b.cn": None}, ERROR, What.SPF_NONE, "v=spf1 include:spf.mail.qq.com ~all"),
        ({"b.cn": "v=spf1 mx -all"}, ERROR, What.SPF_LACKS, "v=spf1 mx include:spf.mail.qq.com -all"),
        (
            {"b.cn": ["v=spf1 mx -all", "v=spf1 include:spf.mail.qq.com -all"]},
            ERROR,
            What.SPF_SEVERAL,
            "v=spf1 include:spf.mail.qq.com mx -all",
        ),
        ({"b.cn": f"v=spf1 {'a ' * 11}-all", ("b.cn", "A"): "192.0.2.1"}, ERROR, What.SPF_TOO_MANY, None),
        ({"b.cn": "v=spf1 a a:1.cn a:2.cn include:spf.mail.qq.com -all"}, ERROR, What.SPF_VOID, None),
        ({"b.cn": "v=spf1 oops:x -all"}, ERROR, What.SPF_SYNTAX, None),
        ({"b.cn": "v=spf1 include:gone.cn -all"}, ERROR, What.SPF_BROKEN, None),
        ({"b.cn": "v=spf1 include:spf.mail.qq.com +all"}, WARNING, What.SPF_ALL, None),
        (
            {"b.cn": "v=spf1 exists:%{i}.b.cn -all"},
            NOTE,
            What.SPF_UNCLEAR,
            "v=spf1 exists:%{i}.b.cn include:spf.mail.qq.com -all",
        ),
    ],
)
def test_spf(changes, level, what, published):
    report = examined(changes)
    assert (level, what) in whats(report)
    assert report.publish.get(SPF) == (published and ("b.cn", published))


def test_a_host_of_ones_own_is_named_by_its_addresses():
    own = EXMAIL._replace(host="smtp.b.cn")
    changes = {("smtp.b.cn", "A"): "192.0.2.5", "b.cn": "v=spf1 ip4:192.0.2.0/24 -all"}
    assert (OK, What.SPF_NAMES) in whats(examined(changes, senders=(own,)))
    report = examined(changes | {"b.cn": "v=spf1 -all"}, senders=(own,))
    assert (WARNING, What.SPF_UNKNOWN) in whats(report)
    assert report.publish[SPF] == ("b.cn", "v=spf1 a:smtp.b.cn -all")


def test_a_relay_on_odoos_machine_sends_from_an_address_that_nobody_knows():
    report = examined({"b.cn": "v=spf1 -all"}, senders=(EXMAIL._replace(host=""),))
    assert (NOTE, What.SPF_LOCAL) in whats(report)
    assert SPF not in report.publish


def test_a_host_that_is_an_address_is_named_by_it():
    own = (EXMAIL._replace(host="192.0.2.5"),)
    assert (OK, What.SPF_NAMES) in whats(examined({"b.cn": "v=spf1 ip4:192.0.2.0/24 -all"}, senders=own))
    assert examined({"b.cn": "v=spf1 -all"}, senders=own).publish[SPF][1] == "v=spf1 ip4:192.0.2.5 -all"


@pytest.mark.parametrize(
    ("changes", "level", "what"),
    [
        ({"_dmarc.b.cn": None}, WARNING, What.DMARC_NONE),
        ({"_dmarc.b.cn": "v=DMARC1; p=x"}, ERROR, What.DMARC_SYNTAX),
        ({"_dmarc.b.cn": ["v=DMARC1; p=none"] * 2}, ERROR, What.DMARC_SEVERAL),
    ],
)
def test_dmarc(changes, level, what):
    report = examined(changes)
    assert (level, what) in whats(report)
    assert report.publish[DMARC] == ("_dmarc.b.cn", "v=DMARC1; p=none")


@pytest.mark.parametrize(
    ("policy", "selector", "level", "what"),
    [
        ("reject", "", ERROR, What.DMARC_APART),
        ("quarantine", "", ERROR, What.DMARC_APART),
        ("none", "", WARNING, What.DMARC_APART_UNHARMED),
        ("reject", "s1", WARNING, What.DMARC_BY_DKIM),
        ("none", "s1", NOTE, What.DMARC_BY_DKIM),
    ],
)
def test_an_envelope_of_another_domain_fails_dmarc(policy, selector, level, what):
    """On behalf: From is the author's, the envelope the username's."""
    sender = EXMAIL._replace(envelope_domain="a.cn")
    changes = {"_dmarc.b.cn": f"v=DMARC1; p={policy}", "a.cn": GOOD["b.cn"]}
    assert (level, what) in whats(examined(changes, senders=(sender,), selector=selector))


def test_a_username_of_another_domain_is_judged_by_that_domains_records():
    """From and envelope are both the username's, so they are aligned."""
    sender = EXMAIL._replace(header_domain="a.cn", envelope_domain="a.cn")
    report = examined({"a.cn": GOOD["b.cn"], "_dmarc.a.cn": "v=DMARC1; p=reject", "b.cn": None}, senders=(sender,))
    assert (NOTE, What.LEAVES_ELSEWHERE) in whats(report)
    assert (OK, What.SPF_NAMES) in whats(report)
    assert (OK, What.DMARC_ALIGNED) in whats(report)
    assert not report.publish


@pytest.mark.parametrize(
    ("changes", "question", "level", "what"),
    [
        ({("b.cn", "MX"): None}, {}, ERROR, What.MX_NONE),
        ({("b.cn", "MX"): "."}, {}, ERROR, What.MX_REFUSES),
        ({("b.cn", "MX"): "mx.other.cn"}, {}, WARNING, What.MX_ELSEWHERE),
        ({}, {"mailbox_hosts": ()}, NOTE, What.MX_FOUND),
        ({}, {"selector": ""}, NOTE, What.DKIM_NO_SELECTOR),
        ({}, {"selector": "s2"}, ERROR, What.DKIM_NONE),
        ({"s1._domainkey.b.cn": "v=DKIM1; p="}, {}, ERROR, What.DKIM_REVOKED),
        ({"s1._domainkey.b.cn": "v=DKIM1"}, {}, ERROR, What.DKIM_SYNTAX),
        ({}, {"senders": (Sender("Exmail", failure="No server."),)}, ERROR, What.NOT_SENT),
    ],
)
def test_mx_keys_and_servers(changes, question, level, what):
    assert (level, what) in whats(examined(changes, **question))


def test_a_name_server_that_does_not_answer_proves_nothing():
    names = ["b.cn", "s1._domainkey.b.cn", "_dmarc.b.cn"]
    report = examined(silent=names)
    assert whats(report) == [(WARNING, What.NO_ANSWER)] * 4
    assert not report.publish
