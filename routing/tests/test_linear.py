"""What strangers write may be endless: reading it takes a time that grows with its length, and not with the square."""

import re
from contextlib import suppress

import pytest

from .. import address
from . import growth, readers
from .readers import COMMON, READERS, WITHOUT_READER, text_of


def prepared(reader, worst):
    """Return what prepares a reader's call for a size."""

    def prepare(size):
        arguments = reader.arguments(text_of(worst, size))
        for cache in readers.caches():
            cache.cache_clear()

        def call():
            with suppress(address.BadAddress):
                reader.function(*arguments)

        return call

    return prepare


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reading_takes_linear_time(reader):
    found = {worst: growth.complaint(prepared(reader, worst)) for worst in dict.fromkeys((*COMMON, *reader.worst))}
    assert not {worst: text for worst, text in found.items() if text}


def test_a_module_that_reads_has_a_reader():
    """Else a new one would be forgotten."""
    measured = {reader.function.__module__.partition("routing.")[2] for reader in READERS}
    missing = readers.with_functions() - measured
    assert missing == WITHOUT_READER, "Add a line to READERS, or a name to WITHOUT_READER"


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(re.compile(r"\s*(a)?\s*:").match, id="two repetitions side by side"),
        pytest.param(re.compile(r"[^<]+@").search, id="a search that begins everywhere"),
        pytest.param(lambda text: [text[place:].count("a") for place in range(len(text))], id="a loop that cuts"),
    ],
)
def test_a_square_is_seen(planted, monkeypatch):
    monkeypatch.setattr(growth, "ATTEMPTS", 1)
    monkeypatch.setattr(growth, "SIZES", growth.ALL_SIZES)
    found = [growth.complaint(lambda size, worst=worst: lambda: planted(worst * size)) for worst in " a"]
    assert any(found)


def test_linear_time_is_fine():
    assert not growth.complaint(lambda size: lambda: [text.upper() for text in "a" * size])


def test_an_endless_name_is_cut_in_front_of_our_address():
    name = address.display_name("Kevin " * 20_000)
    assert name == ("Kevin " * 20_000)[: address.LONGEST_NAME].strip()


def test_an_address_behind_an_endless_name_is_found():
    [entry] = address.parse(f'"{"a" * 100_000}" <kevin@a.com>')
    assert entry == ("a" * address.LONGEST_RAW_NAME, "kevin@a.com")


@pytest.mark.parametrize("colon", ["Sales: ", '"Sales: all" <all@a.com>, '])
def test_a_long_group_has_all_its_members(colon):
    emails = [f"kevin{number}@a.com" for number in range(2_000)]
    assert [entry.email for entry in address.parse(f"{colon}{', '.join(emails)};")][-2_000:] == emails


@pytest.mark.parametrize("text", ["(" * 5_000, "a:" * 2_000, "=?punycode?q?a-9?= <a@b.cn>", "a@" + "\u4f8b" * 64])
def test_what_nobody_writes_is_read_all_the_same(text):
    assert len(address.parse(text)) <= 1
    assert isinstance(address.parse_name(text), str)
