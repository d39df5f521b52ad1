import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...mailbox import imap_folder


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", "INBOX"),
        ("Sent Items", "Sent Items"),
        ("订单", "&i6JTVQ-"),
        ("A & B", "A &- B"),
        # the example of RFC 3501, 5.1.3
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ],
)
def test_names_on_the_wire(name, wire):
    assert imap_folder.encode(name) == wire
    assert imap_folder.decode(wire) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_comes_back(name):
    wire = imap_folder.encode(name)
    assert wire.isascii() and wire.isprintable()
    assert imap_folder.decode(wire) == name


@given(st.lists(st.sampled_from(["&", "-", "i6JTVQ", "AAA", "2D", "+,", "a", " "])).map("".join) | st.text())
def test_no_answer_of_a_server_raises(wire):
    imap_folder.decode(wire)


def test_quotes_are_escaped():
    assert imap_folder.quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


def test_a_list_of_folders():
    lines = [
        b'(\\HasNoChildren) "/" "INBOX"',
        b'(\\Noselect \\HasChildren) "/" "[Gmail]"',
        b'() "." &i6JTVQ-',
        (b'() "/" {9}', b'a "quoted"'),
        None,
        b"rubbish",
    ]
    assert imap_folder.listed(lines) == ["INBOX", "订单", 'a "quoted"']
