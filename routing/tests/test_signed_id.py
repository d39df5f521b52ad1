import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..signed_id import read_id, unsigned, write_id

SIGNATURE = "0123456789abcdef" * 4
IDS = st.from_regex(r"<[^<>\s]{1,60}@[^<>\s]{1,60}>", fullmatch=True)


@given(IDS, st.integers(0, 10**12 - 1))
def test_what_is_written_is_read(message_id, company_id):
    read = read_id(write_id(message_id, company_id, SIGNATURE))
    assert read == (message_id, company_id, SIGNATURE[:32])


@given(st.text())
def test_any_text_is_read(text):
    assert read_id(text) is None
    assert unsigned(text) == text


def test_a_mail_without_a_company():
    assert read_id(write_id("<1@a>", None, SIGNATURE)).company_id == 0


@pytest.mark.parametrize("message_id", ["", "1@a", "<>", "<1@a", "<1@a> <2@a>", f"<{'1' * 1000}@a>"])
def test_what_is_no_message_id_is_not_signed(message_id):
    assert write_id(message_id, 1, SIGNATURE) == ""


def test_the_id_of_a_copy_is_none():
    assert read_id("<mcr-0123456789abcdef-1-openerp-7@a>") is None
