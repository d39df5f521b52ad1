"""Address headers on the wire: legal lines, and the name that went in comes out."""

import email
import email.policy
import re
from email.header import decode_header, make_header
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.mime.text import MIMEText
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ...address import Address, display_name
from ...outgoing.header import set_address_header, set_words_header
from .. import strategies


def on_the_wire(*addresses):
    """Return the raw lines of a From header with these addresses."""
    message = EmailMessage(policy=email.policy.SMTP)
    set_address_header(message, "From", ", ".join(map(str, addresses)))
    message.set_content("body")
    return re.split(rb"\r\n(?=[A-Za-z])", message.as_bytes())[0]


def read_back(raw):
    """Read a header as RFC 5322 and RFC 2047 have it: addresses first, then the encoded words in each name."""
    unfolded = raw.decode("ascii").partition(":")[2].replace("\r\n", "")
    return [(str(make_header(decode_header(name))), email) for name, email in getaddresses([unfolded])]


NAMES = [
    "Kevin",
    "Chen, Zhi",
    "作者 0, Co.",
    "A" * 300,
    "陈" * 300,
    "陈 志 " * 75,
    "😀" * 100,
    'a, b "c" \\ d ' * 20,
    "x " * 150 + ", y",
    '"',
    "=?utf-8?q?not_encoded?=",
    "O'Neil & Söhne; (GmbH)",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:12])
def test_awkward_names_arrive_whole(name):
    name = display_name(name)
    raw = on_the_wire(Address(name, "kevin@example.com"))
    assert read_back(raw) == [(name, "kevin@example.com")]
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@given(strategies.authors)
def test_any_name_arrives_whole(author):
    name = display_name(author.name)
    raw = on_the_wire(Address(name, author.email))
    assert read_back(raw) == [(name, author.email)]


@given(strategies.authors, strategies.authors)
def test_lines_are_legal(one, other):
    raw = on_the_wire(*(Address(display_name(a.name), a.email) for a in (one, other)))
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert all(len(line) <= 78 for line in lines)
    assert all(line.startswith(b" ") and line.strip() for line in lines[1:])
    assert all(len(word) <= 75 for word in re.findall(rb"=\?.*?\?=", raw))
    assert [email for _name, email in read_back(raw)] == [one.email, other.email]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:12])
def test_a_message_of_the_older_kind_reads_the_same(name):
    name = display_name(name)
    message = MIMEText("body")
    set_address_header(message, "From", str(Address(name, "kevin@example.com")))
    raw = re.split(rb"\n(?=[A-Z\n])", message.as_bytes().partition(b"From")[2])[0]
    assert read_back(raw.replace(b"\n", b"\r\n")) == [(name, "kevin@example.com")]


def test_the_header_still_reads_decoded():
    message = EmailMessage(policy=email.policy.SMTP)
    set_address_header(message, "From", '"作者, Co." <kevin@example.com>')
    assert message["From"].addresses[0].display_name == "作者, Co."


def test_long_ids_are_not_encoded():
    message = EmailMessage(policy=email.policy.SMTP)
    words = ["<" + "1" * 90 + "@b.example>", "a" * 64]
    set_words_header(message, "X-Ids", "replaced")
    set_words_header(message, "X-Ids", " ".join(words))
    raw = message.as_bytes()
    assert f"X-Ids: {words[0]}\r\n {words[1]}\r\n".encode() in raw
    assert email.message_from_bytes(raw, policy=email.policy.SMTP)["X-Ids"] == " ".join(words)


def test_an_older_message_takes_ids():
    message = MIMEText("body")
    set_words_header(message, "X-Ids", "<1@b.example> abc")
    assert email.message_from_bytes(message.as_bytes())["X-Ids"].split() == ["<1@b.example>", "abc"]


def test_an_id_that_is_not_ascii_does_not_stop_a_mail():
    message = EmailMessage(policy=email.policy.SMTP)
    set_words_header(message, "X-Ids", "<订单@b.example> abc")
    assert email.message_from_bytes(message.as_bytes(), policy=email.policy.SMTP)["X-Ids"].startswith("<订单@b")


def as_set(text):
    """Return the From header that this text becomes."""
    message = EmailMessage(policy=email.policy.SMTP)
    set_address_header(message, "From", text)
    return message["From"]


# Texts near those that are read at once.
NEARLY_USUAL = st.one_of(
    strategies.authors.map(str),
    st.from_regex(r'("[ a\u00e4.,@()<>=?\u00a0\u200b-]{0,8}" ?)?<?[a.+_-]{1,5}@[a.-]{1,5}>?', fullmatch=True),
)


@given(NEARLY_USUAL)
@example('"Kevin" <kevin@example.com>')
@example("kevin@example.com")
@example('"=?utf-8?q?Kevin?=" <kevin@example.com>')
@example('"two  spaces" <kevin@example.com>')
@example('" " <kevin@example.com>')
@example("a..b@example.com")
@example('"kevin@other.example" <kevin@example.com>')
def test_a_mailbox_reads_as_the_standard_library_reads_it(text):
    theirs, ours = HeaderRegistry()("From", text), as_set(text)
    assert ours == theirs
    assert ours.groups == theirs.groups
    assert list(map(str, ours.defects)) == list(map(str, theirs.defects))


def test_a_usual_mailbox_is_not_parsed(monkeypatch):
    """Parsing takes longer than all else that a route does to a mail."""
    monkeypatch.setattr("email._header_value_parser.get_address_list", None)
    header = as_set('"Chen, Zhi" <zhi.usual@example.com>')
    assert [(a.display_name, a.addr_spec) for a in header.addresses] == [("Chen, Zhi", "zhi.usual@example.com")]
