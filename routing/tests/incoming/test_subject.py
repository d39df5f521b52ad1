"""Subjects are the same whatever a mail program puts in front of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...incoming.subject import is_answer, normalise


@pytest.mark.parametrize(
    "answer",
    [
        "Order S01",
        "Re: Order S01",
        "RE:Order S01",
        "re : order  s01 ",
        "Fwd: Re: Order S01",
        "AW: WG: Order S01",
        "回复：Order S01",
        "答复: 转发： Re[2]: Order S01",
        "回复(3)：Order S01",
        "Re^2: Order S01",
        "Re:\n Order\tS01",
    ],
)
def test_prefixes_do_not_count(answer):
    assert normalise(answer) == "order s01"


@pytest.mark.parametrize("other", ["Order S01 cancelled", "Reorder: Order S01", "S01", "关于回复：Order S01"])
def test_other_words_do(other):
    assert normalise(other) != "order s01"


@pytest.mark.parametrize("empty", [None, "", "  ", "Re:", "Re: 回复："])
def test_nothing_is_left_of_prefixes_alone(empty):
    assert normalise(empty) == ""


def test_an_answer_is_told_by_its_prefix():
    assert is_answer("回复：退信")
    assert not is_answer("退信")


PREFIXES = st.lists(st.sampled_from(["Re: ", "FW:", "回复：", "答复: ", "Aw: ", "RE[2]:", "Réf : "]), max_size=5)


@given(st.text(), PREFIXES)
def test_any_number_of_prefixes(text, prefixes):
    assert normalise("".join(prefixes) + text) == normalise(text)


@given(st.lists(st.sampled_from(["re", "AW", " ", "[", "2", "]", ":", "："]) | st.text(max_size=3)).map("".join))
def test_twice_is_once(text):
    assert not is_answer(normalise(text))
    assert normalise(normalise(text)) == normalise(text)
