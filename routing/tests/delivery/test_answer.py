"""Each answer of a server has the class that the table says, whatever bytes it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...delivery.answer import TEXT_LIMIT, classify
from ...delivery.answer_class import CONSEQUENCES, PRECEDENCE, AnswerClass
from . import answers

ROWS = list(answers.rows())
STAGES = st.sampled_from(["", "connect", "login", "mail", "rcpt", "data", "another"])
# Anything, and the words of real answers in any order, so that rules meet that never meet in one answer.
PIECES = st.lists(st.sampled_from(sorted({word for row in ROWS for word in row[4].split()})), max_size=30)
TEXTS = st.one_of(st.text(), st.binary(), PIECES.map(" ".join))
CODES = st.one_of(st.none(), st.integers(-1, 999), st.integers())


@pytest.mark.parametrize(("name", "provider", "stage", "code", "text"), ROWS)
def test_an_answer_has_its_class(name, provider, stage, code, text):
    answer = classify(code, text.encode(), stage)
    assert answer.answer_class == AnswerClass[name], f"{provider}: {code} {text}"


@pytest.mark.parametrize(
    ("stage", "classes", "code", "text", "whose"),
    [*answers.published("answers.tsv"), *answers.published("more_answers.tsv")],
)
def test_a_published_answer_has_one_of_its_classes(stage, classes, code, text, whose):
    answer = classify(code, text.encode(), stage)
    assert answer.answer_class.value in classes, f"{whose}: {answer.rule}"


def test_every_class_has_answers_consequence_and_rank():
    assert {row[0] for row in ROWS} == {name.name for name in AnswerClass}
    assert set(CONSEQUENCES) == set(PRECEDENCE) == set(AnswerClass)
    assert len(PRECEDENCE) == len(AnswerClass)


@pytest.mark.parametrize(
    ("code", "text", "waits", "rests", "stops"),
    [
        (553, "Mail from must equal authorized user", False, False, False),
        (550, "5.1.1 User unknown", False, False, False),
        (552, "5.2.2 mailbox full", True, False, False),
        (554, "DT:SPM", False, False, False),
        (451, "Greylisted", True, False, False),
        (421, "too many connections", True, True, False),
        (550, "Sending suspended for this account", True, True, False),
        (535, "authentication failed", True, False, True),
        (421, "closing", True, True, False),
        (554, "Transaction failed", False, False, False),
        (None, "", True, True, False),
    ],
)
def test_what_becomes_of_mail_and_server(code, text, waits, rests, stops):
    answer = classify(code, text)
    assert (answer.is_temporary, answer.server_rests, answer.server_stops) == (waits, rests, stops)


def test_the_status_is_read_wherever_it_stands_but_not_out_of_other_numbers():
    assert classify(550, "5.7.60; no").enhanced == "5.7.60"
    assert classify(550, "#5.7.1 Your access was rejected").enhanced == "5.7.1"
    assert classify(550, "sorry, no mailbox here by that name (#5.1.1)").enhanced == "5.1.1"
    assert classify(550, "blocked, host 4.5.1.2 and 14.5.1 and 2.4.5.1").enhanced == ""


def test_an_answer_of_several_lines_becomes_one_without_its_status_repeated():
    text = b"4.2.1 The user is receiving mail at a rate that\r\n4.2.1 prevents additional messages"
    answer = classify(450, text, "rcpt")
    assert str(answer) == "450 4.2.1 The user is receiving mail at a rate that prevents additional messages"


def test_a_status_is_kept_where_lines_differ():
    assert classify(550, "5.7.1 no\n5.1.1 really").text == "5.7.1 no 5.1.1 really"


def test_chinese_is_read_in_both_encodings():
    words = "收件人邮箱已满"
    for encoding in ("utf-8", "gb18030"):
        assert classify(552, words.encode(encoding), "rcpt").text == words
    assert classify(535, "Error: 请使用授权码登录".encode("gbk"), "login").text == "Error: 请使用授权码登录"


def test_a_long_answer_in_utf8_stays_utf8_where_it_is_cut():
    for start in ("", "a", "ab"):
        assert set(classify(550, (start + "满" * 5000).encode()).text) <= set("ab满")


def test_what_a_database_cannot_store_is_left_out():
    assert classify(550, "a\0b\x1b[31m\ud800c").text == "a b [31m c"


@given(CODES, TEXTS, STAGES)
def test_any_answer_has_a_class_and_a_short_line(code, text, stage):
    answer = classify(code, text, stage)
    assert isinstance(answer.answer_class, AnswerClass)
    assert len(answer.text) <= TEXT_LIMIT
    assert answer.text == " ".join(answer.text.split())
    answer.text.encode()


@given(st.integers(400, 499), TEXTS, STAGES)
def test_a_4xx_never_fails_a_mail_for_good(code, text, stage):
    answer = classify(code, text, stage)
    assert answer.is_temporary or answer.answer_class == AnswerClass.SENDER


@given(st.integers(400, 599), TEXTS, st.sampled_from(["connect", "login"]))
def test_what_is_said_before_the_mail_fails_no_mail(code, text, stage):
    assert classify(code, text, stage).is_temporary


@given(st.one_of(st.none(), st.integers(max_value=399), st.integers(min_value=600)), TEXTS, STAGES)
def test_an_answer_that_is_none_is_of_the_connection(code, text, stage):
    assert classify(code, text, stage).answer_class == AnswerClass.CONNECTION


@given(TEXTS)
def test_what_lies_behind_the_cut_is_not_read(text):
    start = b"x " * 5000
    tail = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    assert classify(550, start + tail) == classify(550, start)
