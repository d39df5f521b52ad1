"""A token in a sub-address leads to its message, and no other text does."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import address
from ..token import add_token, is_genuine, make_token, read_number, split_token
from . import strategies

NUMBERS = st.integers(1, 2**53)


def signature(number, secret="ours"):
    return hashlib.sha256(f"{secret}{number}".encode()).hexdigest()


@given(NUMBERS)
def test_a_token_leads_back_to_its_number(number):
    token = make_token(number, signature(number))
    assert read_number(token) == number
    assert is_genuine(token, signature(number))
    assert read_number(token.upper()) == number
    assert is_genuine(token.upper(), signature(number))


@given(NUMBERS, NUMBERS)
def test_a_signature_of_another_number_or_database_is_not_genuine(number, other):
    token = make_token(number, signature(number))
    assert not is_genuine(token, signature(number, "theirs"))
    assert other == number or not is_genuine(token, signature(other))


@given(NUMBERS, st.data())
def test_a_changed_token_is_not_genuine(number, data):
    token = make_token(number, signature(number))
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
    changed = token[:place] + letter + token[place + 1 :]
    claimed = read_number(changed)
    assert changed == token or not is_genuine(changed, signature(claimed))


@given(NUMBERS)
def test_the_sub_address_is_an_address_of_the_same_mailbox(number):
    token = make_token(number, signature(number))
    email = add_token("info@a.com", token)
    assert address.find(email) == email
    assert split_token(email) == ("info@a.com", token)


@pytest.mark.parametrize("email", ["info+sales@a.com", "info@a.com", f"+{'a' * 20}@a.com", "info+@a.com", ""])
def test_other_addresses_have_no_token(email):
    assert split_token(email) == (email, "")


@pytest.mark.parametrize("email", [f"{'b' * 60}@a.com", "info+sales@a.com"])
def test_a_mailbox_without_room_stays_as_it_is(email):
    assert add_token(email, make_token(7, signature(7))) == email


def test_no_token_changes_nothing():
    assert add_token("info@a.com", "") == "info@a.com"


# A token of ours, what looks like one, and anything else, by itself and in an address.
MARKS = st.builds(lambda number: make_token(number, signature(number)), NUMBERS) | st.text("abz27+@", max_size=40)
SUB_ADDRESSES = st.builds("{}+{}@{}".format, strategies.local_parts, MARKS, strategies.domains)


@given(MARKS | SUB_ADDRESSES | strategies.emails | st.text())
def test_any_text_may_be_asked(text):
    """What is taken off an address is a token; with it put back, it is the address again."""
    assert read_number(text) is None or not is_genuine(text, signature(0))
    box, token = split_token(text)
    local, _at, domain = box.rpartition("@")
    assert box == text if not token else text == f"{local}+{token}@{domain}"
    assert not token or read_number(token) is not None
